// SPDX-License-Identifier: Apache-2.0
// A server that starts after the witness: what its port begins with is captured, too.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

/// One test alone: the house is new, and so is each server's port.
class NewListenerTest : public WitnessStory {};

TEST_P(NewListenerTest, ItsFirstConnectionIsCapturedFromTheStart) {
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  peers::Client client = stage_->connect();
  client.get("/small.txt");
  client.read_response();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "delivered") << line;
  EXPECT_EQ(line["capture"], "complete") << line;
}

INSTANTIATE_TEST_SUITE_P(Every, NewListenerTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent,
                                         ServerKind::kPrefork),
                         name_of_server);

}  // namespace
}  // namespace connfate::harness
