// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ProxyHeader: how many of a connection's first bytes are a PROXY header (haproxy.org,
// proxy-protocol.txt 2.1 and 2.2), which a load balancer sends before the client has said anything.
// Used where a module counts the bytes of a request. It judges nothing: whether the server wants
// such a header, and what is in it, is the server's business.

#include <cstdint>
#include <string_view>

#include "connfate/units.hpp"

namespace connfate {

class ProxyHeader {
 public:
  /// The next bytes of the connection, in their order, from its very first on.
  void take(std::string_view bytes) noexcept;

  /// Of the bytes so far; 0 where they begin with none.
  Bytes size() const noexcept { return Bytes{size_}; }

  /// Whatever comes next does not belong to it.
  bool is_over() const noexcept { return form_ == Form::kOver; }

 private:
  enum class Form : std::uint8_t { kNotKnown, kText, kBinary, kOver };

  void take_text(char c) noexcept;
  void take_binary(char c) noexcept;
  void none() noexcept;

  Form form_ = Form::kNotKnown;
  std::uint32_t size_ = 0;
  std::uint32_t end_ = 0;  ///< of the binary form, once its length is known
};

}  // namespace connfate
