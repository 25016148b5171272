// The words of a link, and what was changed in them: the one writer of both. An edit is made by naming the rule and the
// reason, and is an entry of the log by that, so that a word cannot change unseen.
//
// Example:
//   Edits edits(call.arguments);
//   edits.Drop(3, RuleId::kDropRdynamic, "a static program has no dynamic symbol table");
//   edits.Append({"-static"}, RuleId::kForceStatic, "final link of an executable");
//   edits.Words();  // what the driver is given
//   edits.log();    // what `explain` shows
//
// It owns copies of all it is given. A line on which nothing is called keeps its words as they were. Nothing fails:
// an index that is not of the line is a fault of the caller's.
#ifndef CGO_LD_SHIM_RULES_EDITS_H_
#define CGO_LD_SHIM_RULES_EDITS_H_

#include <functional>
#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "plan/plan.h"
#include "rules/rule_id.h"
#include "symbols/evidence.h"

namespace cgo_ld_shim::rules {

// One use of a rule.
struct Edit {
  RuleRef rule;
  std::vector<std::string> before;  // words removed; empty: something was added
  std::vector<std::string> after;   // words added; empty: something was removed
  std::string because;              // one sentence without a full stop: "final link of an executable"
  std::vector<symbols::Evidence> evidence;
};

// One element of a driver's line.
struct LinkWord {
  invocation::Argument argument;
  std::string path;  // for inputs and libraries: the resolved file; empty: not known
};

// An object or library that a rule adds behind the last input of the user's.
struct NewInput {
  std::vector<std::string> words;  // empty: a file that is there already, for another reason as well
  std::string path;                // the file; empty: not known
  std::string library;             // NAME of -lNAME; empty: named by path
  std::string shown;               // as the log has it; empty: the words
  int place = -1;                  // among what is added or moved; the smallest first
  int group = -1;                  // neighbours of one group stand in --start-group … --end-group; -1: in none
};

class Edits {
 public:
  Edits() = default;  // of no line
  explicit Edits(const std::vector<invocation::Argument>& arguments);
  // With the files that the plan has found for them.
  Edits(const invocation::Invocation& call, const plan::LinkPlan& plan);
  // A line that is begun from another link's, whose log goes on.
  Edits(const std::vector<LinkWord>& line, std::vector<Edit> log);

  // The line as it was.
  size_t size() const { return slots_.size(); }
  const invocation::Argument& argument(size_t i) const { return slots_[i].word.argument; }
  const std::string& path(size_t i) const { return slots_[i].word.path; }

  void Drop(size_t argument, RuleId rule, const std::string& because);
  // The argument and the one after it, which are one thing to the user: `shown`.
  void DropPair(size_t argument, const std::string& shown, RuleId rule, const std::string& because);
  void Replace(size_t argument, const LinkWord& with, RuleId rule, const std::string& because,
               const std::vector<symbols::Evidence>& evidence = {});
  // Flags behind all else. `shown`: what the log says instead of the words; empty: the words.
  void Append(const std::vector<std::string>& words, RuleId rule, const std::string& because,
              const std::vector<symbols::Evidence>& evidence = {}, const std::string& shown = "");
  void AddInput(const NewInput& input, RuleId rule, const std::string& because,
                const std::vector<symbols::Evidence>& evidence = {});
  // Inputs of the line stand behind its last one, in the order of their places; `repeats` stand there once more.
  struct Move {
    size_t argument;
    int place, group;
  };
  void Reorder(const std::vector<Move>& moves, const std::vector<NewInput>& repeats, RuleId rule,
               const std::string& because);
  // The words stay, and somebody else reads them.
  void ByAnother(RuleId rule, const std::string& because, const std::vector<symbols::Evidence>& evidence = {});

  // Takes edits back: their words are as they were before, and the log no longer has them.
  void TakeBack(const std::function<bool(const Edit&)>& which);

  std::vector<LinkWord> Line() const;
  std::vector<std::string> Words() const;
  const std::vector<Edit>& log() const { return log_; }

 private:
  struct Slot {  // an argument of the line as it was
    LinkWord word;
    bool dropped = false, replaced = false, moved = false;
    LinkWord instead;
    int edit = -1;  // of log_: who dropped or replaced it
  };
  struct Placed {  // behind the last input
    LinkWord word;
    int slot = -1;  // a moved argument; -1: `word`
    int place = -1, group = -1, edit = -1;
  };
  struct Appended {
    LinkWord word;
    int edit = -1;
  };

  void Place(const NewInput& input, int edit);
  // Appends to the log, joining uses of one rule with one reason (twenty repeated -lpthread are one line of it).
  int Log(Edit edit);
  const LinkWord& Current(const Slot& slot) const { return slot.replaced ? slot.instead : slot.word; }
  void EmitPlaced(std::vector<LinkWord>* line) const;

  std::vector<Slot> slots_;
  size_t inputs_end_ = 0;  // what is placed stands before this slot
  std::vector<Placed> placed_;
  std::vector<Appended> appended_;
  std::vector<Edit> log_;
  int groups_ = 0;  // numbers of -Wl,a,b groups that are in use
};

}  // namespace cgo_ld_shim::rules

#endif  // CGO_LD_SHIM_RULES_EDITS_H_
