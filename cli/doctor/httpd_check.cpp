// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <strings.h>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/server_binary.hpp"
#include "cli/doctor/server_check.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout = "httpd";
constexpr const char* kModule = "httpd module";
constexpr const char* kLog = "httpd log";
constexpr std::string_view kModuleFile = "mod_connfate.so";
constexpr const char* kBuild = "build it for this httpd, with its apxs (apache2-dev)";

bool is(const Directive& directive, const char* name) {
  return ::strcasecmp(directive.words[0].c_str(), name) == 0;
}

fs::path server_root_of(const Configuration& configuration, const HttpdProgram& program) {
  fs::path root = program.root;
  for (const Directive& d : configuration.directives) {
    if (is(d, "ServerRoot") && d.words.size() > 1) root = d.words[1];
  }
  return root;
}

std::vector<fs::path> loaded_modules(const Configuration& configuration, const fs::path& root) {
  std::vector<fs::path> files;
  for (const Directive& d : configuration.directives) {
    if (is(d, "LoadModule") && d.words.size() > 2 && d.words[1] == "connfate_module") {
      files.push_back(root / d.words[2]);
    }
  }
  return files;
}

std::string text_of(const HttpdBuild& build) {
  return fmt::format("{}:{}", build.magic_major, build.magic_minor);
}

void check_module_file(const DoctorOptions& options, const HttpdProgram& program,
                       const fs::path& file, Diagnoses& diagnoses) {
  const auto module = read_httpd_module(below(options, file));
  if (!module) {
    diagnoses.push_back({Level::kProblem, kModule,
                         fmt::format("{} is missing or is no mod_connfate", file.string()),
                         kBuild});
  } else if (fits(*module, program.build)) {
    diagnoses.push_back({Level::kOk, kModule,
                         fmt::format("{} is built for module magic {}, which fits", file.string(),
                                     text_of(*module))});
  } else {
    diagnoses.push_back({Level::kProblem, kModule,
                         fmt::format("{} is built for module magic {}; this httpd has {}",
                                     file.string(), text_of(*module), text_of(program.build)),
                         kBuild});
  }
}

void check_switch(const Configuration& configuration, Diagnoses& diagnoses) {
  if (configuration.has("ConnFate", "On")) {
    diagnoses.push_back({Level::kOk, kAbout, "ConnFate is On"});
  } else {
    diagnoses.push_back({Level::kProblem, kAbout, "ConnFate is not On anywhere",
                         "ConnFate On in the server config or a virtual host"});
  }
}

void check_log(const Configuration& configuration, Diagnoses& diagnoses) {
  constexpr std::string_view kField = "^CF";
  if (mentions(configuration, "LogFormat", kField) ||
      mentions(configuration, "CustomLog", kField)) {
    diagnoses.push_back({Level::kOk, kLog, "a log format has connfate fields"});
  } else {
    diagnoses.push_back({Level::kWarning, kLog,
                         "no LogFormat and no CustomLog has a connfate field",
                         "end a LogFormat with %^CF; conf/httpd-combined.conf"});
  }
}

void check_configuration(const DoctorOptions& options, const HttpdProgram& program,
                         Diagnoses& diagnoses, std::vector<fs::path>& sockets) {
  const Configuration configuration = read_httpd_configuration(
      options.root, options.httpd_configuration.value_or(program.configuration), program.root);
  if (!report_unread(configuration, kAbout, diagnoses)) return;
  const auto modules = loaded_modules(configuration, server_root_of(configuration, program));
  for (const fs::path& file : modules) check_module_file(options, program, file, diagnoses);
  if (modules.empty()) {
    diagnoses.push_back({Level::kWarning, kModule, "no LoadModule names connfate_module",
                         "LoadModule connfate_module <path>/mod_connfate.so"});
    return;
  }
  check_switch(configuration, diagnoses);
  check_log(configuration, diagnoses);
  for (const Directive& d : configuration.directives) {
    if (is(d, "ConnFateWitness") && d.words.size() > 1) sockets.emplace_back(d.words[1]);
  }
}

}  // namespace

void check_httpd(const DoctorOptions& options, Diagnoses& diagnoses,
                 std::vector<fs::path>& sockets) {
  const auto file =
      find_program(options, options.httpd,
                   {"/usr/sbin/apache2", "/usr/sbin/httpd", "/usr/local/apache2/bin/httpd"});
  if (!file) return;
  const auto program = read_httpd_program(below(options, *file));
  if (!program) {
    diagnoses.push_back({Level::kWarning, kAbout,
                         fmt::format("{} cannot be read as an httpd", file->string()),
                         "name the program with --httpd"});
    return;
  }
  diagnoses.push_back(
      {Level::kOk, kAbout,
       fmt::format("{} is Apache httpd {}, module magic {}", file->string(),
                   program->version.empty() ? "2.4" : program->version, text_of(program->build))});
  for (const fs::path& module : options.modules) {
    if (module.filename() == kModuleFile) check_module_file(options, *program, module, diagnoses);
  }
  check_configuration(options, *program, diagnoses, sockets);
}

}  // namespace connfate::cli
