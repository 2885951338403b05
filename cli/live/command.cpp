// SPDX-License-Identifier: Apache-2.0
#include "cli/live/command.hpp"

#include <iostream>
#include <memory>
#include <system_error>

#include "cli/live/screen.hpp"
#include "cli/live/survey.hpp"
#include "cli/live/view.hpp"
#include "cli/terminal.hpp"

namespace connfate::cli {
namespace {

struct Options {
  Selection selection;
  bool once = false;
  bool json = false;
  double older_seconds = 1;
  double interval_seconds = 2;
};

AddressPrefix to_prefix(const std::string& text) {
  const auto prefix = parse_prefix(text);
  if (!prefix) {
    throw CLI::ValidationError("--client=" + text,
                               "write an address or a prefix, for example 192.0.2.0/24");
  }
  return *prefix;
}

Fate to_fate(const std::string& token) {
  for (int i = 0; i < kFateCount; ++i) {
    if (to_token(static_cast<Fate>(i)) == token) return static_cast<Fate>(i);
  }
  throw CLI::ValidationError("--fate=" + token, "no such fate; docs/fates.md lists them");
}

void add_selection(CLI::App& command, Options& options) {
  Selection& selection = options.selection;
  command
      .add_option_function<std::vector<std::string>>(
          "--client",
          [&selection](const auto& texts) {
            for (const std::string& text : texts) selection.clients.push_back(to_prefix(text));
          },
          "only clients of this address or prefix (repeatable)")
      ->type_name("ADDRESS[/BITS]");
  command
      .add_option("--port", selection.ports,
                  "this port of this host, listened on or not (repeatable)")
      ->check(CLI::Range(1, 65535))
      ->type_name("NUMBER");
  command
      .add_option_function<std::vector<std::string>>(
          "--fate",
          [&selection](const auto& tokens) {
            for (const std::string& token : tokens) selection.fates.push_back(to_fate(token));
          },
          "only what would be called so if it ended now (repeatable)")
      ->type_name("FATE");
  command
      .add_option("--older", options.older_seconds,
                  "silent for so many seconds at least, "
                  "where nothing is being retransmitted")
      ->check(CLI::Range(0.0, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_option("--limit", selection.most, "show at most so many; all are counted")
      ->check(CLI::Range(1, 100'000))
      ->type_name("NUMBER")
      ->capture_default_str();
}

void add_output(CLI::App& command, Options& options) {
  command.add_flag("--once", options.once,
                   "write one table and end, as where there is no terminal");
  command.add_flag("--json", options.json, "write one JSON object and end");
  command.add_option("--interval", options.interval_seconds, "seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->type_name("SECONDS")
      ->capture_default_str();
}

std::chrono::milliseconds to_milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

void run(Options& options) {
  Selection& selection = options.selection;
  selection.older = to_milliseconds(options.older_seconds);
  if (options.json) {
    std::cout << to_json(survey(selection), std::chrono::system_clock::now());
  } else if (options.once || !terminal::is_one()) {
    TableRoom room;
    if (terminal::is_one()) room.columns = terminal::columns();
    std::cout << to_table(survey(selection), room);
  } else {
    Screen().run(to_milliseconds(options.interval_seconds), [&selection](const Screen::Room& room) {
      return to_table(survey(selection), {room.rows, room.columns, room.first});
    });
  }
}

}  // namespace

void add_live(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "live",
      "Connections of the local servers that are in trouble now, and what they would be "
      "called if they ended now (provisional)");
  const auto options = std::make_shared<Options>();
  add_selection(*command, *options);
  add_output(*command, *options);
  command->callback([options] { run(*options); });
}

std::vector<std::string> live_sentences() {
  try {
    return sentences_of(survey({}));
  } catch (const std::system_error&) {
    return {};  // `connfate live` says why
  }
}

}  // namespace connfate::cli
