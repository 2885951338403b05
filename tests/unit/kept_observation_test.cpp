// SPDX-License-Identifier: Apache-2.0
// Which look at a request's socket is kept, and what the others leave as it was. On a descriptor
// that is none: every look says `unknown`, and one that counts forgets the connection's baseline.
#include "connfate/kept_observation.hpp"

#include <gtest/gtest.h>

#include <array>

namespace connfate {
namespace {

class KeptObservationTest : public testing::Test {
 protected:
  const Observation* take(bool in_log_phase) {
    return kept_.take(
        {.fd = -1, .is_tcp = false, .in_log_phase = in_log_phase, .wanted = {}}, record_,
        [this] {
          ++views_;
          return ServerView{};
        },
        [this]() -> void* { return used_ < room_.size() ? &room_[used_++] : nullptr; });
  }

  struct alignas(Observation) Room {
    std::array<std::byte, sizeof(Observation)> bytes;
  };
  Connection record_;
  KeptObservation kept_;
  std::array<Room, 3> room_;
  std::size_t used_ = 0;
  int views_ = 0;
};

TEST_F(KeptObservationTest, OfTheLogPhaseThereIsOne) {
  const Observation* first = take(true);
  EXPECT_EQ(take(true), first);
  EXPECT_EQ(views_, 1);
  EXPECT_TRUE(kept_.is_there());
  EXPECT_FALSE(record_.baseline) << "it has moved the connection on";
}

TEST_F(KeptObservationTest, BeforeIsAFreshLookThatChangesNothing) {
  const Observation* first = take(false);
  EXPECT_NE(take(false), first);
  EXPECT_EQ(views_, 2);
  EXPECT_FALSE(kept_.is_there());
  EXPECT_TRUE(record_.baseline);
}

TEST_F(KeptObservationTest, WhatALaterFieldAskedForIsAddedToTheSameLook) {
  EXPECT_FALSE(take(true)->cookie);
  record_.cookie = 7;
  record_.ttl = 52;
  EXPECT_EQ(take(true)->cookie, 7U);
  EXPECT_EQ(take(true)->ttl, 52);
}

TEST_F(KeptObservationTest, WithoutMemoryThereIsNoLook) {
  used_ = room_.size();
  EXPECT_EQ(take(true), nullptr);
  EXPECT_FALSE(kept_.is_there());
  EXPECT_TRUE(record_.baseline);
}

TEST(IdentityTest, IsWhatTheFieldNeeds) {
  EXPECT_TRUE(Identity::of(Needs::kCookie).cookie);
  EXPECT_FALSE(Identity::of(Needs::kCookie).ttl);
  EXPECT_TRUE(Identity::of(Needs::kTtl).ttl);
  EXPECT_FALSE(Identity::of(Needs::kSnapshot).cookie);
}

}  // namespace
}  // namespace connfate
