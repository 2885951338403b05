// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/command.hpp"

#include <iostream>
#include <memory>

#include "cli/doctor/checks.hpp"
#include "cli/terminal.hpp"

namespace connfate::cli {
namespace {

struct Options {
  DoctorOptions doctor;
  bool json = false;
};

using OptionalPath = std::optional<std::filesystem::path>;

void add_path(CLI::App& command, const char* name, OptionalPath& path, const char* description) {
  command
      .add_option_function<std::string>(
          name, [&path](const std::string& text) { path = text; }, description)
      ->type_name("FILE");
}

void run(const Options& options) {
  const Diagnoses diagnoses = check_all(options.doctor);
  std::cout << (options.json ? to_json(diagnoses) : to_text(diagnoses, terminal::text_columns()));
  const int code = exit_code_of(worst_of(diagnoses));
  if (code != 0) throw CLI::RuntimeError(code);
}

}  // namespace

void add_doctor(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("doctor", "What keeps connfate from knowing, on this host");
  command->footer("Exit code: 0 all is well, 1 warnings, 2 problems.");
  const auto options = std::make_shared<Options>();
  DoctorOptions& doctor = options->doctor;
  command
      ->add_option("--module", doctor.modules, "compare this module with the server (repeatable)")
      ->type_name("FILE");
  add_path(*command, "--nginx", doctor.nginx, "the program, where it is not in its usual place");
  add_path(*command, "--httpd", doctor.httpd, "the same for Apache httpd");
  add_path(*command, "--nginx-config", doctor.nginx_configuration, "its main configuration file");
  add_path(*command, "--httpd-config", doctor.httpd_configuration, "its main configuration file");
  add_path(*command, "--nginx-dump", doctor.nginx_dump,
           "the output of `nginx -T`, instead of the configuration files");
  command
      ->add_option("--witness-config", doctor.witness_configuration, "the witness's configuration")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--root", doctor.root, "all paths are below this directory")
      ->type_name("DIRECTORY")
      ->capture_default_str();
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options] { run(*options); });
}

}  // namespace connfate::cli
