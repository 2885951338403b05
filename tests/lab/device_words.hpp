// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the words that stories use for places, packets and forged resets. Used by the steps of
// the network. Failure: std::runtime_error with the words that are known.

#include <string>
#include <utility>

#include "lab/net/forgery.hpp"
#include "lab/net/rule.hpp"
#include "lab/net/topology.hpp"

namespace connfate::lab {

Host host_of(const std::string& word);      ///< client, server
Direction way_to(const std::string& word);  ///< client, server
Box box_of(const std::string& word);        ///< A, B
What what_of(const std::string& word);      ///< SYN, FIN, RST, data, acknowledgement

/// response, request, FIN, probe: of which direction, and what kind of packet.
std::pair<Direction, What> moment_of(const std::string& word);

/// "ttl=254 form=ack offset=5", in any order; each may be absent. docs/lab.md lists them.
Forgery rst_of(const std::string& options);

}  // namespace connfate::lab
