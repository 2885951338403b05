// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the check of a server that runs: whether it knows the configuration that the files hold.
// Used by nginx_check.cpp and httpd_check.cpp. It comes last; nothing is asked of the server:
// /proc tells when its workers were started, and which modules it has mapped.
// Surprising: only what is certain is told. Workers younger than every file prove nothing for
// httpd, which starts some at any time; and a server that was started with another file, or that
// lives in another mount namespace, is passed over.

#include <filesystem>
#include <string_view>
#include <vector>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/directive.hpp"

namespace connfate::cli {

struct ServerProcess {
  const char* about;               ///< "nginx running"
  std::vector<std::string> names;  ///< of the process
  std::string_view module_file;
  std::filesystem::path main_file;
  const char* reload;
};

void check_running(const DoctorOptions& options, const Configuration& configuration,
                   const ServerProcess& server, Diagnoses& diagnoses);

}  // namespace connfate::cli
