// SPDX-License-Identifier: Apache-2.0
#include "peers/client.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <thread>

#include "peers/connection.hpp"
#include "peers/message_head.hpp"
#include "peers/response_body.hpp"
#include "peers/socket_queues.hpp"

namespace connfate::peers {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// nullopt: nothing came in time.
std::optional<std::string> read_up_to(Connection& connection, std::size_t at_most,
                                      milliseconds wait) {
  std::string bytes(at_most, '\0');
  const auto count = connection.read(bytes, wait);
  if (!count) return std::nullopt;
  bytes.resize(*count);
  return bytes;
}

}  // namespace

Client::Client(const Address& server, const ClientOptions& options)
    : connection_(connect(server, options)), timeout_(options.timeout) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

void Client::send(std::string_view bytes) {
  connection_->write(bytes, timeout_);
}

void Client::get(std::string_view path, bool keepalive) {
  std::string request = "GET ";
  request.append(path).append(" HTTP/1.1\r\nHost: ").append(kHostName).append("\r\n");
  if (!keepalive) request += "Connection: close\r\n";
  send(request + "\r\n");
}

std::string Client::read_some(std::size_t at_most) {
  auto bytes = read_up_to(*connection_, at_most, timeout_);
  if (!bytes) throw std::runtime_error("peer: read: timed out, nothing came");
  return *std::move(bytes);
}

std::optional<std::string> Client::read_some_for(milliseconds wait) {
  return read_up_to(*connection_, 16384, wait);
}

std::string Client::read_exactly(std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) {
    const std::string more = read_some(bytes - all.size());
    if (more.empty()) break;
    all += more;
  }
  return all;
}

std::string Client::read_headers() {
  return read_head(*connection_, timeout_);
}

Client::Response Client::read_response() {
  Response response;
  response.headers = read_headers();
  response.status = status_of(response.headers);
  const BodyCount body = skip_body(*connection_, response.headers, timeout_);
  response.body_bytes = body.bytes;
  response.complete = body.complete;
  return response;
}

std::uint64_t Client::drain() {
  return skip_bytes(*connection_, std::numeric_limits<std::uint64_t>::max(), timeout_);
}

std::uint64_t Client::drain_slowly(std::size_t bytes_per_step, milliseconds pause,
                                   milliseconds total) {
  const auto deadline = steady_clock::now() + total;
  const auto left = [&] { return duration_cast<milliseconds>(deadline - steady_clock::now()); };
  std::uint64_t read = 0;
  while (left().count() > 0) {
    const auto bytes = read_up_to(*connection_, bytes_per_step, left());
    if (!bytes || bytes->empty()) break;
    read += bytes->size();
    std::this_thread::sleep_for(std::min(pause, left()));
  }
  return read;
}

void Client::half_close() {
  connection_->half_close();
}
void Client::close_notify() {
  connection_->close_notify(timeout_);
}
void Client::close() {
  connection_->close();
}
void Client::reset() {
  connection_->reset();
}

bool Client::wait_unread(std::size_t at_least) {
  return peers::wait_unread(native_handle(), at_least, timeout_);
}

void Client::wait_until_acked_idle(milliseconds quiet) {
  if (!wait_unread_steady(native_handle(), quiet, quiet + timeout_)) {
    throw std::runtime_error("peer: timed out, the receive queue still grows");
  }
}

bool Client::was_reset() const {
  return connection_->was_reset();
}
std::uint16_t Client::local_port() const {
  return connection_->local().port;
}
std::string Client::local_ip() const {
  return connection_->local().ip;
}
std::string Client::alpn() const {
  return connection_->alpn();
}
int Client::native_handle() const {
  return connection_->native_handle();
}

}  // namespace connfate::peers
