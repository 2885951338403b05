// SPDX-License-Identifier: Apache-2.0
#include "connfate/websocket_frames.hpp"

#include <gtest/gtest.h>

#include <string>

namespace connfate {
namespace {

using namespace std::string_literals;

std::span<const unsigned char> bytes_of(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

bool is_closed_after(const std::string& stream, std::size_t piece) {
  WebSocketFrames frames;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    frames.take(bytes_of(stream.substr(at, piece)));
  }
  return frames.closed();
}

/// In pieces of every size: where a read ends does not matter.
void expect_closed(const std::string& stream, bool closed) {
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    EXPECT_EQ(is_closed_after(stream, piece), closed) << "pieces of " << piece;
  }
}

const std::string kText = "\x81\x05hello"s;
const std::string kClose = "\x88\x02\x03\xe8"s;
const std::string kEmptyClose = "\x88\x00"s;

TEST(WebSocketFramesTest, ACloseFrameClosesWithAndWithoutAStatus) {
  expect_closed(kText + kClose, true);
  expect_closed(kEmptyClose, true);
}

TEST(WebSocketFramesTest, NothingElseDoes) {
  expect_closed(kText + kText, false);
  expect_closed("\x89\x00\x8a\x01x"s, false);  // ping, pong
}

TEST(WebSocketFramesTest, ACloseFrameThatWasCutDoesNot) {
  expect_closed(kText + kClose.substr(0, 3), false);
  expect_closed("\x88"s, false);
}

TEST(WebSocketFramesTest, BytesInsideAMessageAreNoFrames) {
  expect_closed("\x82\x04"s + kClose, false);
  expect_closed("\x82\x7e\x01\x00"s + std::string(252, 'x') + kClose, false);
  expect_closed("\x82\x7e\x01\x00"s + std::string(256, '\x88') + kClose, true);
}

TEST(WebSocketFramesTest, KnowsLongLengthsAndMasks) {
  expect_closed("\x82\x7f\x00\x00\x00\x00\x00\x00\x01\x00"s + std::string(256, '\x88'), false);
  expect_closed("\x82\x7f\x00\x00\x00\x00\x00\x00\x01\x00"s + std::string(256, 0) + kClose, true);
  expect_closed("\x81\x83mask\x88\x00\x00"s + "\x88\x82mask\x03\xe8"s, true);
}

TEST(WebSocketFramesTest, NothingFollowsAClose) {
  expect_closed(kClose + "\x81\x7f"s, true);
}

}  // namespace
}  // namespace connfate
