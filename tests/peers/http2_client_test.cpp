// SPDX-License-Identifier: Apache-2.0
// Http2Client against a real server.

#include "peers/http2_client.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "peers/nginx_for_http2.hpp"
#include "peers/raw_server.hpp"

namespace connfate::peers {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kCancel = 8;  // RFC 9113, section 7

class Http2 : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NginxForHttp2::is_installed()) nginx_ = std::make_unique<NginxForHttp2>();
  }
  static void TearDownTestSuite() { nginx_.reset(); }
  void SetUp() override {
    if (!nginx_) GTEST_SKIP() << "nginx is not installed";
  }
  static std::unique_ptr<NginxForHttp2> nginx_;
};

std::unique_ptr<NginxForHttp2> Http2::nginx_;

TEST_F(Http2, whole_response_in_cleartext) {
  Http2Client client(nginx_->cleartext());
  const std::int32_t id = client.request("/file");
  client.run_until_closed(id);
  EXPECT_EQ(client.stream(id).status, 200);
  EXPECT_EQ(client.stream(id).body_bytes, NginxForHttp2::kFileBytes);
  EXPECT_TRUE(client.stream(id).closed);
  EXPECT_EQ(client.stream(id).error_code, 0U);
}

TEST_F(Http2, two_streams_over_tls) {
  Http2Options options;
  options.connection.transport = Transport::kTls;
  Http2Client client(nginx_->tls(), options);
  const std::int32_t first = client.request("/file");
  const std::int32_t second = client.request("/nothing-here");
  client.run_until_closed(first);
  client.run_until_closed(second);
  EXPECT_EQ(client.stream(first).body_bytes, NginxForHttp2::kFileBytes);
  EXPECT_EQ(client.stream(second).status, 404);
}

TEST_F(Http2, cancelled_stream_leaves_the_connection_alive) {
  Http2Client client(nginx_->cleartext());
  const std::int32_t slow = client.request("/slow");
  client.run_until_data(slow, 1);
  client.cancel(slow);
  EXPECT_TRUE(client.stream(slow).closed);
  EXPECT_EQ(client.stream(slow).error_code, kCancel);
  EXPECT_LT(client.stream(slow).body_bytes, NginxForHttp2::kFileBytes);
  const std::int32_t next = client.request("/file");
  client.run_until_closed(next);
  EXPECT_EQ(client.stream(next).body_bytes, NginxForHttp2::kFileBytes);
}

TEST_F(Http2, without_window_updates_the_response_stalls) {
  Http2Options options;
  options.stream_window = 20000;
  options.update_windows = false;
  Http2Client client(nginx_->cleartext(), options);
  const std::int32_t id = client.request("/file");
  client.run_until_data(id, 20000);
  client.run_for(milliseconds(100));
  EXPECT_EQ(client.stream(id).body_bytes, 20000U);
  EXPECT_FALSE(client.stream(id).closed);
  EXPECT_FALSE(client.connection_ended());
}

TEST_F(Http2, stalled_stream_meets_the_deadline) {
  Http2Options options;
  options.update_windows = false;
  options.connection.timeout = milliseconds(100);
  Http2Client client(nginx_->cleartext(), options);
  EXPECT_THROW(client.run_until_closed(client.request("/file")), std::runtime_error);
}

TEST_F(Http2, half_closed_connection_ends_before_the_response) {
  Http2Client client(nginx_->cleartext());
  const std::int32_t id = client.request("/slow");
  client.run_until_headers(id);
  client.connection().half_close();
  client.run_until_closed(id);
  EXPECT_FALSE(client.stream(id).closed);
  EXPECT_TRUE(client.connection_ended());
  EXPECT_THROW(client.run_until_data(id, NginxForHttp2::kFileBytes), std::runtime_error);
}

TEST(Http2Wire, cancel_is_one_rst_stream_frame) {
  const RawServer server;
  Http2Client client(server.address());
  const RawSocket remote = server.accept();
  const std::int32_t id = client.request("/x");
  EXPECT_EQ(id, 1);
  EXPECT_GT(remote.read(), 24) << "preface, SETTINGS, HEADERS";
  client.cancel(id);
  const std::string frame = remote.read_bytes(13);
  EXPECT_EQ(frame, std::string("\0\0\4\3\0\0\0\0\1\0\0\0\10", 13));
}

TEST(Http2Wire, goaway_is_one_frame_and_tcp_stays_open) {
  const RawServer server;
  Http2Client client(server.address());
  const RawSocket remote = server.accept();
  EXPECT_GT(remote.read(), 24) << "preface, SETTINGS";
  client.goaway();
  EXPECT_EQ(remote.read_bytes(17), std::string("\0\0\10\7", 4) + std::string(13, '\0'));
  EXPECT_EQ(remote.info().tcpi_state, 1) << "ESTABLISHED";
}

TEST(Http2Wire, reset_reaches_tcp) {
  const RawServer server;
  Http2Client client(server.address());
  const RawSocket remote = server.accept();
  client.connection().reset();
  EXPECT_EQ(remote.read_to_end(), -ECONNRESET);
}

}  // namespace
}  // namespace connfate::peers
