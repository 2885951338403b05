// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/stage.hpp"

#include <stdexcept>
#include <thread>

#include "harness/deadline.hpp"

namespace connfate::harness {
namespace {

/// Below the range from which the kernel gives ports to clients that do not choose.
std::uint16_t next_client_port() {
  constexpr std::uint16_t kFirst = 20000;
  static std::uint16_t last = kFirst - 1;
  return ++last;
}

}  // namespace

Stage::~Stage() {
  backend_.release();
  lab_.unblock();
}

peers::Client Stage::connect(peers::ClientOptions options) {
  peers::Client client(address(), prepare(std::move(options)));
  // Reads the session tickets: a client that closes with bytes unread would send a RST.
  if (is_tls(protocol_)) client.read_some_for(std::chrono::milliseconds(20));
  return client;
}

peers::Client Stage::connect_with_tiny_buffer() {
  constexpr int kTiny = 4096;
  return connect({.receive_buffer = kTiny});
}

peers::Http2Client Stage::connect_http2(peers::Http2Options options) {
  options.connection = prepare(std::move(options.connection));
  return peers::Http2Client(address(), options);
}

void Stage::fetch_http2(const std::string& path) {
  // mod_http2 keeps a line back until the connection ends, once in about a hundred connections,
  // with or without the module. Then another client asks again.
  constexpr std::chrono::seconds kPatience{8};
  for (int attempts_left = 2;; --attempts_left) {
    peers::Http2Client client = connect_http2();
    client.run_until_closed(client.request(path));
    try {
      return await_lines(1, kPatience);
    } catch (const std::exception&) {
      if (attempts_left == 0) throw;
    }
  }
}

void Stage::fetch(const std::string& path) {
  if (is_http2(protocol_)) {
    fetch_http2(path);
  } else {
    peers::Client client = connect();
    client.get(path);
    client.read_response();
    await_line();
  }
}

peers::Address Stage::address() const {
  if (protocol_ == Protocol::kHttp2) return server_.h2c_address();
  return server_.address(is_tls(protocol_) ? peers::Transport::kTls : peers::Transport::kCleartext);
}

void Stage::wait_until_backend_holds() {
  if (!backend_.wait_held(1, patient(std::chrono::seconds(10))))
    throw std::runtime_error("the request never reached the backend");
}

void Stage::let_backend_answer() {
  settle();
  backend_.release();
}

void Stage::settle() {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

void Stage::block(Block kind) {
  path_was_broken_ = true;
  lab_.block(kind, static_cast<std::uint16_t>(client_port_));
}

void Stage::await_lines(std::size_t count, std::chrono::seconds limit) const {
  server_.wait_for_line(client_port_, count, limit);
}

peers::ClientOptions Stage::prepare(peers::ClientOptions options) {
  options.transport = is_tls(protocol_) ? peers::Transport::kTls : peers::Transport::kCleartext;
  if (protocol_ == Protocol::kHttp2Tls) options.alpn = "h2";
  options.timeout = patient(options.timeout);
  options.local_port = next_client_port();
  client_port_ = options.local_port;
  return options;
}

}  // namespace connfate::harness
