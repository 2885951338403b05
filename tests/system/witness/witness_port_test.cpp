// SPDX-License-Identifier: Apache-2.0
// A server without a module, watched by --port: each connection as a whole.
#include <gtest/gtest.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "peers/socket_queues.hpp"
#include "system/witness/own_server.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;
using Line = Witness::Line;

using WitnessPortTest = OwnServerTest;

TEST_F(WitnessPortTest, AnOrderlyEndIsDeliveredAndSaysWhoClosedFirst) {
  for (const bool client_first : {true, false}) {
    meet(*place_->watched);
    answer(1000);
    if (client_first) {
      client_->close();
      EXPECT_EQ(accepted_->read(), 0);
      accepted_.reset();
    } else {
      accepted_.reset();
      EXPECT_EQ(client_->read_some(), "");
      client_->close();
    }
    const Line line = connection_line();
    EXPECT_EQ(line["fate"], "delivered") << line;
    EXPECT_EQ(line["acked"], 1000) << line;
    EXPECT_EQ(line["close"], client_first ? "fin" : "local") << line;
    EXPECT_EQ(line["confidence"], "proven") << line;
  }
}

TEST_F(WitnessPortTest, AClientsResetWithDataUnacknowledgedIsTheClients) {
  meet(*place_->watched);
  EXPECT_GT(accepted_->fill(), 0U);
  client_->wait_until_acked_idle(std::chrono::milliseconds(200));
  client_->reset();
  EXPECT_EQ(accepted_->read_to_end(), -ECONNRESET);
  accepted_.reset();
  const Line line = connection_line();
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_EQ(line["rst_from"], "client") << line;
  EXPECT_EQ(line["by"], "client") << line;
  EXPECT_EQ(line["close"], "rst") << line;
  EXPECT_GT(line["unacked"], 0) << line;
}

TEST_F(WitnessPortTest, ABlackHoleEndsInSilence) {
  meet(*place_->watched);
  block(Block::kDropBoth);
  accepted_->write(std::string(1000, 'x'));
  EXPECT_EQ(accepted_->read_to_end(), -ETIMEDOUT);
  accepted_.reset();
  const Line line = connection_line();
  EXPECT_EQ(line["fate"], "ack_timeout") << line;
  EXPECT_EQ(line["by"], "peer") << line;
  EXPECT_EQ(line["close"], "timeout") << line;
  EXPECT_EQ(line["acked"], 0) << line;
  EXPECT_FALSE(line.contains("rst_from")) << line;
}

TEST_F(WitnessPortTest, AServerThatClosesWithBytesUnreadResetsByItself) {
  meet(*place_->watched);
  client_->send("a request that nobody reads");
  EXPECT_TRUE(peers::wait_unread(accepted_->fd(), 10, seconds(5)));
  EXPECT_GT(accepted_->fill(), 0U);
  accepted_.reset();
  const Line line = connection_line();
  EXPECT_EQ(line["fate"], "server_abort") << line;
  EXPECT_EQ(line["by"], "server") << line;
  EXPECT_EQ(line["rst_from"], "self") << line;
  EXPECT_EQ(line["close"], "local") << line;
}

}  // namespace
}  // namespace connfate::harness
