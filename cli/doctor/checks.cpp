// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/checks.hpp"

#include <algorithm>

namespace connfate::cli {
namespace {

bool has_server(const Diagnoses& diagnoses) {
  return std::ranges::any_of(diagnoses, [](const Diagnosis& f) {
    return f.about.starts_with("nginx") || f.about.starts_with("httpd");
  });
}

}  // namespace

Diagnoses check_all(const DoctorOptions& options) {
  Diagnoses diagnoses;
  Reporters reporters;
  check_kernel(diagnoses);
  check_nginx(options, diagnoses, reporters);
  check_httpd(options, diagnoses, reporters);
  if (!has_server(diagnoses)) {
    diagnoses.push_back({Level::kWarning, "server", "neither nginx nor Apache httpd was found",
                         "name the program with --nginx or --httpd"});
  }
  check_witness(options, reporters, diagnoses);
  return diagnoses;
}

}  // namespace connfate::cli
