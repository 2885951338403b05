// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the backend wants to know of a request. Pure: text to value.

#include <cstdint>
#include <string>
#include <string_view>

namespace connfate::peers {

struct BackendRequest {
  std::string behaviour;  ///< the path's last segment, for example "ok" of /prefix/ok?bytes=5
  std::string query;
  std::string websocket_key;
  std::uint64_t body_bytes = 0;  ///< Content-Length
  bool is_http_1_0 = false;
  bool wants_close = false;  ///< Connection: close, or HTTP/1.0 without keep-alive

  /// A parameter of the query; `otherwise` when absent or not a number.
  std::uint64_t number(std::string_view name, std::uint64_t otherwise = 0) const;
};

/// The head of a request, as read_head() returns it. Nonsense gives an empty behaviour.
BackendRequest parse_backend_request(std::string_view head);

}  // namespace connfate::peers
