// SPDX-License-Identifier: Apache-2.0
// Whole reports, as people and programs see them. ../golden holds them; CONNFATE_WRITE_GOLDEN=1 in
// the environment renews them, to be read before they are committed.
#include "cli/report/render/render.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/report/judge/words.hpp"
#include "cli/report/small_report.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli::report {
namespace {

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(CONNFATE_GOLDEN) / name;
  if (std::getenv("CONNFATE_WRITE_GOLDEN") != nullptr) harness::write_file(file, text);
  EXPECT_EQ(text, harness::read_file(file)) << file;
}

TEST(RenderTest, text) {
  expect_golden("report.txt", to_text(small_report(), {}));
}

TEST(RenderTest, json) {
  expect_golden("report.json",
                nlohmann::ordered_json::parse(to_json(small_report())).dump(2) + '\n');
}

TEST(RenderTest, csv) {
  expect_golden("report.csv", to_csv(small_report()));
}

TEST(RenderTest, no_byte_of_a_client_reaches_the_terminal_raw) {
  for (const std::string& text : {to_text(small_report(), {}), to_csv(small_report())}) {
    EXPECT_TRUE(
        std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  }
}

TEST(RenderTest, colours_are_the_only_escape_sequences) {
  std::string text = to_text(small_report(), {.colours = true});
  EXPECT_NE(text.find("\x1b[31m"), text.npos);
  for (auto at = text.find('\x1b'); at != text.npos; at = text.find('\x1b', at + 1)) {
    EXPECT_EQ(text[at + 1], '[');
    EXPECT_EQ(text[text.find_first_not_of("0123456789", at + 2)], 'm');
  }
}

TEST(RenderTest, lines_keep_to_the_width) {
  const std::string text = to_text(small_report(), {.columns = 80});
  for (std::size_t at = 0; at < text.find("\nFates"); at = text.find('\n', at) + 1) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    const bool is_command = line.find("lines: ") != line.npos;  // to be copied as a whole
    EXPECT_TRUE(is_command || line.size() <= 80U) << line;
  }
}

TEST(RenderTest, an_empty_report_says_so) {
  const std::string text = to_text(Counted().report(), {});
  EXPECT_NE(text.find("No request with a fate was counted."), text.npos);
}

TEST(RenderTest, where_nothing_went_well_nothing_stands_out) {
  Counted counted;
  for (int i = 0; i < 40; ++i) counted.take(line_of({.fate = "rst_received", .by = "peer"}));
  const std::string text = to_text(counted.report(), {});
  EXPECT_NE(text.find("nothing here went well, to compare it with"), text.npos) << text;
}

TEST(RenderTest, a_name_that_a_shell_would_not_survive_gets_no_hint) {
  Finding finding;
  finding.fate = Fate::kRstReceived;
  finding.dimension = "pattern";
  finding.name = "/a';reboot;'";
  EXPECT_EQ(show_options(finding), "");
  finding.name = "/a;reboot $(x)";
  EXPECT_EQ(show_options(finding), "");
  finding.name = "/a;reboot";
  EXPECT_EQ(show_options(finding), "--where fate=rst_received --where 'pattern=/a;reboot' --show");
}

}  // namespace
}  // namespace connfate::cli::report
