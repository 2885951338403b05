// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a story of the outage lab as its file tells it: plain words first, then who plays where,
// what happens, what connfate must say, and what it must not. docs/lab.md describes the format.
// Failure: load_story() throws std::runtime_error with file, line and what to change.

#include <compare>
#include <filesystem>
#include <string>
#include <vector>

#include "lab/field_rule.hpp"
#include "lab/net/topology.hpp"
#include "lab/promise.hpp"
#include "lab/way.hpp"

namespace connfate::lab {

/// One thing that happens, in its words: "client gets /small.txt".
struct Step {
  std::vector<std::string> words;
  int line = 0;  ///< in the file, from 1
};

/// Who really ended it, or kept it from ending well: the answer that only the lab knows.
struct Truth {
  std::string by;        ///< client, path, server, or "-" when nothing was wrong
  std::string rst_from;  ///< client, path, self, or "-" when no RST reached or left the server
};

/// What a story may choose about its server.
struct ServerSetup {
  int send_timeout_s = 30;  ///< nginx send_timeout, httpd Timeout
  int keepalive_timeout_s = 75;
  std::string nginx;                    ///< more directives of its http block
  bool application_behind_box = false;  ///< it proxies to one at the client's side of the box

  auto operator<=>(const ServerSetup&) const = default;
};

struct Story {
  std::string name;   ///< of the file, without .yaml
  std::string title;  ///< one sentence
  std::string words;  ///< what happens, as one would tell it to a colleague
  Topology topology = Topology::kOneBox;
  std::vector<harness::ServerKind> servers;
  std::vector<harness::Protocol> protocols;
  std::vector<int> rtts_ms;
  bool ipv6 = false;           ///< is played over it, too
  std::string without_noise;   ///< why no good traffic can flow meanwhile; empty: it does
  std::string without_forger;  ///< why no blind forger can be about; empty: one is
  ServerSetup setup;
  bool on_demand = false;  ///< too slow for every run
  std::vector<Step> steps;
  Promise usual;
  std::vector<Exception> exceptions;
  std::vector<FieldRule> never;  ///< no line of the connection may fulfil any of them
  Truth truth;
  std::string undecided;  ///< why the server cannot know; empty: it must

  Promise promise_for(const Way& way) const { return lab::promise_for(way, usual, exceptions); }
};

Story load_story(const std::filesystem::path& file);

/// Every story of a folder, by name.
std::vector<Story> load_stories(const std::filesystem::path& folder);

}  // namespace connfate::lab
