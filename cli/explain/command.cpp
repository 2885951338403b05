// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/explain/near_words.hpp"
#include "cli/explain/server_message.hpp"
#include "cli/explain/story.hpp"
#include "cli/explain/topics.hpp"
#include "cli/printable.hpp"
#include "cli/terminal.hpp"

namespace connfate::cli {
namespace {

constexpr int kNotFound = 1;
constexpr int kUnreadable = 2;
constexpr std::size_t kMail = 80;  ///< columns at most: stories are sent

struct Options {
  std::string what;
  std::vector<std::filesystem::path> files;
  bool json = false;
};

std::vector<Explanation> explanations_of(const Options& options) {
  if (!options.files.empty()) {
    const Story story = read_story(options.what, options.files);
    if (story.lines.empty()) return {};
    return {tell(story, options.what)};
  }
  if (options.what == "words") return {list_of_topics()};
  if (auto line = parse_story_line(options.what)) {
    const std::string key(line->get("cookie"));
    Story story;
    story.lines.push_back(std::move(*line));
    return {tell(story, key.empty() ? "this line" : key)};
  }
  std::vector<Explanation> found = find_topics(options.what);
  return found.empty() ? find_messages(options.what) : found;
}

/// 16 hex digits name a connection, whose lines are wanted.
bool is_cookie(std::string_view word) {
  constexpr std::size_t kDigits = 16;
  return word.size() == kDigits &&
         word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

void say_what_is_near(const Options& options) {
  const std::string what = printable(options.what);
  if (!options.files.empty()) {
    std::cerr << fmt::format(
        "connfate explain: no line with a connfate bundle, and none of the "
        "witness, has {}\n",
        what);
    return;
  }
  if (is_cookie(what)) {
    std::cerr << fmt::format(
        "connfate explain: {0} is the cookie of a connection: name the logs that have its lines\n"
        "  connfate explain {0} /var/log/nginx/fate.log /var/log/connfate/witness.log\n",
        what);
    return;
  }
  constexpr std::size_t kMost = 5;
  std::cerr << fmt::format("connfate explain: {}: not known\n", what);
  const auto near = near_words(options.what, topic_names(), kMost);
  if (!near.empty()) std::cerr << "did you mean:\n";
  for (const std::string& name : near) std::cerr << "  " << name << '\n';
  std::cerr << "connfate explain words: all that is known\n";
}

void run(const Options& options) {
  std::vector<Explanation> found;
  try {
    found = explanations_of(options);
  } catch (const std::runtime_error& error) {
    std::cerr << "connfate explain: " << printable(error.what()) << '\n';
    throw CLI::RuntimeError(kUnreadable);
  }
  if (found.empty()) {
    say_what_is_near(options);
    throw CLI::RuntimeError(kNotFound);
  }
  std::cout << (options.json ? to_json(found)
                             : to_text(found, std::min(kMail, terminal::text_columns())));
}

}  // namespace

void add_explain(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "explain",
      "What a word or a message of the logs means; or, with files, what one connection "
      "went through");
  const auto options = std::make_shared<Options>();
  command
      ->add_option(
          "what", options->what,
          "a fate, a field, a rule, an errno, an HTTP status, a line of a log, a message of "
          "nginx's or httpd's error log; `words` lists them; with files a cookie or a "
          "request id")
      ->required();
  command->add_option("files", options->files, "access logs and the witness's log");
  command->add_flag("--json", options->json, "JSON");
  command->footer("Exit code: 0 explained, 1 not known, 2 a file cannot be read.");
  command->callback([options] { run(*options); });
}

}  // namespace connfate::cli
