// SPDX-License-Identifier: Apache-2.0
// What Client and KilledProcess do on the wire, seen from a bare socket at the other end.

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <cerrno>
#include <future>
#include <stdexcept>

#include "peers/client.hpp"
#include "peers/killed_process.hpp"
#include "peers/raw_server.hpp"
#include "peers/socket_queues.hpp"
#include "peers/tls_identity.hpp"

namespace connfate::peers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A connected pair: what the test plays with, and what it observes with.
struct Pair {
  explicit Pair(const ClientOptions& options = {}, const std::string& ip = "127.0.0.1")
      : server(ip), client(server.address(), options), remote(server.accept()) {}
  RawServer server;
  Client client;
  RawSocket remote;
};

ClientOptions small_window() {
  ClientOptions options;
  options.receive_buffer = 4096;
  return options;
}

TEST(Client, close_with_everything_read_is_a_fin) {
  Pair pair;
  pair.remote.write("hello");
  EXPECT_EQ(pair.client.read_exactly(5), "hello");
  pair.client.close();
  EXPECT_EQ(pair.remote.read(), 0);
}

TEST(Client, close_with_bytes_unread_is_a_reset) {
  Pair pair;
  pair.remote.write("hello");
  ASSERT_TRUE(pair.client.wait_unread(5));
  pair.client.close();
  EXPECT_EQ(pair.remote.read(), -ECONNRESET);
}

TEST(Client, reset_is_a_reset_with_nothing_unread) {
  Pair pair;
  pair.client.reset();
  EXPECT_EQ(pair.remote.read(), -ECONNRESET);
}

TEST(Client, destructor_is_a_close) {
  const RawServer server;
  auto client = std::make_unique<Client>(server.address());
  const RawSocket remote = server.accept();
  client.reset();
  EXPECT_EQ(remote.read(), 0);
}

TEST(Client, half_close_ends_one_direction_only) {
  Pair pair;
  pair.client.half_close();
  EXPECT_EQ(pair.remote.read(), 0);
  pair.remote.write("still here");
  EXPECT_EQ(pair.client.read_exactly(10), "still here");
}

TEST(Client, unread_bytes_close_the_window) {
  Pair pair(small_window());
  const std::size_t taken = pair.remote.fill();
  pair.client.wait_until_acked_idle(milliseconds(300));
  const tcp_info stalled = pair.remote.info();
  EXPECT_EQ(stalled.tcpi_snd_wnd, 0U);
  EXPECT_GT(stalled.tcpi_notsent_bytes, 0U);
  EXPECT_GT(taken, unread_bytes(pair.client.native_handle()));
}

TEST(Client, slow_draining_reads_no_more_than_its_steps) {
  Pair pair;
  pair.remote.fill();
  const auto read = pair.client.drain_slowly(100, milliseconds(20), milliseconds(100));
  EXPECT_GE(read, 100U);
  EXPECT_LE(read, 600U);
}

TEST(Client, cleartext_is_never_read_ahead) {
  Pair pair;
  pair.remote.write("HTTP/1.1 200 OK\r\n\r\nbody");
  EXPECT_EQ(pair.client.read_exactly(4), "HTTP");
  EXPECT_EQ(pair.client.read_headers(), "/1.1 200 OK\r\n\r\n");
  EXPECT_EQ(unread_bytes(pair.client.native_handle()), 4U);
}

TEST(Client, tells_of_the_servers_reset_without_throwing) {
  Pair pair;
  pair.client.send("x");
  EXPECT_TRUE(wait_unread(pair.remote.fd(), 1, seconds(10)));
  { const RawSocket closed_with_unread_byte = std::move(pair.remote); }
  EXPECT_EQ(pair.client.drain(), 0U);
  EXPECT_TRUE(pair.client.was_reset());
}

TEST(Client, an_expired_deadline_throws_and_leaves_the_connection_usable) {
  ClientOptions options;
  options.timeout = milliseconds(30);
  Pair pair(options);
  EXPECT_THROW(pair.client.read_some(), std::runtime_error);
  EXPECT_THROW(pair.client.send(std::string(64 << 20, 'x')), std::runtime_error);
  pair.remote.write("late");
  EXPECT_EQ(pair.client.read_exactly(4), "late");
}

TEST(Client, refused_connection_throws) {
  Address nobody;
  { nobody = RawServer().address(); }
  EXPECT_THROW(Client{nobody}, std::runtime_error);
}

TEST(Client, local_port_can_be_chosen) {
  ClientOptions options;
  { options.local_port = RawServer().address().port; }
  EXPECT_EQ(Pair(options).client.local_port(), options.local_port);
}

TEST(Client, speaks_ipv6) {
  Pair pair({}, "::1");
  EXPECT_EQ(pair.client.local_ip(), "::1");
  pair.client.get("/x", false);
  EXPECT_GT(pair.remote.read(), 0);
}

TEST(Client, response_with_a_length_leaves_the_next_one_alone) {
  Pair pair;
  pair.remote.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1");
  const Client::Response response = pair.client.read_response();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body_bytes, 5U);
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(pair.client.read_exactly(8), "HTTP/1.1");
}

TEST(Client, response_in_chunks_is_counted_without_framing) {
  Pair pair;
  pair.remote.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  pair.remote.write("5\r\nhello\r\nA;ext=1\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n");
  const Client::Response response = pair.client.read_response();
  EXPECT_EQ(response.body_bytes, 15U);
  EXPECT_TRUE(response.complete);
}

TEST(Client, response_cut_short_is_not_complete) {
  Pair pair;
  pair.remote.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
  { const RawSocket closed = std::move(pair.remote); }
  const Client::Response response = pair.client.read_response();
  EXPECT_EQ(response.body_bytes, 5U);
  EXPECT_FALSE(response.complete);
}

/// A TLS pair; the server's half handshakes in a thread of its own.
struct TlsPair {
  TlsPair() : context(TlsIdentity().server_context()), tls(SSL_new(context.get())) {
    auto accepted = std::async(std::launch::async, [&] {
      remote = std::make_unique<RawSocket>(server.accept());
      SSL_set_fd(tls.get(), remote->fd());
      return SSL_accept(tls.get());
    });
    ClientOptions options;
    options.transport = Transport::kTls;
    client = std::make_unique<Client>(server.address(), options);
    EXPECT_EQ(accepted.get(), 1);
  }
  /// The OpenSSL error code of reading at the server.
  int read_error() {
    char byte = 0;
    ERR_clear_error();
    return SSL_get_error(tls.get(), SSL_read(tls.get(), &byte, 1));
  }
  void exchange() {
    client->send("x");
    EXPECT_EQ(read_error(), SSL_ERROR_NONE);
    SSL_write(tls.get(), "y", 1);
    EXPECT_EQ(client->read_exactly(1), "y");
  }
  RawServer server;
  TlsContextPtr context;
  TlsPtr tls;
  std::unique_ptr<RawSocket> remote;
  std::unique_ptr<Client> client;
};

TEST(TlsClient, close_notify_says_goodbye_and_keeps_tcp_open) {
  TlsPair pair;
  pair.exchange();
  pair.client->close_notify();
  EXPECT_EQ(pair.read_error(), SSL_ERROR_ZERO_RETURN);
  EXPECT_EQ(pair.remote->info().tcpi_state, 1) << "ESTABLISHED";
  SSL_write(pair.tls.get(), "more", 4);
  EXPECT_EQ(pair.client->read_exactly(4), "more");
}

TEST(TlsClient, half_close_and_close_say_no_goodbye) {
  TlsPair half;
  half.exchange();
  half.client->half_close();
  EXPECT_EQ(half.read_error(), SSL_ERROR_SSL) << "unexpected EOF";
  TlsPair whole;
  whole.exchange();
  whole.client->close();
  EXPECT_EQ(whole.read_error(), SSL_ERROR_SSL) << "unexpected EOF";
}

TEST(TlsClient, reset_is_a_reset) {
  TlsPair pair;
  pair.exchange();
  pair.client->reset();
  EXPECT_EQ(pair.remote->read(), -ECONNRESET);
}

TEST(TlsClient, unread_session_tickets_turn_close_into_a_reset) {
  TlsPair pair;
  ASSERT_TRUE(pair.client->wait_unread(1));
  pair.client->close();
  EXPECT_EQ(pair.remote->read(), -ECONNRESET);
}

TEST(TlsClient, a_timed_out_read_loses_nothing) {
  TlsPair pair;
  EXPECT_EQ(pair.client->read_some_for(milliseconds(30)), std::nullopt);
  pair.exchange();
}

/// Runs the child's server side meanwhile: the constructor waits for the child to have read.
struct KilledPair {
  KilledPair(const std::string& response, std::size_t read_bytes) {
    auto served = std::async(std::launch::async, [&] {
      remote = std::make_unique<RawSocket>(server.accept());
      EXPECT_EQ(remote->read(), 7);
      remote->write(response);
    });
    process = std::make_unique<KilledProcess>(server.address(), "request", read_bytes);
    served.get();
  }
  RawServer server;
  std::unique_ptr<RawSocket> remote;
  std::unique_ptr<KilledProcess> process;
};

TEST(KilledProcess, dies_with_a_fin_when_everything_was_read) {
  KilledPair pair("0123456789", 10);
  EXPECT_GT(pair.process->local_port(), 0);
  pair.process->kill();
  EXPECT_EQ(pair.remote->read(), 0);
}

TEST(KilledProcess, dies_with_a_reset_when_bytes_lie_unread) {
  KilledPair pair("0123456789", 4);
  pair.process->kill();
  EXPECT_EQ(pair.remote->read(), -ECONNRESET);
}

TEST(KilledProcess, holds_no_connection_of_its_parent) {
  Pair bystander;
  KilledPair pair("0123456789", 4);
  bystander.client.close();
  EXPECT_EQ(bystander.remote.read(), 0);
}

TEST(KilledProcess, server_that_answers_too_little_is_a_failure) {
  EXPECT_THROW(
      {
        const RawServer server;
        auto served = std::async(std::launch::async, [&] { server.accept().read(); });
        KilledProcess(server.address(), "request", 1);
      },
      std::runtime_error);
}

}  // namespace
}  // namespace connfate::peers
