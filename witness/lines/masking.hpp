// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides masked(): a line in which only the network of the client (/24, /48) is left, in its
// fields and in the words of its evidence. Used by the service when the option --mask-clients is
// given. The client's port stays: the cookie joins lines, and without the address it names nobody.

#include "witness/lines/final_line.hpp"

namespace connfate::witness {

FinalLine masked(FinalLine line);

}  // namespace connfate::witness
