// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the statement about an ICMP error: what it says, and who sent it. Used by silence.cpp.

#include <string>

#include "witness/wire/packet.hpp"

namespace connfate::witness {

/// "ICMP 3/13 (administratively prohibited) came from 192.0.2.1; nothing vouches for it"
std::string to_text(const IcmpError& error);

}  // namespace connfate::witness
