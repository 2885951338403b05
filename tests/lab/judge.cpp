// SPDX-License-Identifier: Apache-2.0
#include "lab/judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/contradictions.hpp"

namespace connfate::lab {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& line, std::string_view name) {
  const auto found = line.find(std::string(name));
  if (found == line.end()) return "-";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

FieldOf fields_of(const Json& line) {
  return [&line](std::string_view name) { return text_of(line, name); };
}

FieldOf fields_of(const harness::LogLine& line) {
  return [&line](std::string_view name) {
    if (name == "status") return std::to_string(line.status);
    const std::string value = line.field(name);
    return value.empty() ? "-" : value;
  };
}

bool has_evidence(const Json& line, const std::string& words) {
  return std::ranges::any_of(line.value("evidence", Json::array()), [&](const Json& statement) {
    return statement.get<std::string>().find(words) != std::string::npos;
  });
}

void compare(const ExpectedLine& expected, const FieldOf& field_of, const std::string& where,
             std::vector<std::string>& problems) {
  for (const FieldRule& rule : expected.fields) {
    if (holds(rule, field_of)) continue;
    problems.push_back(
        fmt::format("{}: {}, but it is {}", where, to_words(rule), field_of(rule.name)));
  }
}

void compare_count(std::size_t expected, std::size_t found, const char* what,
                   std::vector<std::string>& problems) {
  if (expected == found) return;
  problems.push_back(fmt::format("{} {} expected, {} found", expected, what, found));
}

void check_log(const Promise& promise, const Testimony& said, std::vector<std::string>& problems) {
  compare_count(promise.log.size(), said.log.size(), "access-log lines", problems);
  for (std::size_t i = 0; i < std::min(promise.log.size(), said.log.size()); ++i) {
    compare(promise.log[i], fields_of(said.log[i]), fmt::format("log line {}", i + 1), problems);
  }
}

void check_final(const Promise& promise, const Testimony& said,
                 std::vector<std::string>& problems) {
  compare_count(promise.final.size(), said.final.size(), "final lines", problems);
  for (const Json& line : said.final) {
    for (const std::string& words : harness::contradictions_in(line)) {
      problems.push_back(fmt::format("a final line contradicts itself: {}", words));
    }
  }
  for (std::string& words : harness::contradictions_among(said.final)) {
    problems.push_back(std::move(words));
  }
  for (std::size_t i = 0; i < std::min(promise.final.size(), said.final.size()); ++i) {
    const std::string where = fmt::format("final line {}", i + 1);
    compare(promise.final[i], fields_of(said.final[i]), where, problems);
    for (const std::string& words : promise.final[i].evidence) {
      if (has_evidence(said.final[i], words)) continue;
      problems.push_back(fmt::format("{}: the evidence does not say \"{}\"", where, words));
    }
  }
}

/// True when something was said that the story forbids.
bool check_never(const Story& story, const Testimony& said, std::vector<std::string>& problems) {
  const std::size_t before = problems.size();
  for (const FieldRule& rule : story.never) {
    const auto forbid = [&](const FieldOf& field_of, const char* where) {
      if (holds(rule, field_of)) {
        problems.push_back(fmt::format("{} must never say: {}", where, to_words(rule)));
      }
    };
    for (const auto& line : said.log) forbid(fields_of(line), "the log");
    for (const auto& line : said.final) forbid(fields_of(line), "the final line");
  }
  return problems.size() > before;
}

/// `named` by connfate against what the lab knows.
Mark mark_of(std::string_view named, std::string_view truth) {
  if (named == truth) return Mark::kRight;
  const bool nobody = named == "unknown" || named == "peer" || named == "-";
  return nobody ? Mark::kUndecided : Mark::kWrong;
}

bool is_text(const std::string& value) {
  return !value.starts_with("< ") && !value.starts_with("> ");
}

/// A line as it is, and as it may have been: where packets race, a promise has several values.
template <typename Line>
class Account {
 public:
  Account(const Line& line, const ExpectedLine* promised) : line_(line), promised_(promised) {}

  std::vector<std::string> values(std::string_view name) const {
    const FieldRule* rule = promised_ == nullptr ? nullptr : promised_->find(name);
    const std::string is = fields_of(line_)(name);
    const bool races = rule != nullptr && std::ranges::all_of(rule->values, is_text) &&
                       std::ranges::find(rule->values, is) != rule->values.end();
    return races ? rule->values : std::vector{is};
  }

  std::string words(std::string_view name) const {
    return fmt::format("{}", fmt::join(values(name), " or "));
  }

  std::string verdict() const {
    std::string text = words("fate");
    if (words("by") != "-") text += " by " + words("by");
    if (words("rst_from") != "-") text += ", RST from " + words("rst_from");
    return text;
  }

  /// The promise about the field is broken.
  bool breaks(std::string_view name) const {
    const FieldRule* rule = promised_ == nullptr ? nullptr : promised_->find(name);
    return rule != nullptr && !holds(*rule, fields_of(line_));
  }

  /// The worst that the field names.
  Mark mark(std::string_view name, std::string_view truth) const {
    Mark worst = Mark::kRight;
    for (const std::string& value : values(name)) {
      const bool no_reset = name == "rst_from" && value == "-";
      if (!no_reset) worst = std::max(worst, mark_of(value, truth));
    }
    return worst;
  }

 private:
  const Line& line_;
  const ExpectedLine* promised_;
};

/// Of the line that tells most: the first in trouble, or else the last one.
template <typename Line>
std::optional<Account<Line>> telling(const std::vector<Line>& lines,
                                     const std::vector<ExpectedLine>& promised) {
  if (lines.empty()) return std::nullopt;
  std::size_t at = 0;
  const auto is_harmless = [](const std::string& fate) {
    return fate == "delivered" || fate == "pending";
  };
  while (at + 1 < lines.size() && is_harmless(fields_of(lines[at])("fate"))) ++at;
  return Account<Line>(lines[at], at < promised.size() ? &promised[at] : nullptr);
}

/// A RST that took nothing away from a response accuses nobody.
Mark mark_of(const Truth& truth, const Account<Json>& account) {
  const Mark by = account.mark("by", truth.by);
  const bool harmless = account.words("fate") == "delivered";
  return harmless ? by : std::max(by, account.mark("rst_from", truth.rst_from));
}

}  // namespace

std::string_view to_word(Mark mark) {
  switch (mark) {
    case Mark::kRight: return "right";
    case Mark::kUndecided: return "undecided";
    case Mark::kWrong: break;
  }
  return "wrong";
}

Judgement judge(const Story& story, const Promise& promise, const Testimony& said) {
  Judgement result;
  check_log(promise, said, result.problems);
  check_final(promise, said, result.problems);
  if (const auto line = telling(said.log, promise.log)) result.log_verdict = line->verdict();
  if (const auto line = telling(said.final, promise.final)) {
    result.final_verdict = line->verdict();
    result.confidence = line->words("confidence");
    result.mark = mark_of(story.truth, *line);
    // That all was well, of a response that was lost.
    if (line->words("fate") == "delivered" && line->breaks("fate")) result.mark = Mark::kWrong;
  } else {
    result.mark = mark_of("-", story.truth.by);
  }
  if (check_never(story, said, result.problems)) result.mark = Mark::kWrong;
  if (result.mark == Mark::kUndecided && story.undecided.empty()) {
    result.problems.emplace_back("connfate names nobody, and the story does not say why it cannot");
  }
  if (result.mark == Mark::kWrong) result.problems.emplace_back("a wrong accusation");
  return result;
}

}  // namespace connfate::lab
