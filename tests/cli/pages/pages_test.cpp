// SPDX-License-Identifier: Apache-2.0
// The man page and the completions name the options that the program has, and no others.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "connfate/fate.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

using Options = std::set<std::string>;

std::string file(const std::string& name) {
  return harness::read_file(std::filesystem::path(CONNFATE_CLI) / name);
}

Options matches(const std::string& text, const std::regex& pattern) {
  Options options;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    options.insert((*at)[1].str());
  }
  return options;
}

/// As the program itself lists them.
std::vector<std::string> subcommands() {
  const std::string help = harness::run({CONNFATE_PROGRAM, "--help"}).output;
  const Options found =
      matches(help.substr(help.find("Subcommands:")), std::regex("\n  ([a-z]+) "));
  EXPECT_GE(found.size(), 4U) << help;
  return {found.begin(), found.end()};
}

Options options_in(std::vector<std::string> program) {
  program.emplace_back("--help");
  const auto help = harness::run(std::move(program));
  EXPECT_EQ(help.exit_code, 0);
  Options options = matches(help.output, std::regex("\n  (?:-h,)?(--[a-z-]+)"));
  EXPECT_TRUE(options.contains("--help"));
  return options;
}

Options options_of(const std::string& subcommand) {
  return options_in({CONNFATE_PROGRAM, subcommand});
}

/// What bash offers for the last of `words`.
Options offered(const std::string& script, const std::string& function, const std::string& words,
                int count) {
  const std::string directory = std::filesystem::path(CONNFATE_PROGRAM).parent_path();
  const auto outcome =
      harness::run({"bash", "-c",
                    "PATH=" + directory + ":$PATH; source " CONNFATE_CLI "/completion/" + script +
                        "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(count) + "; " +
                        function + "; printf '%s\\n' \"${COMPREPLY[@]}\""});
  std::istringstream lines(outcome.output);
  return {std::istream_iterator<std::string>(lines), {}};
}

/// The part of a text from `start` to the next `end`.
std::string part(const std::string& text, const std::string& start, const std::string& end) {
  const auto first = text.find(start);
  EXPECT_NE(first, text.npos) << start;
  return first == text.npos ? "" : text.substr(first, text.find(end, first + 1) - first);
}

TEST(PagesTest, man_page) {
  std::string page = file("man/connfate.1");
  page = std::regex_replace(page, std::regex("\\\\-"), "-");
  for (std::string subcommand : subcommands()) {
    Options options = options_of(subcommand);
    options.erase("--help");
    std::ranges::transform(subcommand, subcommand.begin(),
                           [](char c) { return static_cast<char>(c - 32); });
    const std::string section = part(page, ".SH " + subcommand, "\n.SH ");
    EXPECT_EQ(matches(section, std::regex("(?:[BIR]+ |fR, \" )(--[a-z-]+)")), options) << section;
  }
}

TEST(PagesTest, bash_completion) {
  for (const std::string& subcommand : subcommands()) {
    const auto outcome = harness::run(
        {"bash", "-c",
         "source " CONNFATE_CLI "/completion/connfate.bash; COMP_WORDS=(connfate " + subcommand +
             " --); COMP_CWORD=2; _connfate; printf '%s\\n' \"${COMPREPLY[@]}\""});
    std::istringstream words(outcome.output);
    EXPECT_EQ(Options(std::istream_iterator<std::string>(words), {}), options_of(subcommand))
        << subcommand;
  }
}

TEST(PagesTest, bash_completes_the_names_of_by) {
  const auto outcome = harness::run(
      {"bash", "-c",
       "source " CONNFATE_CLI "/completion/connfate.bash; COMP_WORDS=(connfate report --by ''); "
       "COMP_CWORD=3; _connfate; printf '%s\\n' \"${COMPREPLY[@]}\""});
  std::istringstream words(outcome.output);
  int names = 0;
  for (std::string name; words >> name; ++names) {
    const auto report = harness::run({CONNFATE_PROGRAM, "report", "--by", name, "/dev/null"});
    EXPECT_EQ(report.exit_code, 1) << name << ": " << report.output;
  }
  EXPECT_GT(names, 15);
}

TEST(PagesTest, bash_completes_fields_of_where_and_words_of_explain) {
  const Options fields = offered("connfate.bash", "_connfate", "connfate report --where ''", 3);
  EXPECT_TRUE(fields.contains("network=")) << fields.size();
  EXPECT_TRUE(fields.contains("fate="));
  const Options words = offered("connfate.bash", "_connfate", "connfate explain rst", 2);
  EXPECT_TRUE(words.contains("rst_received")) << words.size();
  EXPECT_TRUE(words.contains("rst-no-fin"));
}

TEST(PagesTest, completions_know_every_fate) {
  const auto fates_in = [](const std::string& text, const std::string& start, const char* end) {
    return matches(part(text, start, end), std::regex("\\b([a-z]+(?:_[a-z]+)*)\\b(?!=)"));
  };
  Options fates;
  for (int i = 0; i < kFateCount; ++i) fates.emplace(to_token(static_cast<Fate>(i)));
  EXPECT_EQ(fates_in(file("completion/_connfate"), "fates=(", ")"), fates);
  EXPECT_EQ(fates_in(file("completion/connfate.bash"), "fates=\"", "\"\n"), fates);
}

TEST(PagesTest, help_fits_into_a_terminal) {
  for (const std::string& subcommand : subcommands()) {
    const auto help = harness::run({"env", "COLUMNS=80", CONNFATE_PROGRAM, subcommand, "--help"});
    std::istringstream lines(help.output);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(PagesTest, bash_completion_of_the_witness) {
  EXPECT_EQ(offered("connfate-witness.bash", "_connfate_witness", "connfate-witness --", 1),
            options_in({CONNFATE_WITNESS}));
  EXPECT_EQ(offered("connfate-witness.bash", "_connfate_witness", "connfate-witness --log ''", 2),
            (Options{"trouble", "all"}));
}

TEST(PagesTest, zsh_can_read_them) {
  if (!std::filesystem::exists("/usr/bin/zsh")) GTEST_SKIP() << "zsh is not installed";
  for (const char* script : {"_connfate", "_connfate-witness"}) {
    const auto outcome =
        harness::run({"zsh", "-n", std::string(CONNFATE_CLI "/completion/") + script});
    EXPECT_EQ(outcome.exit_code, 0) << script << outcome.output;
  }
}

TEST(PagesTest, zsh_completion_of_the_witness) {
  EXPECT_EQ(matches(file("completion/_connfate-witness"), std::regex("[)'\"*](--[a-z-]+)\\[")),
            options_in({CONNFATE_WITNESS}));
}

TEST(PagesTest, the_man_page_has_no_mistakes) {
  if (!std::filesystem::exists("/usr/bin/groff")) GTEST_SKIP() << "groff is not installed";
  const auto outcome =
      harness::run({"groff", "-man", "-Tutf8", "-ww", "-z", CONNFATE_CLI "/man/connfate.1"});
  EXPECT_EQ(outcome.output, "");
}

TEST(PagesTest, zsh_completion) {
  const std::string script = file("completion/_connfate");
  for (const std::string& subcommand : subcommands()) {
    const std::string section = part(script, "\n  " + subcommand + ")", "\n    ;;");
    EXPECT_EQ(matches(section, std::regex("(--[a-z-]+)\\[")), options_of(subcommand));
  }
}

}  // namespace
}  // namespace connfate::cli
