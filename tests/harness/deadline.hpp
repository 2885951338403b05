// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides eventually(): waiting for a condition that only polling can see (a line in a log file, a
// port that listens), with a deadline. Used instead of sleeping for a guessed time.
// Surprising: when servers run under a wrapper (CONNFATE_SERVER_WRAPPER), all deadlines are longer,
// since valgrind makes them tens of times slower. Times that a story is about are not deadlines.

#include <chrono>
#include <functional>

namespace connfate::harness {

using std::chrono::milliseconds;

/// Words that a server is started with, for example valgrind and its options; nullptr: none.
const char* server_wrapper();

/// `limit`, or so much longer as a server under the wrapper may need.
milliseconds patient(milliseconds limit);

/// Calls `condition` every few milliseconds until it holds. Returns false when patient(limit) has
/// passed first; the condition is always tried at least once, and once more at the end.
bool eventually(const std::function<bool()>& condition, milliseconds limit);

}  // namespace connfate::harness
