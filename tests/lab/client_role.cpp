// SPDX-License-Identifier: Apache-2.0
#include "lab/client_role.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace connfate::lab {
namespace {

/// For the session tickets of TLS 1.3: unread bytes would turn a close into a reset.
constexpr std::chrono::milliseconds kTicketTime{100};
/// Nothing more is on its way.
constexpr std::chrono::milliseconds kQuiet{200};

}  // namespace

ClientRole::ClientRole(const peers::Address& server, harness::Protocol protocol,
                       peers::ClientOptions options)
    : port_(options.local_port) {
  if (harness::is_tls(protocol)) options.transport = peers::Transport::kTls;
  if (harness::is_http2(protocol)) {
    if (harness::is_tls(protocol)) options.alpn = "h2";
    http2_.emplace(server, peers::Http2Options{.connection = options});
  } else {
    http1_.emplace(server, options);
    if (harness::is_tls(protocol)) http1_->read_some_for(kTicketTime);
  }
}

void ClientRole::get(const std::string& path, bool keepalive) {
  if (http2_) {
    stream_ = http2_->request(path);
  } else {
    http1_->get(path, keepalive);
  }
}

void ClientRole::post(const std::string& path, std::uint64_t announced, std::uint64_t sending) {
  connection().send(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{}",
                                path, static_cast<const char*>(peers::kHostName), announced,
                                std::string(sending, 'x')));
}

void ClientRole::read(std::uint64_t bytes) {
  if (http2_) {
    http2_->run_until_data(stream_, bytes);
  } else if (http1_->read_exactly(bytes).size() < bytes) {
    throw std::runtime_error("the connection ended before the client had read that much");
  }
}

void ClientRole::read_what_there_is() {
  while (!connection().read_some_for(kQuiet).value_or("").empty()) {
  }
}

void ClientRole::read_response() {
  if (http2_) return read_http2_response();
  const peers::Client::Response response = http1_->read_response();
  if (response.complete) return;
  throw std::runtime_error(fmt::format("the response was cut short: status {}, {} bytes",
                                       response.status, response.body_bytes));
}

void ClientRole::read_http2_response() {
  http2_->run_until_closed(stream_);
  const auto stream = http2_->stream(stream_);
  if (!stream.closed || stream.error_code != 0) {
    throw std::runtime_error(fmt::format("the stream was cut short: status {}, {} bytes, error {}",
                                         stream.status, stream.body_bytes, stream.error_code));
  }
}

bool ClientRole::read_to_the_end() {
  connection().drain();
  return connection().was_reset();
}

void ClientRole::cancel() {
  if (!http2_) throw std::runtime_error("only HTTP/2 can cancel a request");
  http2_->cancel(stream_);
}

peers::Client& ClientRole::connection() {
  return http2_ ? http2_->connection() : *http1_;
}

}  // namespace connfate::lab
