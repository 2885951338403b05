// SPDX-License-Identifier: Apache-2.0
// connfate: what the logs say about the fate of responses. Each subcommand lives in a folder of its
// own and is one row of kSubcommands.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/report/command.hpp"
#ifdef CONNFATE_CLI_EXPLAIN
#include "cli/explain/command.hpp"
#endif
#ifdef CONNFATE_CLI_LIVE
#include "cli/live/command.hpp"
#endif
#ifdef CONNFATE_CLI_DOCTOR
#include "cli/doctor/command.hpp"
#endif

namespace {

using namespace connfate::cli;

/// The order is that of --help.
constexpr void (*kSubcommands[])(CLI::App&) = {
#ifdef CONNFATE_CLI_LIVE
    [](CLI::App& app) { add_report(app, live_sentences); },
#else
    [](CLI::App& app) { add_report(app); },
#endif
#ifdef CONNFATE_CLI_EXPLAIN
    add_explain,
#endif
#ifdef CONNFATE_CLI_LIVE
    add_live,
#endif
#ifdef CONNFATE_CLI_DOCTOR
    add_doctor,
#endif
};

/// CLI11 has numbers of its own for wrong usage; ours are in exit_code.hpp.
int exit_code_of(const CLI::App& app, const CLI::ParseError& error) {
  const int code = app.exit(error);
  const bool is_ours = dynamic_cast<const CLI::RuntimeError*>(&error) != nullptr;
  return code == 0 || is_ours ? code : to_int(ExitCode::kUsage);
}

int run(int argc, char** argv) {
  CLI::App app("What became of each HTTP response, and who ended the connection.", "connfate");
  app.set_version_flag("--version", "connfate " CONNFATE_VERSION);
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  for (const auto add : kSubcommands) add(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return exit_code_of(app, error);
  }
  return to_int(ExitCode::kOk);
}

}  // namespace

int main(int argc, char** argv) {
  int code = to_int(ExitCode::kUsage);
  try {
    code = run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "connfate: " << error.what() << '\n';
  }
  std::cout.flush();
  return std::cout ? code : to_int(ExitCode::kOutput);
}
