// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides eventually(): waiting for a condition that only polling can see (a line in a log file, a
// port that listens), with a deadline. Used instead of sleeping for a guessed time.

#include <chrono>
#include <functional>

namespace connfate::harness {

using std::chrono::milliseconds;

/// Calls `condition` every few milliseconds until it holds. Returns false when `limit` has passed
/// first; the condition is always tried at least once, and once more at the end.
bool eventually(const std::function<bool()>& condition, milliseconds limit);

}  // namespace connfate::harness
