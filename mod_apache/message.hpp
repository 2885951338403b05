// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Message: whether a response was whole when it left the last filter that frames it, that
// is below the one that writes chunks. Used by view.cpp. nginx needs no such file: its body filter
// sees the last buffer.
// Surprising:
//  - r->eos_sent does not say it. It is set as soon as a brigade that ends the response starts on
//    its way; a bucket in front of the end that cannot be read (a backend that reset) lets the
//    brigade perish in a filter above, and no last chunk goes out.
//  - Nor do the request's header tables: an error page puts its own there, however much of the
//    first response went out before it.

#include <optional>

#include "connfate/units.hpp"
#include "server.hpp"

namespace connfate::apache {

struct Message {
  bool watched = false;   ///< the filter was added: without it nothing below means anything
  bool headless = false;  ///< HTTP/2 and 0.9: no head goes by in front of the body
  bool begun = false;     ///< its head went out; when headless, some of its body
  bool ended = false;     ///< its end went out, before anything spoiled it
  bool spoiled = false;   ///< the backend broke, or another answer was begun after this one
  bool closed = false;    ///< the handler came to its end, or could not go on
  std::optional<Bytes> announced;  ///< Content-Length, as it stood in the head that went out
  Bytes body{};                    ///< what went out behind the head; no chunk is counted

  /// Nothing is missing from what went out. Only for a message whose end had its chance.
  bool is_whole() const noexcept;
  /// The handler went away in the middle, and nothing had kept it from going on.
  bool is_abandoned() const noexcept { return watched && !closed; }
};

/// Registers the filter. Once per configuration.
void register_message_filter() noexcept;

/// Watches the answers to a request that the client sent, internal redirects included.
void watch_message(request_rec* r, Message& message) noexcept;

/// False when a handler took the request's filters away (an "nph" script, a tunnel).
bool is_still_watched(const request_rec* r) noexcept;

/// Another answer begins: an error page, or an internal redirect.
void begin_other_answer(const request_rec* r, Message& message) noexcept;

}  // namespace connfate::apache
