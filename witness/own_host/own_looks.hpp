// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the looks of the rules H2, H3 and H5 at the packets of one connection: each returns its
// statement, empty when it does not apply. Used by own_host.cpp.

#include <string>

#include "witness/own_host/own_host.hpp"

namespace connfate::witness {

/// H2 of a RST: this host made the one that ended the connection.
std::string look_at_own_reset(const OwnHostQuestion& question);

struct OwnIcmp {
  bool forbids = false;  ///< else: it says that nothing is there
  std::string statement;
};

/// H2 of an ICMP message: this host forbids what it is asked to send, or cannot reach its
/// neighbour. "Fragmentation needed" is neither.
OwnIcmp look_at_own_icmp(const OwnHostQuestion& question);

/// H3: packets of the client that TCP had to take, and did not.
std::string look_at_own_input(const OwnHostQuestion& question);

/// H5: a RST to the client that no TCP sent.
std::string look_at_reset_of_nobody(const OwnHostQuestion& question);

}  // namespace connfate::witness
