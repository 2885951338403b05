// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/explain/fate_topic.hpp"
#include "cli/explain/markdown.hpp"
#include "cli/explain/network_sentence.hpp"
#include "cli/explain/pages.hpp"
#include "cli/explain/rule_list.hpp"
#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::cli {
namespace {

using Source = StoryLine::Source;

std::string request_of(const StoryLine& line) {
  std::string text;
  for (const char* key : {"method", "uri", "request", "status"}) {
    const std::string_view value = line.get(key);
    if (!value.empty()) text += fmt::format("{}{}", text.empty() ? "" : " ", printable(value));
  }
  return text.empty() ? "connection" : text;
}

std::string figures_of(const StoryLine& line) {
  std::string text;
  for (const char* key : {"phase", "close", "err", "err_on", "acked", "written", "retrans",
                          "silence_ms", "rst_from", "confidence", "capture", "reason"}) {
    const std::string_view value = line.get(key);
    if (!value.empty()) text += fmt::format(" {}={}", key, printable(value));
  }
  return text;
}

std::string told(const StoryLine& line) {
  return fmt::format(
      "{} {}: {}: {} by {} (rule {}){}", line.time ? exact_time_text(*line.time) : "(no time)",
      line.source == Source::kLog ? "log" : "witness", request_of(line),
      printable(line.get("fate")), line.get("by").empty() ? "-" : printable(line.get("by")),
      printable(line.get("rule")), figures_of(line));
}

bool is_settled(const StoryLine& line) {
  return line.source == Source::kWitness && line.get("final") != "false";
}

/// Trouble before what the client ended itself, before what went well.
int weight_of(const StoryLine& line) {
  const auto fate = parse_fate(line.get("fate"));
  if (!fate) return 2;  // a word of a later version
  const By by = line.get("by") == to_token(By::kClient) ? By::kClient : By::kUnknown;
  if (is_trouble(*fate, by)) return 2;
  return client_left(*fate, by) ? 1 : 0;
}

/// The line that the conclusion rests on: the last one in trouble, the witness's before the log's.
const StoryLine& conclusion_of(const Story& story) {
  const StoryLine* best = &story.lines.back();
  int best_rank = -1;
  for (const StoryLine& line : story.lines) {
    const int rank = 2 * weight_of(line) + (is_settled(line) ? 1 : 0);
    if (rank >= best_rank) best = &line;
    best_rank = std::max(rank, best_rank);
  }
  return *best;
}

std::string connection_of(const Story& story) {
  for (const StoryLine& line : story.lines) {
    if (!line.get("client_port").empty()) return endpoints_text(line);
  }
  return "its two ends are in no line; the witness's lines have them";
}

/// The meaning of the rules behind the evidence, those that begin with one of `letters`.
std::vector<std::string> rules_of(const StoryLine& line, std::string_view letters) {
  std::vector<std::string> texts;
  const auto add = [&](const witness::AttributionRule& rule) {
    const bool counts =
        std::ranges::find(line.evidence_rules, rule.id) != line.evidence_rules.end();
    if (!counts || letters.find(rule.id.front()) == letters.npos) return;
    texts.push_back(
        fmt::format("{} ({}): {}", rule.id, witness::to_token(rule.weight), rule.meaning));
  };
  for (const auto& rule : witness::own_host_rules()) add(rule);
  for (const auto& rule : witness::origin_rules()) add(rule);
  for (const auto& rule : witness::silence_rules()) add(rule);
  return texts;
}

std::vector<std::string> all_printable(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(printable(text));
  return out;
}

std::string reason_of(std::string_view id) {
  for (const ListedRule& rule : all_rules()) {
    if (rule.id == id) return std::string(rule.reason);
  }
  return {};
}

/// Why a line is not final, as docs/witness.md says it.
std::string reason_text(std::string_view reason) {
  const auto row = row_of(section_of(witness_page(), "The line"), reason);
  return row && row->size() > 1 ? (*row)[1] : printable(reason);
}

void add_conclusion(const StoryLine& line, Explanation& topic) {
  topic.add("What became of it",
            fmt::format("{}: {} (rule {})", printable(line.get("fate")),
                        reason_of(line.get("rule")), printable(line.get("rule"))));
  if (line.source == Source::kLog) {
    topic.add("How final this is",
              "As of log time only: no final line of the witness for it is in these files.");
  } else if (!is_settled(line)) {
    topic.add("How final this is", "Not final: " + reason_text(line.get("reason")));
  }
  topic.add("Evidence, in the witness's words", all_printable(line.evidence));
  topic.add("Speaks for another sender than the client", rules_of(line, "P"));
  topic.add("Speaks for the client", rules_of(line, "N"));
  topic.add("About the silence", rules_of(line, "D"));
  const auto fate = parse_fate(line.get("fate"));
  if (!fate) return;
  FatePage page = read_fate_page(*fate);
  topic.add("It does not say", std::move(page.not_said));
  topic.add("What next", page.next);
}

std::size_t connections_in(const Story& story) {
  std::set<std::string_view> cookies;
  for (const StoryLine& line : story.lines) cookies.insert(line.get("cookie"));
  return cookies.size();
}

}  // namespace

Explanation tell(const Story& story, std::string_view key) {
  Explanation topic{printable(key), "a connection", {}};
  topic.add("Between", connection_of(story));
  if (const std::size_t count = connections_in(story); count > 1) {
    topic.add("Caution", fmt::format("These lines belong to {} connections.", count));
  }
  std::vector<std::string> lines;
  for (const StoryLine& line : story.lines) lines.push_back(told(line));
  topic.add("In the order of time", std::move(lines));
  if (story.left_out > 0) topic.add("Left out", fmt::format("{} more lines", story.left_out));
  const StoryLine& conclusion = conclusion_of(story);
  add_conclusion(conclusion, topic);
  topic.add("What would settle it", what_would_settle(conclusion));
  topic.add("For the network team", network_sentence(conclusion));
  return topic;
}

}  // namespace connfate::cli
