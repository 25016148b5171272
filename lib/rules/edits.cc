#include "rules/edits.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "invocation/arguments.h"

namespace cgo_ld_shim::rules {
namespace {

using invocation::ArgType;
using invocation::Argument;

LinkWord LinkerFlag(const std::string& option) {
  return {{.type = ArgType::kLinker, .value = option, .words = {absl::StrCat("-Wl,", option)}}, ""};
}

}  // namespace

Edits::Edits(const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    slots_.push_back({.word = {argument, ""}});
    groups_ = std::max(groups_, argument.group + 1);
  }
  inputs_end_ = slots_.size();
}

Edits::Edits(const std::vector<LinkWord>& line, std::vector<Edit> log) : log_(std::move(log)) {
  for (const LinkWord& word : line) {
    slots_.push_back({.word = word});
    groups_ = std::max(groups_, word.argument.group + 1);
  }
  inputs_end_ = slots_.size();
}

Edits::Edits(const invocation::Invocation& call, const plan::LinkPlan& plan) : Edits(call.arguments) {
  size_t last = slots_.size();
  for (const plan::PlanInput& input : plan.inputs) {
    if (input.argument < 0) continue;
    const auto place = static_cast<size_t>(input.argument);
    slots_[place].word.path = input.path;
    last = last == slots_.size() ? place : std::max(last, place);
  }
  inputs_end_ = std::min(last + 1, slots_.size());
}

int Edits::Log(Edit edit) {
  for (size_t i = 0; i < log_.size(); ++i) {
    Edit& have = log_[i];
    // `-framework X` beside another one could not be told apart.
    const bool alike = have.rule == edit.rule && have.because == edit.because && edit.before.size() <= 1;
    if (alike && edit.evidence.empty() && have.evidence.empty()) {
      have.before.insert(have.before.end(), edit.before.begin(), edit.before.end());
      have.after.insert(have.after.end(), edit.after.begin(), edit.after.end());
      return static_cast<int>(i);
    }
  }
  log_.push_back(std::move(edit));
  return static_cast<int>(log_.size()) - 1;
}

void Edits::Drop(size_t argument, RuleId rule, const std::string& because) {
  Slot& slot = slots_[argument];
  if (slot.dropped) return;
  slot.dropped = true;
  slot.edit = Log({rule, Current(slot).argument.words, {}, because, {}});
}

void Edits::DropPair(size_t argument, const std::string& shown, RuleId rule, const std::string& because) {
  slots_[argument].dropped = slots_[argument + 1].dropped = true;
  slots_[argument].edit = slots_[argument + 1].edit = Log({rule, {shown}, {}, because, {}});
}

void Edits::Replace(size_t argument, const LinkWord& with, RuleId rule, const std::string& because,
                    const std::vector<symbols::Evidence>& evidence) {
  Slot& slot = slots_[argument];
  slot.edit = Log({rule, Current(slot).argument.words, with.argument.words, because, evidence});
  slot.replaced = true;
  slot.instead = with;
}

void Edits::Append(const std::vector<std::string>& words, RuleId rule, const std::string& because,
                   const std::vector<symbols::Evidence>& evidence, const std::string& shown) {
  const int edit = Log({rule, {}, shown.empty() ? words : std::vector<std::string>{shown}, because, evidence});
  int groups = 0;
  for (Argument& argument : invocation::TypeArguments(words)) {
    groups = std::max(groups, argument.group + 1);
    if (argument.group >= 0) argument.group += groups_;
    appended_.push_back({{std::move(argument), ""}, edit});
  }
  groups_ += groups;
}

void Edits::Place(const NewInput& input, int edit) {
  if (input.words.empty()) return;
  Argument argument{.type = ArgType::kInput, .value = input.path, .words = input.words};
  if (!input.library.empty()) argument = {.type = ArgType::kLibrary, .value = input.library, .words = input.words};
  placed_.push_back(
      {.word = {std::move(argument), input.path}, .place = input.place, .group = input.group, .edit = edit});
  std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
}

void Edits::AddInput(const NewInput& input, RuleId rule, const std::string& because,
                     const std::vector<symbols::Evidence>& evidence) {
  Place(input,
        Log({rule, {}, input.shown.empty() ? input.words : std::vector<std::string>{input.shown}, because, evidence}));
}

void Edits::Reorder(const std::vector<Move>& moves, const std::vector<NewInput>& repeats, RuleId rule,
                    const std::string& because) {
  Edit edit{.rule = rule, .because = because};
  std::vector<Move> in_line = moves;
  std::sort(in_line.begin(), in_line.end(), [](const Move& a, const Move& b) { return a.argument < b.argument; });
  constexpr int kThis = -2;  // not yet in the log
  for (const Move& move : in_line) {
    Slot& slot = slots_[move.argument];
    if (slot.dropped) continue;
    const std::vector<std::string>& words = Current(slot).argument.words;
    edit.before.insert(edit.before.end(), words.begin(), words.end());
    slot.moved = true;
    placed_.push_back(
        {.slot = static_cast<int>(move.argument), .place = move.place, .group = move.group, .edit = kThis});
  }
  for (const NewInput& repeat : repeats) Place(repeat, kThis);
  std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
  for (const Placed& placed : placed_) {
    const LinkWord& word = placed.slot < 0 ? placed.word : Current(slots_[static_cast<size_t>(placed.slot)]);
    edit.after.insert(edit.after.end(), word.argument.words.begin(), word.argument.words.end());
  }
  const int entry = Log(std::move(edit));
  for (Placed& placed : placed_) {
    if (placed.edit == kThis) placed.edit = entry;
  }
}

void Edits::ByAnother(RuleId rule, const std::string& because, const std::vector<symbols::Evidence>& evidence) {
  Log({rule, {}, {}, because, evidence});
}

void Edits::TakeBack(const std::function<bool(const Edit&)>& which) {
  std::vector<int> now(log_.size(), -1);  // where each entry is afterwards
  std::vector<Edit> kept;
  for (size_t i = 0; i < log_.size(); ++i) {
    if (which(log_[i])) continue;
    now[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(log_[i]));
  }
  log_ = std::move(kept);
  const auto renumber = [&](int* edit) {
    if (*edit >= 0) *edit = now[static_cast<size_t>(*edit)];
    return *edit >= 0;
  };
  for (Slot& slot : slots_) {
    if (slot.edit >= 0 && !renumber(&slot.edit)) slot.dropped = slot.replaced = false;
  }
  std::erase_if(placed_, [&](Placed& placed) {
    const bool stays = renumber(&placed.edit);
    if (!stays && placed.slot >= 0) slots_[static_cast<size_t>(placed.slot)].moved = false;
    return !stays;
  });
  std::erase_if(appended_, [&](Appended& appended) { return !renumber(&appended.edit); });
}

void Edits::EmitPlaced(std::vector<LinkWord>* line) const {
  int group = -1;
  for (const Placed& one : placed_) {
    if (one.slot >= 0 && slots_[static_cast<size_t>(one.slot)].dropped) continue;
    if (one.group != group && group >= 0) line->push_back(LinkerFlag("--end-group"));
    if (one.group != group && one.group >= 0) line->push_back(LinkerFlag("--start-group"));
    group = one.group;
    line->push_back(one.slot < 0 ? one.word : Current(slots_[static_cast<size_t>(one.slot)]));
  }
  if (group >= 0) line->push_back(LinkerFlag("--end-group"));
}

std::vector<LinkWord> Edits::Line() const {
  std::vector<LinkWord> line;
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (i == inputs_end_) EmitPlaced(&line);
    const Slot& slot = slots_[i];
    if (!slot.dropped && !slot.moved) line.push_back(Current(slot));
  }
  if (inputs_end_ == slots_.size()) EmitPlaced(&line);
  for (const Appended& appended : appended_) line.push_back(appended.word);
  return line;
}

std::vector<std::string> Edits::Words() const {
  std::vector<Argument> arguments;
  for (LinkWord& word : Line()) arguments.push_back(std::move(word.argument));
  return invocation::Spell(arguments);
}

}  // namespace cgo_ld_shim::rules
