// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the checks of `connfate doctor`: each looks at one part of this host and appends what it
// found. None changes anything, runs a server, or sends a byte.
// Used by the command. What cannot be looked at is a finding as well, never an exception.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/doctor/diagnosis.hpp"

namespace connfate::cli {

struct DoctorOptions {
  std::filesystem::path root = "/";            ///< all other paths are below it
  std::vector<std::filesystem::path> modules;  ///< to compare with the servers that are found
  std::optional<std::filesystem::path> nginx;  ///< the program; else the usual places
  std::optional<std::filesystem::path> httpd;
  std::optional<std::filesystem::path> nginx_configuration;  ///< else what the program says
  std::optional<std::filesystem::path> httpd_configuration;
  std::optional<std::filesystem::path> nginx_dump;  ///< output of `nginx -T`, instead of the files
  std::filesystem::path witness_configuration = "/etc/connfate/witness.conf";
};

using Diagnoses = std::vector<Diagnosis>;

/// A server that reports to a witness.
struct Reporter {
  std::string server;  ///< "nginx" or "httpd", as its reports say
  std::filesystem::path socket;
};
using Reporters = std::vector<Reporter>;

void check_kernel(Diagnoses& diagnoses);

/// They append to `reporters` each socket that the servers report to.
void check_nginx(const DoctorOptions& options, Diagnoses& diagnoses, Reporters& reporters);
void check_httpd(const DoctorOptions& options, Diagnoses& diagnoses, Reporters& reporters);

void check_witness(const DoctorOptions& options, const Reporters& reporters, Diagnoses& diagnoses);

/// Everything, in the order of a response's way.
Diagnoses check_all(const DoctorOptions& options);

}  // namespace connfate::cli
