// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the checks of the two servers share: looking for programs, and the diagnoses about
// a module and a configuration, in the same words for both. Used by nginx_check.cpp and
// httpd_check.cpp.

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/directive.hpp"

namespace connfate::cli {

/// `path` below the root that is looked at.
std::filesystem::path below(const DoctorOptions& options, const std::filesystem::path& path);

/// The one that was asked for, else the first that exists.
std::optional<std::filesystem::path> find_program(const DoctorOptions& options,
                                                  const std::optional<std::filesystem::path>& asked,
                                                  std::initializer_list<const char*> usual);

/// What of the configuration could not be read, as a warning; false when nothing was read at all.
bool report_unread(const Configuration& configuration, const char* server, Diagnoses& diagnoses);

/// Whether any word of any directive called `name` contains `part`.
bool mentions(const Configuration& configuration, std::string_view name, std::string_view part);

}  // namespace connfate::cli
