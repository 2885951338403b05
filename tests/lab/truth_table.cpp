// SPDX-License-Identifier: Apache-2.0
#include "lab/truth_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace connfate::lab {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kHead = R"(# The truth table

Each row is a real outage, played packet by packet on real servers and a real kernel, and what connfate said of it.
`./check lab` plays them and writes this page; [lab.md](lab.md) says how. Each title leads to its story.

- **right**: connfate named what the lab knows to be true.
- **undecided**: it named nobody, or "client or path" (`peer`). The reason is below the table. Several can never be
  decided at the server, and saying so is right.
- **wrong**: it named somebody else, or said what the story forbids. One such row fails the build.

"Ended by" is what really happened. "Noise" means that three other clients fetched files meanwhile over a line that lost
1 % of their packets and reordered 2 %; every one of their responses was delivered, or the row would not be here.
"Forger" means that somebody who knows addresses, ports and hop count sent data, RSTs, FINs, SYNs and ICMP errors in the
client's name all the while, and what was said is the same. A cell with "or" names outcomes between which packets race;
the row counts as the worst of them.

)";

Json to_json(const Row& row) {
  return {{"story", row.story},           {"server", row.server},
          {"protocol", row.protocol},     {"path", row.path},
          {"log", row.log_verdict},       {"final", row.final_verdict},
          {"confidence", row.confidence}, {"mark", row.mark}};
}

Row from_json(const Json& json) {
  return {.story = json.at("story"),
          .server = json.at("server"),
          .protocol = json.at("protocol"),
          .path = json.at("path"),
          .log_verdict = json.at("log"),
          .final_verdict = json.at("final"),
          .confidence = json.at("confidence"),
          .mark = json.at("mark")};
}

/// What a line of the table shows; plays that agree in it share a line.
struct Shown {
  std::string log_verdict;
  std::string final_verdict;
  std::string confidence;
  std::string mark;

  auto operator<=>(const Shown&) const = default;
};

/// How a line was played: each word once, in the order of the plays.
class Ways {
 public:
  void add(const Row& row) {
    add(servers_, row.server);
    add(protocols_, row.protocol);
    add(paths_, row.path);
  }

  std::string to_text() const {
    return fmt::format("{}; {}; {}", fmt::join(servers_, ", "), fmt::join(protocols_, ", "),
                       fmt::join(paths_, ", "));
  }

 private:
  static void add(std::vector<std::string>& words, const std::string& word) {
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }

  std::vector<std::string> servers_;
  std::vector<std::string> protocols_;
  std::vector<std::string> paths_;
};

std::vector<Row> rows_of(const Story& story, const std::vector<Row>& rows) {
  std::vector<Row> result;
  std::ranges::copy_if(rows, std::back_inserter(result),
                       [&](const Row& row) { return row.story == story.name; });
  return result;
}

std::string lines_of(const Story& story, const std::vector<Row>& rows) {
  std::map<Shown, Ways> lines;
  for (const Row& row : rows) {
    lines[{row.log_verdict, row.final_verdict, row.confidence, row.mark}].add(row);
  }
  std::string text;
  for (const auto& [shown, ways] : lines) {
    text += fmt::format(
        "| [{}](../tests/lab/stories/{}.yaml) | {} | {} | {} | {} | {} | **{}** |\n", story.title,
        story.name, story.truth.by == "-" ? "nobody" : story.truth.by, ways.to_text(),
        shown.log_verdict, shown.final_verdict, shown.confidence, shown.mark);
  }
  return text;
}

std::string count_marks(const std::vector<Row>& rows) {
  std::map<std::string, int> plays;
  std::map<std::string, std::set<std::string>> stories;
  for (const Row& row : rows) {
    ++plays[row.mark];
    stories[row.mark].insert(row.story);
  }
  std::set<std::string> all;
  for (const Row& row : rows) all.insert(row.story);
  std::string text = fmt::format("{} stories in {} plays:", all.size(), rows.size());
  for (const char* mark : {"right", "undecided", "wrong"}) {
    text +=
        fmt::format(" {} {}{}", plays[mark], mark, std::string_view(mark) == "wrong" ? "" : ",");
  }
  const int named = plays["right"];
  const int percent = rows.empty() ? 0 : named * 100 / static_cast<int>(rows.size());
  return text + fmt::format(". Decided: {} %.\n\n", percent);
}

std::string item(const std::string& title, std::string words) {
  std::ranges::replace(words, '\n', ' ');
  return fmt::format("- **{}**: {}\n", title, words);
}

bool is_undecided(const std::vector<Row>& rows) {
  return std::ranges::any_of(rows, [](const Row& row) { return row.mark == "undecided"; });
}

}  // namespace

void append_row(const std::filesystem::path& file, const Row& row) {
  std::ofstream out(file, std::ios::app);
  if (!(out << to_json(row).dump() << '\n' << std::flush)) {
    throw std::runtime_error(file.string() + ": cannot be written");
  }
}

std::vector<Row> read_rows(const std::vector<std::filesystem::path>& files) {
  std::map<std::vector<std::string>, Row> plays;
  for (const auto& file : files) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      Row row = from_json(Json::parse(line));
      plays.insert_or_assign({row.story, row.server, row.protocol, row.path}, row);
    }
  }
  std::vector<Row> rows;
  rows.reserve(plays.size());
  for (auto& [key, row] : plays) rows.push_back(std::move(row));
  return rows;
}

std::string to_markdown(const std::vector<Story>& stories, const std::vector<Row>& rows) {
  std::string text(kHead);
  text += count_marks(rows);
  text +=
      "| story | ended by | played on | access log | final verdict | confidence | |\n"
      "|---|---|---|---|---|---|---|\n";
  std::string reasons = "\n## Undecided, and why\n\n";
  std::string quiet = "\n## Played without good traffic\n\n";
  std::string alone = "\n## Played without a forger\n\n";
  for (const Story& story : stories) {
    const std::vector<Row> plays = rows_of(story, rows);
    text += lines_of(story, plays);
    if (plays.empty()) continue;
    if (is_undecided(plays)) reasons += item(story.title, story.undecided);
    if (!story.without_noise.empty()) quiet += item(story.title, story.without_noise + ".");
    if (!story.without_forger.empty()) alone += item(story.title, story.without_forger + ".");
  }
  return text + reasons + quiet + alone;
}

}  // namespace connfate::lab
