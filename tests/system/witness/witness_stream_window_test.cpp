// SPDX-License-Identifier: Apache-2.0
// HTTP/2: the client's window lets nothing out, nothing is on its way, and the server's timer ends
// the stream. Whether the client was there is seen afterwards, or never.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "peers/http2_client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

class StreamWindowTest : public WitnessStory {
 protected:
  void SetUp() override {
    if (GetParam() == ServerKind::kPrefork) GTEST_SKIP() << "prefork has no HTTP/2";
    WitnessStory::SetUp();
  }

  WitnessHouse::Plan plan() const override {
    WitnessHouse::Plan plan;
    plan.send_timeout = std::chrono::seconds(1);
    return plan;
  }

  /// Its stream's window is closed, so that no body can leave the server.
  peers::Http2Client ask() {
    peers::Http2Options options;
    options.stream_window = 0;
    options.update_windows = false;
    peers::Http2Client client(server_->h2c_address(), options);
    stage_->watch(client.connection().local_port());
    client.request("/small.txt");
    client.run_for(std::chrono::milliseconds(300));
    return client;
  }
};

/// The path is gone before the timer runs out: neither can be told from the other, and nobody is
/// blamed in the end.
TEST_P(StreamWindowTest, APathThatWasSilentByThenAccusesNobody) {
  peers::Http2Client client = ask();
  stage_->block(Block::kDropBoth);
  const Line line = final_response();
  EXPECT_EQ(line["first"], "client_stalled") << line;
  EXPECT_EQ(line["fate"], "unknown") << line;
  EXPECT_EQ(line["by"], "unknown") << line;
  EXPECT_EQ(line["rule"], "final-stalled-or-cut-off") << line;
}

TEST_P(StreamWindowTest, AClientThatAcknowledgesTheGoodbyeHadStalled) {
  peers::Http2Client client = ask();
  client.run_for(std::chrono::seconds(5));
  client.connection().close();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "client_stalled") << line;
  EXPECT_EQ(line["by"], "client") << line;
}

INSTANTIATE_TEST_SUITE_P(Every, StreamWindowTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness
