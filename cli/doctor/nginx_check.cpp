// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/server_binary.hpp"
#include "cli/doctor/server_check.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout = "nginx";
constexpr const char* kModule = "nginx module";
constexpr const char* kLog = "nginx log";
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

bool is_used(const Configuration& configuration, const std::vector<std::string>& formats) {
  return std::ranges::any_of(configuration.directives, [&formats](const Directive& d) {
    return d.words[0] == "access_log" && d.words.size() > 2 &&
           std::ranges::find(formats, d.words[2]) != formats.end();
  });
}

void check_log(const Configuration& configuration, Diagnoses& diagnoses) {
  const auto formats = our_formats(configuration);
  if (formats.empty()) {
    diagnoses.push_back({Level::kWarning, kLog, "no log_format has a connfate field",
                         "end a log_format with $connfate_log; conf/nginx-combined.conf"});
  } else if (!is_used(configuration, formats)) {
    diagnoses.push_back({Level::kWarning, kLog,
                         fmt::format("no access_log uses the log_format {}", formats.front()),
                         fmt::format("access_log /var/log/nginx/access.log {};", formats.front())});
  } else {
    diagnoses.push_back({Level::kOk, kLog, "an access_log has connfate fields"});
  }
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
                         Diagnoses& diagnoses, std::vector<fs::path>& sockets) {
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
  check_log(configuration, diagnoses);
  check_maps(configuration, diagnoses);
  for (const Directive& d : configuration.directives) {
    if (d.words[0] == "connfate_witness" && d.words.size() > 1) sockets.emplace_back(d.words[1]);
  }
}

}  // namespace

void check_nginx(const DoctorOptions& options, Diagnoses& diagnoses,
                 std::vector<fs::path>& sockets) {
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
  check_configuration(options, *program, diagnoses, sockets);
}

}  // namespace connfate::cli
