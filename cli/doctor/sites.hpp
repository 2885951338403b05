// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Site, one server block of nginx or one virtual host of httpd, with what connfate does
// there, and the diagnoses about all sites of a server, in the same words for both. Made by
// nginx_sites.cpp and httpd_sites.cpp as the servers inherit: an inner access_log or CustomLog
// replaces the outer ones. Used by the checks of the servers.

#include <string>
#include <string_view>
#include <vector>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/directive.hpp"

namespace connfate::cli {

struct Site {
  std::string name;                     ///< its first server name, else where it listens
  std::string place;                    ///< file:line
  bool is_on = false;                   ///< connfate on, in it or around it
  bool logs_fate = false;               ///< some log of it has a connfate field
  std::vector<std::string> blind_logs;  ///< logs beside which no other has one
};

std::vector<Site> nginx_sites(const Configuration& configuration);
std::vector<Site> httpd_sites(const Configuration& configuration);

/// How the server spells it.
struct SiteWords {
  const char* about;  ///< "nginx"
  const char* log;    ///< "nginx log"
  const char* site;   ///< "server"
  const char* turn_on;
  const char* log_it;  ///< what gives each log a fate
};

/// `has_witness`: the server reports every response to a witness, whatever its logs say.
void check_sites(const std::vector<Site>& sites, bool has_witness, const SiteWords& words,
                 Diagnoses& diagnoses);

}  // namespace connfate::cli
