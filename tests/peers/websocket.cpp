// SPDX-License-Identifier: Apache-2.0
#include "peers/websocket.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace connfate::peers {

namespace {

constexpr std::uint8_t kFinalText = 0x81;
constexpr std::uint8_t kFinalBinary = 0x82;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::array<std::uint8_t, 4> kMask = {0x37, 0xfa, 0x21, 0x3d};  // RFC 6455, section 5.7
constexpr char kKey[] = "dGhlIHNhbXBsZSBub25jZQ==";                      // RFC 6455, section 1.3
constexpr char kGuid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";         // RFC 6455, section 1.3

void append_byte(std::string& frame, std::uint64_t byte) {
  frame += static_cast<char>(static_cast<std::uint8_t>(byte));
}

std::string frame_head(std::uint8_t kind, std::uint8_t mask_bit, std::uint64_t length) {
  const int extra = length < 126 ? 0 : length < 65536 ? 2 : 8;
  std::string head;
  append_byte(head, kind);
  append_byte(head, mask_bit | (extra == 0 ? length : extra == 2 ? 126 : 127));
  for (int shift = 8 * (extra - 1); shift >= 0; shift -= 8) append_byte(head, length >> shift);
  return head;
}

}  // namespace

std::string upgrade_request(std::string_view path, std::string_view host) {
  std::string request = "GET ";
  request.append(path).append(" HTTP/1.1\r\nHost: ").append(host);
  request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
  return request.append("Sec-WebSocket-Key: ").append(kKey).append("\r\n\r\n");
}

std::string text_frame(std::string_view payload) {
  std::string frame = frame_head(kFinalText, kMasked, payload.size());
  for (const std::uint8_t byte : kMask) append_byte(frame, byte);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    append_byte(frame, static_cast<std::uint8_t>(payload[i]) ^ kMask[i % kMask.size()]);
  }
  return frame;
}

std::string server_frame(std::size_t payload_bytes) {
  return frame_head(kFinalBinary, 0, payload_bytes).append(payload_bytes, 'x');
}

std::string websocket_accept(std::string_view key) {
  const std::string text = std::string(key) + kGuid;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 29> base64{};  // 28 characters for 20 bytes, and a NUL
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return {base64.begin(), base64.begin() + length};
}

}  // namespace connfate::peers
