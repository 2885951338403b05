// SPDX-License-Identifier: Apache-2.0
#include "lab/net/tcp_pair.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

#include "harness/deadline.hpp"

namespace connfate::lab {
namespace {

constexpr std::chrono::seconds kLimit{10};

/// Below Network::kFirstOtherPort, and never one that still is in TIME-WAIT.
std::uint16_t next_client_port() {
  static std::uint16_t last = 21000;
  return ++last;
}

}  // namespace

TcpPair::TcpPair(Network& network, const std::string& ip) {
  const bool is_v6 = ip.find(':') != ip.npos;
  {
    const harness::InNamespace here(network.server_namespace());
    listener_.emplace(is_v6 ? "::" : "0.0.0.0");
  }
  const harness::InNamespace here(network.client_namespace());
  client_ = peers::connect({ip, listener_->address().port}, {.local_port = next_client_port()});
  server_.emplace(listener_->accept());
}

tcp_info TcpPair::client_info() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  getsockopt(client_->native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size);
  return info;
}

void TcpPair::send_from_client(const std::string& bytes) {
  if (!client_->write(bytes, kLimit)) throw std::runtime_error("the client was reset");
}

std::string TcpPair::read_at_client(std::size_t count, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    const auto more = client_->read(std::span(bytes).subspan(got), left);
    if (more.value_or(0) == 0) break;
    got += *more;
  }
  bytes.resize(got);
  return bytes;
}

void TcpPair::exchange() {
  send_from_client("?");
  if (server_->read_bytes(1) != "?") throw std::runtime_error("nothing arrived at the server");
  server_->write("!");
  if (read_at_client(1, kLimit) != "!") throw std::runtime_error("nothing arrived at the client");
}

void TcpPair::settle(const Cable& cable) const {
  const auto is_quiet = [&] {
    const auto facts = cable.connection(client_port());
    return facts && facts->from_client.ack == facts->from_server.next &&
           facts->from_server.ack == facts->from_client.next;
  };
  if (!harness::eventually(is_quiet, kLimit))
    throw std::runtime_error("something is unacknowledged");
}

}  // namespace connfate::lab
