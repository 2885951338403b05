// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/handshake_end.hpp"

#include <gtest/gtest.h>

#include "witness/frames.hpp"

namespace connfate::witness {
namespace {

using namespace frames;

bool ends(const Bytes8& payload) {
  return ends_handshake(std::as_bytes(std::span(payload)));
}

Bytes8 record(std::uint8_t type, std::size_t length) {
  return Bytes8{type, 3, 3} + u16(length) + zeros(length);
}

TEST(HandshakeEndTest, is_the_clients_finished_behind_its_change_of_cipher) {
  EXPECT_TRUE(ends(record(0x14, 1) + record(0x17, 53)));
  EXPECT_TRUE(ends(record(0x14, 1) + record(0x17, 69)));
  EXPECT_TRUE(ends(record(0x16, 70) + record(0x14, 1) + record(0x16, 40))) << "TLS 1.2";
}

TEST(HandshakeEndTest, is_nothing_else) {
  EXPECT_FALSE(ends({}));
  EXPECT_FALSE(ends(record(0x16, 70)));
  EXPECT_FALSE(ends(record(0x14, 1)));
  EXPECT_FALSE(ends(record(0x17, 53))) << "a request may have that length";
  EXPECT_FALSE(ends(record(0x14, 1) + record(0x17, 90)));
  EXPECT_FALSE(ends(record(0x14, 1) + record(0x17, 53) + record(0x17, 90)))
      << "a request behind it";
  Bytes8 cut = record(0x14, 1) + record(0x17, 53);
  cut.pop_back();
  EXPECT_FALSE(ends(cut));
}

}  // namespace
}  // namespace connfate::witness
