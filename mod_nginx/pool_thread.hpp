// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a thread of nginx's pool (`aio threads`) has sent though nginx has not heard of it:
// the client had all of it and closed, and nginx heard of that first. It calls this a client that
// closed too early; the kernel has counted what the thread wrote.

#include "request.hpp"

namespace connfate::nginx {

/// Whether the response is whole that way. One TCP_INFO, where a thread has sent at all.
bool pool_thread_wrote_the_rest(const Exchange& x) noexcept;

}  // namespace connfate::nginx
