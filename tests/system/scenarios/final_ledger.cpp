// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/final_ledger.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/contradictions.hpp"
#include "witness/schema.hpp"

namespace connfate::harness {
namespace {

using Line = Witness::Line;

/// What a log-time fate may become when everything is known. All others stay what they are.
const std::set<std::string>& may_become(const std::string& first) {
  static const std::map<std::string, std::set<std::string>> kLater{
      {"pending",
       {"delivered", "rst_received", "broken_pipe", "ack_timeout", "unreachable", "server_abort"}},
  };
  static const std::set<std::string> kNone;
  const auto found = kLater.find(first);
  return found != kLater.end() ? found->second : kNone;
}

std::string number_text(const Line& line, const char* key) {
  return line.contains(key) ? std::to_string(line[key].get<std::uint64_t>()) : "";
}

/// The final line of this log line, taken out of `candidates`.
std::optional<Line> take(std::vector<Line>& candidates, const LogLine& logged) {
  const auto found = std::ranges::find_if(candidates, [&](const Line& line) {
    return line["first"] == logged.field("fate") &&
           number_text(line, "end") == logged.field("end") && line["status"] == logged.status;
  });
  if (found == candidates.end()) return std::nullopt;
  Line line = *found;
  candidates.erase(found);
  return line;
}

bool accuses_the_path(const Line& line) {
  return line["by"] == "path" || line.value("rst_from", "") == "path";
}

std::vector<std::string> compare(const LedgerEntry& entry, const LogLine& logged,
                                 const Line& line) {
  std::vector<std::string> broken = witness::schema_complaints(line.dump());
  for (std::string& words : contradictions_in(line)) broken.push_back(std::move(words));
  const std::string first = logged.field("fate");
  const std::string fate = line["fate"];
  if (fate != first && !may_become(first).contains(fate)) {
    broken.push_back(first + " became " + fate);
  }
  if (line.value("rst_from", "") == "path") broken.emplace_back("a RST was blamed on the path");
  if (accuses_the_path(line) && !entry.path_was_broken) {
    broken.emplace_back("the path was blamed, and nothing was wrong with it");
  }
  if (fate == "delivered" && number_text(line, "unacked") != "0") {
    broken.emplace_back("delivered with unacknowledged bytes");
  }
  if (line["cookie"] != logged.field("cookie")) broken.emplace_back("another cookie");
  return broken;
}

}  // namespace

std::vector<std::string> complaints(const LedgerEntry& entry) {
  if (!entry.witnessed || entry.lines.empty()) return {};
  std::vector<Line> finals =
      entry.witness->final_responses(entry.lines.front().client_port, entry.lines.size());
  std::vector<std::string> broken;
  for (const LogLine& logged : entry.lines) {
    const auto line = take(finals, logged);
    if (!line) {
      broken.push_back("no final line for: " + logged.text);
      continue;
    }
    for (const std::string& words : compare(entry, logged, *line)) {
      broken.push_back(words + "\n  " + logged.text + "\n  " + line->dump());
    }
  }
  for (const Line& line : finals) broken.push_back("one line too many: " + line.dump());
  for (std::string& words : broken) words = entry.scenario + ": " + words;
  return broken;
}

}  // namespace connfate::harness
