// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/running_server.hpp"
#include "cli/doctor/server_binary.hpp"
#include "cli/doctor/server_check.hpp"
#include "cli/doctor/sites.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout = "nginx";
constexpr const char* kModule = "nginx module";
constexpr const char* kLog = "nginx log";
constexpr const char* kRunning = "nginx running";
constexpr std::string_view kModuleFile = "ngx_http_connfate_module.so";
constexpr const char* kBuild =
    "build it for this nginx: cmake -S . -B build "
    "-DNGINX_SOURCE_DIR=<its nginx-dev tree>";

/// The files of load_module, as nginx finds them.
std::vector<fs::path> loaded_modules(const Configuration& configuration, const fs::path& prefix) {
  std::vector<fs::path> files;
  for (const Directive& d : configuration.directives) {
    if (d.words[0] != "load_module" || d.words.size() < 2) continue;
    if (d.words[1].ends_with(kModuleFile)) files.push_back(prefix / d.words[1]);
  }
  return files;
}

void check_module_file(const DoctorOptions& options, const NginxProgram& program,
                       const fs::path& file, Diagnoses& diagnoses) {
  const auto module = read_nginx_module(below(options, file));
  if (!module) {
    diagnoses.push_back({Level::kProblem, kModule,
                         fmt::format("{} is missing or is no nginx module", file.string()),
                         kBuild});
  } else if (*module == program.build) {
    diagnoses.push_back({Level::kOk, kModule,
                         fmt::format("{} is built for nginx {} and its signature fits",
                                     file.string(), version_text(*module))});
  } else {
    diagnoses.push_back(
        {Level::kProblem, kModule,
         fmt::format("{} is built for nginx {}, signature {}; this nginx is {}, {}: it will refuse "
                     "to start with it",
                     file.string(), version_text(*module), module->signature,
                     version_text(program.build), program.build.signature),
         kBuild});
  }
}

Configuration read_configuration(const DoctorOptions& options, const NginxProgram& program) {
  if (!options.nginx_dump) {
    return read_nginx_configuration(options.root,
                                    options.nginx_configuration.value_or(program.configuration));
  }
  Configuration configuration;
  read_into(configuration, "/", fs::absolute(*options.nginx_dump), [&](std::string_view text) {
    configuration.directives = parse_nginx_dump(text).directives;
  });
  return configuration;
}

/// Names of the log formats that hold a field of ours.
std::vector<std::string> our_formats(const Configuration& configuration) {
  std::vector<std::string> names;
  for (const Directive& d : configuration.directives) {
    if (d.words[0] != "log_format" || d.words.size() < 3) continue;
    const bool ours = std::ranges::any_of(d.words, [](const std::string& word) {
      return word.find("$connfate") != word.npos || word.find("${connfate") != word.npos;
    });
    if (ours) names.push_back(d.words[1]);
  }
  return names;
}

bool has_witness(const Configuration& configuration) {
  return std::ranges::any_of(configuration.directives, [](const Directive& d) {
    return d.words[0] == "connfate_witness" && d.words.size() > 1;
  });
}

constexpr SiteWords kSiteWords{
    .about = kAbout,
    .log = kLog,
    .site = "server",
    .turn_on = "connfate on; in http { } is inherited by every server",
    .log_it =
        "beside it: access_log /var/log/nginx/fate.log connfate_combined; or, for every "
        "server at once, connfate_witness /run/connfate/witness.sock; in http { }",
};

void check_logs(const Configuration& configuration, Diagnoses& diagnoses) {
  const bool is_told = has_witness(configuration);
  const std::vector<Site> sites = nginx_sites(configuration);
  if (our_formats(configuration).empty() && !is_told) {
    diagnoses.push_back({Level::kWarning, kLog, "no log_format has a connfate field",
                         "connfate_witness /run/connfate/witness.sock; in http { } covers every "
                         "server; or end a log_format with $connfate_log"});
    return;
  }
  check_sites(sites, is_told, kSiteWords, diagnoses);
}

/// docs/limits.md, Configuration traps.
void check_maps(const Configuration& configuration, Diagnoses& diagnoses) {
  for (std::size_t i = 0; i < configuration.directives.size(); ++i) {
    const Directive& map = configuration.directives[i];
    if (map.words[0] != "map" || map.words.size() < 3) continue;
    if (map.words[1].find("$connfate") == std::string::npos) continue;
    const bool is_volatile = std::ranges::any_of(configuration.directives, [i](const Directive& d) {
      return d.parent == i && d.words[0] == "volatile";
    });
    if (is_volatile) continue;
    diagnoses.push_back(
        {Level::kWarning, kLog,
         fmt::format("map {} {}: keeps the value of its first use", map.words[1], map.words[2]),
         "write \"volatile;\" into this map"});
  }
}

void check_switch(const Configuration& configuration, Diagnoses& diagnoses) {
  if (configuration.has("connfate", "on")) {
    diagnoses.push_back({Level::kOk, kAbout, "connfate is on"});
  } else {
    diagnoses.push_back({Level::kProblem, kAbout, "connfate is not on anywhere",
                         "connfate on; in http, server or location"});
  }
}

void check_configuration(const DoctorOptions& options, const NginxProgram& program,
                         Diagnoses& diagnoses, Reporters& reporters) {
  const Configuration configuration = read_configuration(options, program);
  if (!report_unread(configuration, kAbout, diagnoses)) return;
  const auto modules = loaded_modules(configuration, program.prefix);
  for (const fs::path& file : modules) check_module_file(options, program, file, diagnoses);
  if (modules.empty()) {
    diagnoses.push_back(
        {Level::kWarning, kModule, "no load_module names ngx_http_connfate_module.so",
         "load_module modules/ngx_http_connfate_module.so; at the top of the main file"});
    return;
  }
  check_switch(configuration, diagnoses);
  check_logs(configuration, diagnoses);
  check_maps(configuration, diagnoses);
  for (const Directive& d : configuration.directives) {
    if (d.words[0] == "connfate_witness" && d.words.size() > 1) {
      reporters.push_back({kAbout, d.words[1]});
    }
  }
  if (options.nginx_dump) return;  // of what, and when, nobody knows
  check_running(options, configuration,
                {.about = kRunning,
                 .names = {"nginx"},
                 .module_file = kModuleFile,
                 .main_file = options.nginx_configuration.value_or(program.configuration),
                 .reload = "nginx -t && nginx -s reload"},
                diagnoses);
}

}  // namespace

void check_nginx(const DoctorOptions& options, Diagnoses& diagnoses, Reporters& reporters) {
  const auto file =
      find_program(options, options.nginx,
                   {"/usr/sbin/nginx", "/usr/local/nginx/sbin/nginx", "/usr/local/sbin/nginx",
                    "/usr/local/openresty/nginx/sbin/nginx"});
  if (!file) return;
  const auto program = read_nginx_program(below(options, *file));
  if (!program) {
    diagnoses.push_back({Level::kWarning, kAbout,
                         fmt::format("{} cannot be read as an nginx", file->string()),
                         "name the program with --nginx"});
    return;
  }
  diagnoses.push_back(
      {Level::kOk, kAbout,
       fmt::format("{} is nginx {}", file->string(), version_text(program->build))});
  for (const fs::path& module : options.modules) {
    if (module.filename() == kModuleFile) check_module_file(options, *program, module, diagnoses);
  }
  check_configuration(options, *program, diagnoses, reporters);
}

}  // namespace connfate::cli
