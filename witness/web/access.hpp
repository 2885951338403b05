// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Access: whether a request may have an answer, decided from its head alone. Used by the
// web server in front of everything that it answers.
// Surprising: an address in `Host` is always good, a name only when it was allowed. A page of
// somebody else's that a browser is led to (DNS rebinding) carries its own name.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::witness {

/// Of an HTTP request, as it was sent.
struct RequestHead {
  std::string_view method;
  std::string_view host;           ///< empty: there is none, or several
  std::string_view authorization;  ///< the field's value; empty without one
};

enum class Admittance : std::uint8_t { kGranted, kMethodNotAllowed, kMisdirected, kUnauthorized };

struct Access {
  std::vector<std::string> hosts;  ///< names, besides `localhost`, under which it is known
  std::string token;               ///< what `Authorization: Bearer` must have
  bool needs_token = false;

  Admittance of(const RequestHead& request) const noexcept;
};

/// Whether both are equal, in a time that does not tell where they differ.
bool is_same_secret(std::string_view left, std::string_view right) noexcept;

}  // namespace connfate::witness
