// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/server_check.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <system_error>

namespace connfate::cli {

namespace fs = std::filesystem;

fs::path below(const DoctorOptions& options, const fs::path& path) {
  // A relative path was typed by somebody, who means the directory where he is.
  return path.is_absolute() ? options.root / path.relative_path() : path;
}

std::optional<fs::path> find_program(const DoctorOptions& options,
                                     const std::optional<fs::path>& asked,
                                     std::initializer_list<const char*> usual) {
  if (asked) return asked;
  for (const char* path : usual) {
    std::error_code ignored;
    if (fs::exists(below(options, path), ignored)) return path;
  }
  return std::nullopt;
}

bool report_unread(const Configuration& configuration, const char* server, Diagnoses& diagnoses) {
  for (const std::string& file : configuration.unread) {
    diagnoses.push_back(
        {Level::kWarning, server, "cannot read " + file,
         "run connfate doctor as root, or name the file (--nginx-config, --httpd-config)"});
  }
  return !configuration.files.empty() || !configuration.directives.empty();
}

bool mentions(const Configuration& configuration, std::string_view name, std::string_view part) {
  return std::ranges::any_of(configuration.directives, [&](const Directive& d) {
    return ::strcasecmp(d.words[0].c_str(), std::string(name).c_str()) == 0 &&
           std::ranges::any_of(
               d.words, [part](const std::string& word) { return word.find(part) != word.npos; });
  });
}

}  // namespace connfate::cli
