// SPDX-License-Identifier: Apache-2.0
// connfate beside another module that taps connections as it does: whoever comes first, whoever
// wraps twice, whoever takes its tap off again. Every response is served, and judged as ever.
#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;

struct Neighbour {
  bool loaded_first;
  const char* layers;
  const char* off;
};

class BesideTest : public NginxStage, public testing::WithParamInterface<Neighbour> {
 protected:
  void start_beside() {
    const Neighbour& neighbour = GetParam();
    auto& modules = neighbour.loaded_first ? options_.modules_before : options_.modules_after;
    modules.push_back(CONNFATE_SECOND_TAP);
    start(std::string("second_tap ") + neighbour.layers + ";\nsecond_tap_off " + neighbour.off +
          ";\n");
    workers_ = server_->workers();
  }

  void expect_lines(int port, std::size_t count) const {
    server_->wait_for_line(port, count);
    for (const LogLine& line : server_->log_lines_of(port)) expect_good(line);
  }

  void fetch_one_after_the_other(Transport transport) const {
    peers::Client client = connect(transport);
    for (const char* path : {"/small.txt", "/medium.bin", "/backend/ok?bytes=5000", "/small.txt"}) {
      client.get(path);
      const auto response = client.read_response();
      EXPECT_EQ(response.status, 200) << path;
      EXPECT_TRUE(response.complete) << path;
    }
    expect_lines(client.local_port(), 4);
  }

  void fetch_over_http2(Transport transport) const {
    const InNamespace here = lab_->enter_client();
    const bool tls = transport == Transport::kTls;
    peers::Http2Client client(tls ? server_->address(transport) : server_->h2c_address(),
                              {.connection = {.transport = transport}});
    for (const char* path : {"/medium.bin", "/small.txt", "/small.txt"}) {
      const auto stream = client.request(path);
      client.run_until_closed(stream);
      EXPECT_EQ(client.stream(stream).status, 200) << path;
    }
    expect_lines(client.connection().local_port(), 3);
  }

  void expect_reset_seen() const {
    peers::Client client = connect();
    client.get("/64m.bin");
    client.read_exactly(100'000);
    client.reset();
    const LogLine line = server_->wait_for_line(client.local_port());
    EXPECT_TRUE(line.field("fate") == "rst_received" || line.field("fate") == "broken_pipe")
        << line.text;
  }

  std::vector<pid_t> workers_;
};

TEST_P(BesideTest, ServesAndJudgesAsEver) {
  start_beside();
  for (const Transport transport : {Transport::kCleartext, Transport::kTls}) {
    fetch_one_after_the_other(transport);
    fetch_over_http2(transport);
  }
  expect_reset_seen();
  EXPECT_EQ(server_->workers(), workers_) << "a worker died";
}

std::vector<Neighbour> neighbours() {
  std::vector<Neighbour> all;
  for (const bool first : {true, false}) {
    for (const char* layers : {"early", "late", "both"}) {
      for (const char* off : {"never", "careful", "careless"}) all.push_back({first, layers, off});
    }
  }
  return all;
}

void PrintTo(const Neighbour& neighbour, std::ostream* out) {
  *out << neighbour.layers << ", off " << neighbour.off;
}

std::string name_of(const testing::TestParamInfo<Neighbour>& parameter) {
  const auto& [first, layers, off] = parameter.param;
  return std::string(first ? "Before" : "After") + "_" + layers + "_" + off;
}

INSTANTIATE_TEST_SUITE_P(Neighbours, BesideTest, testing::ValuesIn(neighbours()), name_of);

}  // namespace
}  // namespace connfate::harness
