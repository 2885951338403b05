// SPDX-License-Identifier: Apache-2.0
#include "cli/report/command.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/exit_code.hpp"
#include "cli/log/fate_word.hpp"
#include "cli/report/run.hpp"

namespace connfate::cli {
namespace {

using report::Options;

std::string footer() {
  std::string text = "Names for --where and --by, beside the fields of the bundle:\n";
  for (const auto& [name, meaning] : report::selector_names()) {
    text += fmt::format("  {:<12} {}\n", name, meaning);
  }
  return text +
         "Exit code: 0 done, 1 no request matched, 2 wrong usage or a file that could not be read, "
         "3 the "
         "output could not be written.";
}

void add_selection(CLI::App& command, Options& options) {
  command
      .add_option("--since", options.since,
                  "only from then on: 2h, 30m, 7d ago; 20:27 or 2026-11-24 20:27, by this host's "
                  "clock; or a time with a zone, as logs write it")
      ->type_name("WHEN");
  command.add_option("--until", options.until, "only before then")->type_name("WHEN");
  command
      .add_option("--where", options.where,
                  "only requests of which this is true (repeatable): NAME=VALUE, NAME!=VALUE, "
                  "NAME<NUMBER, NAME>NUMBER; VALUE may be a,b,c and may end in *")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  command.add_option("--by", options.by, "one more table, by this")->type_name("NAME");
  command
      .add_option("--top", options.top,
                  "rows of each table (default: 5 in the terminal, 10 elsewhere)")
      ->check(CLI::Range(1, 1000))
      ->type_name("NUMBER");
}

/// `--show access.log`: the file was meant, not a fate.
void set_show(Options& options, const std::string& text) {
  options.show = true;
  if (text.empty() || log::to_fate(text)) {
    options.show_fate = text;
  } else {
    options.files.push_back(text);
  }
}

void add_show(CLI::App& command, Options& options) {
  command
      .add_option_function<std::string>(
          "--show", [&options](const std::string& text) { set_show(options, text); },
          "write the lines themselves instead of the report; with FATE only of this one")
      ->type_name("[FATE]")
      ->expected(0, 1);
  command.add_option("--limit", options.limit, "at most so many lines")
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_option("--offset", options.offset, "without the first so many")->type_name("NUMBER");
  command.add_flag("--place", options.with_place, "with file:line in front of each");
}

void add_output(CLI::App& command, Options& options) {
  command.add_flag("--follow", options.follow,
                   "go on as the files grow, through rotation; a new report every --interval");
  command.add_option("--interval", options.interval, "seconds between two reports, with --follow")
      ->check(CLI::Range(0.1, 3600.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  CLI::Option* json = command.add_flag("--json", options.json, "the report as one JSON object");
  command.add_flag("--csv", options.csv, "the report as CSV: section,name,key,value")
      ->excludes(json);
  command
      .add_option("--html", options.html,
                  "beside it, the same as one page with charts that needs nothing else; fit to be "
                  "attached to a ticket")
      ->type_name("FILE");
}

}  // namespace

void add_report(CLI::App& app, LiveSource live) {
  CLI::App* command = app.add_subcommand(
      "report", "What logs say about the fate of the responses: how many, who, since when, where");
  const auto options = std::make_shared<Options>();
  command
      ->add_option(
          "files", options->files,
          "access logs with the bundle, JSON access logs, logs of connfate-witness; plain, .gz "
          "or .zst; - is standard input")
      ->type_name("FILE");
  add_selection(*command, *options);
  add_show(*command, *options);
  add_output(*command, *options);
  command->footer(footer());
  options->live = std::move(live);
  command->callback([options] {
    if (options->files.empty()) {
      throw CLI::ValidationError("files", "name a log, for example /var/log/connfate/witness.log");
    }
    const ExitCode code = report::run(*options);
    if (code != ExitCode::kOk) throw CLI::RuntimeError(to_int(code));
  });
}

}  // namespace connfate::cli
