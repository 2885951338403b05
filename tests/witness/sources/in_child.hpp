// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides in_child(): runs something in a forked child, which may give up its privileges for good.

#include <functional>

namespace connfate::witness::fixture {

/// The exit code of the child: 0 when `holds` returned true, 1 when false, 2 when it threw (the
/// message is on standard error).
int in_child(const std::function<bool()>& holds);

}  // namespace connfate::witness::fixture
