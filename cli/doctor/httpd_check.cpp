// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/running_server.hpp"
#include "cli/doctor/server_binary.hpp"
#include "cli/doctor/server_check.hpp"
#include "cli/doctor/sites.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout = "httpd";
constexpr const char* kModule = "httpd module";
constexpr const char* kLog = "httpd log";
constexpr const char* kRunning = "httpd running";
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

bool has_witness(const Configuration& configuration) {
  return std::ranges::any_of(configuration.directives, [](const Directive& d) {
    return is(d, "ConnFateWitness") && d.words.size() > 1;
  });
}

constexpr SiteWords kSiteWords{
    .about = kAbout,
    .log = kLog,
    .site = "host",
    .turn_on = "ConnFate On in the server config is inherited by every virtual host",
    .log_it =
        "for every host at once: GlobalLog <file> connfate_combined in the server config "
        "(conf/httpd-combined.conf), or ConnFateWitness /run/connfate/witness.sock",
};

void check_logs(const Configuration& configuration, Diagnoses& diagnoses) {
  constexpr std::string_view kField = "^CF";
  const bool is_told = has_witness(configuration);
  const bool any = mentions(configuration, "LogFormat", kField) ||
                   mentions(configuration, "CustomLog", kField) ||
                   mentions(configuration, "GlobalLog", kField);
  if (!any && !is_told) {
    diagnoses.push_back({Level::kWarning, kLog,
                         "no LogFormat and no CustomLog has a connfate field",
                         "ConnFateWitness /run/connfate/witness.sock covers every virtual host; or "
                         "end a LogFormat with %^CF"});
    return;
  }
  check_sites(httpd_sites(configuration), is_told, kSiteWords, diagnoses);
}

void check_configuration(const DoctorOptions& options, const HttpdProgram& program,
                         Diagnoses& diagnoses, Reporters& reporters) {
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
  check_logs(configuration, diagnoses);
  for (const Directive& d : configuration.directives) {
    if (is(d, "ConnFateWitness") && d.words.size() > 1) {
      reporters.push_back({kAbout, d.words[1]});
    }
  }
  check_running(options, configuration,
                {.about = kRunning,
                 .names = {"apache2", "httpd"},
                 .module_file = kModuleFile,
                 .main_file = options.httpd_configuration.value_or(program.configuration),
                 .reload = "apachectl configtest && apachectl graceful"},
                diagnoses);
}

}  // namespace

void check_httpd(const DoctorOptions& options, Diagnoses& diagnoses, Reporters& reporters) {
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
  check_configuration(options, *program, diagnoses, reporters);
}

}  // namespace connfate::cli
