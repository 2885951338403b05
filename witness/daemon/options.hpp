// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Options: how the witness is told what to do, by its command line and by a configuration
// file with the same names. Used by main, which passes them to the self-check or to the service.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "witness/tracking/tracker.hpp"
#include "witness/web/web_address.hpp"

namespace connfate::witness {

struct Options {
  enum class Format : std::uint8_t { kJson, kLogfmt };

  std::filesystem::path socket = "/run/connfate/witness.sock";
  mode_t socket_mode = 0666;
  std::vector<uid_t> senders;  ///< whose reports are taken; empty: default_senders()

  std::string output = "-";
  Format format = Format::kJson;
  std::string node;           ///< whose lines they are; empty: this host's name
  bool mask_clients = false;  ///< only the network of a client's address is written

  std::vector<std::uint16_t> ports;               ///< watched without a module
  std::vector<std::string> interfaces = {"any"};  ///< empty: no packets

  std::optional<WebAddress> web;  ///< nullopt: nothing is answered over HTTP
  std::filesystem::path web_token_file;
  std::vector<std::string> web_hosts;  ///< names under which it is known

  std::string user;  ///< to become; empty: default_account() when started as root
  bool check = false;

  /// log_all, memory and the durations; capture_runs is decided when the capture is opened.
  TrackerOptions tracker;
};

struct ParsedOptions {
  std::optional<Options> options;  ///< nullopt: nothing is to be run
  int exit_code = 0;               ///< then
  std::string message;             ///< then: help, the version, or what is wrong and what to do
};

ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace connfate::witness
