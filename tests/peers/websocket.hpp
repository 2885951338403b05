// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the bytes of a WebSocket client (RFC 6455): the upgrade request and text frames; and the
// server's proof of the upgrade. Key and mask are fixed: runs repeat byte for byte.

#include <string>
#include <string_view>

namespace connfate::peers {

/// Version 13, with a valid Sec-WebSocket-Key.
std::string upgrade_request(std::string_view path, std::string_view host);

/// One final, masked text frame; any length.
std::string text_frame(std::string_view payload);

/// One final, unmasked binary frame of `payload_bytes` times 'x', as a server sends it.
std::string server_frame(std::size_t payload_bytes);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);

}  // namespace connfate::peers
