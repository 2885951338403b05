// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/checks.hpp"

#include <algorithm>

namespace connfate::cli {
namespace {

bool has_server(const Findings& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) {
    return f.about.starts_with("nginx") || f.about.starts_with("httpd");
  });
}

}  // namespace

Findings check_all(const DoctorOptions& options) {
  Findings findings;
  std::vector<std::filesystem::path> sockets;
  check_kernel(findings);
  check_nginx(options, findings, sockets);
  check_httpd(options, findings, sockets);
  if (!has_server(findings)) {
    findings.push_back({Level::kWarning, "server", "neither nginx nor Apache httpd was found",
                        "name the program with --nginx or --httpd"});
  }
  check_witness(options, sockets, findings);
  return findings;
}

}  // namespace connfate::cli
