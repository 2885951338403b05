// SPDX-License-Identifier: Apache-2.0
// What the witness finally says of real responses of real servers: the motivating outage first,
// then who sent the RST, then what must never be said.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/deadline.hpp"
#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

using WitnessTest = WitnessStory;

TEST_P(WitnessTest, AGoodResponseIsDelivered) {
  peers::Client client = stage_->connect();
  client.get("/small.txt?secret=1");
  client.read_response();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "delivered") << line;
  EXPECT_EQ(line["by"], "-") << line;
  EXPECT_EQ(line["uri"], "/small.txt") << line;
  EXPECT_EQ(line["status"], 200) << line;
  EXPECT_EQ(line["confidence"], "proven") << line;
  EXPECT_FALSE(line.contains("rst_from")) << line;
}

// The motivating case: request served, response lost, nobody sent a FIN or a RST.

TEST_P(WitnessTest, SilenceAccusesNobodyWhileTheClientMightHaveVanished) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kDropBoth);
  stage_->let_backend_answer();
  const Line line = final_response();
  EXPECT_EQ(line["first"], "pending") << line;
  EXPECT_EQ(line["fate"], "ack_timeout") << line;
  EXPECT_EQ(line["by"], "peer") << line;
  EXPECT_EQ(line["close"], "timeout") << line;
  EXPECT_EQ(line["acked"], 0) << line;
  EXPECT_EQ(line["capture"], "complete") << line;
  EXPECT_FALSE(line.contains("rst_from")) << line;
  EXPECT_TRUE(says(line, "no FIN and no RST left this host")) << line;
  EXPECT_TRUE(says(line, "retransmitted")) << line;
}

TEST_P(WitnessTest, AClientThatIsHeardButAcknowledgesNothingShowsThatThePathFailed) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kDropToClient);
  stage_->let_backend_answer();
  stage_->await_line();
  std::this_thread::sleep_for(seconds(3));  // what the facts ask for: after retransmissions
  client.half_close();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "ack_timeout") << line;
  EXPECT_EQ(line["by"], "path") << line;
  EXPECT_TRUE(has_rule(line, "D2") || has_rule(line, "D3")) << line;
  EXPECT_TRUE(says(line, "cannot be")) << "which device: " << line;
}

TEST_P(WitnessTest, TroubleIsSaidWhileItHappens) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kDropBoth);
  stage_->let_backend_answer();
  const auto said = [&] {
    const auto lines = witness_->lines_of(stage_->client_port());
    return std::ranges::any_of(
        lines, [](const Line& l) { return l.value("reason", "") == "in_progress"; });
  };
  EXPECT_TRUE(eventually(said, seconds(6)));
  EXPECT_EQ(final_response()["fate"], "ack_timeout");
}

// Who sent the RST

TEST_P(WitnessTest, AClientsOwnResetIsTheClients) {
  peers::Client client = stage_->connect();
  client.get("/64m.bin");
  client.read_exactly(100'000);
  // Otherwise its kernel's answers to the data under way may overtake the reset.
  client.wait_until_acked_idle(std::chrono::milliseconds(200));
  client.reset();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_EQ(line["rst_from"], "client") << line;
  EXPECT_EQ(line["by"], "client") << line;
  EXPECT_EQ(line["confidence"], "strong") << line;
}

TEST_P(WitnessTest, AResetOfTheRouterIsNeverTheClients) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kResetServer);
  stage_->let_backend_answer();
  stage_->await_line();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_NE(line["rst_from"], "client") << line;
  EXPECT_NE(line["by"], "client") << line;
  EXPECT_TRUE(says(line, "ttl")) << line;
}

TEST_P(WitnessTest, AClientThatSpeaksAfterItsResetDidNotSendIt) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kResetServer);
  stage_->let_backend_answer();
  stage_->await_line();
  client.half_close();  // it knows nothing of a reset
  const Line line = final_response();
  EXPECT_EQ(line["rst_from"], "path") << line;
  EXPECT_EQ(line["by"], "path") << line;
  EXPECT_TRUE(has_rule(line, "P1")) << line;
}

TEST_P(WitnessTest, ThisServersOwnResetIsItsOwn) {
  peers::Client client = stage_->connect();
  client.send("POST /small.txt HTTP/1.1\r\nHost: connfate.test\r\nContent-Length: 900000\r\n\r\n" +
              std::string(1000, 'x'));
  std::this_thread::sleep_for(seconds(1));
  client.close();
  const auto lines = [&] { return witness_->lines_of(stage_->client_port()); };
  EXPECT_TRUE(eventually([&] { return !lines().empty(); }, seconds(40)));
  for (const Line& line : lines()) {
    if (line.contains("rst_from")) {
      EXPECT_NE(line["rst_from"], "path") << line;
    }
  }
}

// Connections without a request

TEST_P(WitnessTest, AResetBeforeAnyRequestIsALineAboutTheConnection) {
  peers::Client client = stage_->connect();
  client.send("GET /sm");
  Stage::settle();
  client.reset();
  const Line line = witness_->wait_for(stage_->client_port(), [](const Line&) { return true; });
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_EQ(line["phase"], "request") << line;
}

// The witness itself

TEST_P(WitnessTest, EveryLineNamesTheCookieOfItsAccessLogLine) {
  peers::Client client = stage_->connect();
  client.get("/small.txt");
  client.read_response();
  stage_->await_line();
  const LogLine logged = server_->log_lines_of(stage_->client_port()).front();
  EXPECT_EQ(final_response()["cookie"], logged.field("cookie"));
}

TEST_P(WitnessTest, AKilledWitnessIsNotMissedAndTheGapIsStated) {
  witness_->kill();
  {
    peers::Client client = stage_->connect();
    client.get("/small.txt");
    EXPECT_EQ(client.read_response().status, 200);
    stage_->await_line();
  }
  witness_->start();
  peers::Client client = stage_->connect();
  client.get("/small.txt");
  client.read_response();
  EXPECT_EQ(final_response()["fate"], "delivered");
  const auto lines = witness_->all_lines();
  const auto starts =
      std::ranges::count_if(lines, [](const Line& l) { return l["event"] == "witness_started"; });
  EXPECT_EQ(starts, 2);
  EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Every, WitnessTest, testing::ValuesIn(kServerKinds), name_of_server);

}  // namespace
}  // namespace connfate::harness
