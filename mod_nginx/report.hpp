// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the report on each logged request for which `connfate on` holds, once, at the beginning
// of the log phase.
// Surprising: only a good response waits for the end of the event loop's turn, on a connection that
// goes on: a report has to be sent before its connection ends.

#include "request.hpp"

namespace connfate::nginx {

/// In the log phase of a main request. Does nothing without a witness, and for what is not TCP.
void report_to_witness(const Exchange& x) noexcept;

}  // namespace connfate::nginx
