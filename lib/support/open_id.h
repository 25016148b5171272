// An id of one of our tables, or a text that no row has: records of another version hold such ones, and they are kept
// and shown.
//
// Example:
//   using RuleRef = support::OpenId<RuleId>;
//   RuleRef rule = RuleId::kForceStatic;          // rule.text() is "force-static"
//   RuleRef other = RuleRef::FromText("as-read"); // no id; its text is "as-read"
//   if (rule == RuleId::kForceStatic) …
//
// Beside `enum class Id` stand two functions: `absl::string_view Name(Id)`, and `std::optional<Id> FindId(Id,
// absl::string_view)`, whose first argument only says which enum is meant.
#ifndef CGO_LD_SHIM_SUPPORT_OPEN_ID_H_
#define CGO_LD_SHIM_SUPPORT_OPEN_ID_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

template <class Id>
class OpenId {
 public:
  OpenId() = default;         // nothing: an empty text
  OpenId(Id id) : id_(id) {}  // implicit: an id is what it mostly holds
  static OpenId FromText(absl::string_view text) {
    OpenId result;
    result.id_ = FindId(Id{}, text);
    if (!result.id_) result.text_ = std::string(text);
    return result;
  }

  std::optional<Id> id() const { return id_; }
  std::string text() const { return id_ ? std::string(Name(*id_)) : text_; }

  friend bool operator==(const OpenId& a, const OpenId& b) { return a.id_ == b.id_ && a.text_ == b.text_; }

 private:
  std::optional<Id> id_;
  std::string text_;  // empty where there is an id
};

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_OPEN_ID_H_
