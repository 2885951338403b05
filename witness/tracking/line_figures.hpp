// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the figures of a line: the bytes of its response, what the socket last said, and the
// statements made of them. Used by line_maker.cpp.

#include <optional>

#include "witness/tracking/line_maker.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {

/// `acked`: of the stream, the highest known.
void add_figures(FinalLine& line, const Known& known, const Subject& subject,
                 std::optional<Bytes> acked);

}  // namespace connfate::witness
