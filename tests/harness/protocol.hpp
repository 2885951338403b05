// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the ways in which a scenario can speak to a server.

#include <cstdint>
#include <string_view>
#include <vector>

namespace connfate::harness {

enum class Protocol : std::uint8_t {
  kCleartext,  ///< HTTP/1.1
  kTls,        ///< HTTP/1.1 over TLS
  kHttp2,      ///< cleartext, prior knowledge
  kHttp2Tls,   ///< over TLS, chosen by ALPN
};
inline constexpr Protocol kProtocols[] = {Protocol::kCleartext, Protocol::kTls, Protocol::kHttp2,
                                          Protocol::kHttp2Tls};

constexpr bool is_http2(Protocol protocol) {
  return protocol == Protocol::kHttp2 || protocol == Protocol::kHttp2Tls;
}

constexpr bool is_tls(Protocol protocol) {
  return protocol == Protocol::kTls || protocol == Protocol::kHttp2Tls;
}

/// As test names say it: "Cleartext", "Tls", "Http2", "Http2Tls".
constexpr std::string_view to_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::kCleartext: return "Cleartext";
    case Protocol::kTls: return "Tls";
    case Protocol::kHttp2: return "Http2";
    case Protocol::kHttp2Tls: return "Http2Tls";
  }
  return {};
}

using Protocols = std::vector<Protocol>;

}  // namespace connfate::harness
