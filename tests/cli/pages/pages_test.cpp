// SPDX-License-Identifier: Apache-2.0
// The man page and the completions name the options that the program has, and no others.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

using Options = std::set<std::string>;

constexpr const char* kSubcommands[] = {"report", "explain", "live", "doctor"};

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

Options options_of(const std::string& subcommand) {
  const auto help = harness::run({CONNFATE_PROGRAM, subcommand, "--help"});
  EXPECT_EQ(help.exit_code, 0);
  Options options = matches(help.output, std::regex("\n  (?:-h,)?(--[a-z-]+)"));
  EXPECT_TRUE(options.contains("--help"));
  return options;
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
  for (std::string subcommand : kSubcommands) {
    Options options = options_of(subcommand);
    options.erase("--help");
    std::ranges::transform(subcommand, subcommand.begin(),
                           [](char c) { return static_cast<char>(c - 32); });
    const std::string section = part(page, ".SH " + subcommand, "\n.SH ");
    EXPECT_EQ(matches(section, std::regex("(?:[BIR]+ |fR, \" )(--[a-z-]+)")), options) << section;
  }
}

TEST(PagesTest, bash_completion) {
  for (const std::string subcommand : kSubcommands) {
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

TEST(PagesTest, zsh_can_read_it) {
  if (!std::filesystem::exists("/usr/bin/zsh")) GTEST_SKIP() << "zsh is not installed";
  const auto outcome = harness::run({"zsh", "-n", CONNFATE_CLI "/completion/_connfate"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(PagesTest, the_man_page_has_no_mistakes) {
  if (!std::filesystem::exists("/usr/bin/groff")) GTEST_SKIP() << "groff is not installed";
  const auto outcome =
      harness::run({"groff", "-man", "-Tutf8", "-ww", "-z", CONNFATE_CLI "/man/connfate.1"});
  EXPECT_EQ(outcome.output, "");
}

TEST(PagesTest, zsh_completion) {
  const std::string script = file("completion/_connfate");
  for (const std::string subcommand : kSubcommands) {
    const std::string section = part(script, "\n  " + subcommand + ")", "\n    ;;");
    EXPECT_EQ(matches(section, std::regex("(--[a-z-]+)\\[")), options_of(subcommand));
  }
}

}  // namespace
}  // namespace connfate::cli
