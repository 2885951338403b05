// SPDX-License-Identifier: Apache-2.0
#include "peers/backend_session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "peers/message_head.hpp"
#include "peers/response_body.hpp"
#include "peers/socket_queues.hpp"
#include "peers/websocket.hpp"

namespace connfate::peers {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPatience = std::chrono::minutes(10);  // with a silent or full peer
constexpr milliseconds kDeliveryLimit = std::chrono::seconds(10);
constexpr std::size_t kStep = 16384;

std::string content_length_line(std::uint64_t bytes) {
  return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

std::string chunk(std::uint64_t bytes) {
  std::array<char, 16> hex{};
  const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), bytes, 16).ptr;
  return std::string(hex.data(), end) + "\r\n" + std::string(bytes, 'x') + "\r\n";
}

}  // namespace

struct BackendSession::Behaviour {
  std::string_view name;
  Handler handler;
};

const BackendSession::Behaviour BackendSession::kBehaviours[] = {
    {"ok", &BackendSession::ok},       {"wait", &BackendSession::wait},
    {"hold", &BackendSession::hold},   {"die", &BackendSession::die},
    {"rst", &BackendSession::rst},     {"stream", &BackendSession::stream},
    {"stall", &BackendSession::stall}, {"ws", &BackendSession::websocket},
};

void BackendSession::serve() {
  for (;;) {
    const std::string head = read_head(connection_, kPatience);
    if (!head.ends_with("\r\n\r\n")) break;
    const BackendRequest request = parse_backend_request(head);
    if (skip_bytes(connection_, request.body_bytes, kPatience) < request.body_bytes) break;
    if (!answer(request) || request.wants_close) break;
  }
  connection_.close();
}

bool BackendSession::answer(const BackendRequest& request) {
  for (const Behaviour& behaviour : kBehaviours) {
    if (behaviour.name == request.behaviour) return (this->*behaviour.handler)(request);
  }
  return not_found(request);
}

bool BackendSession::ok(const BackendRequest& request) {
  const std::uint64_t bytes = request.number("bytes");
  return write_head(request, "200 OK", content_length_line(bytes)) && write_body(bytes);
}

bool BackendSession::wait(const BackendRequest& request) {
  return gate_.pause(milliseconds(request.number("ms"))) && ok(request);
}

bool BackendSession::hold(const BackendRequest& request) {
  return gate_.hold() && write_head(request, "200 OK", content_length_line(5)) && write("held\n");
}

bool BackendSession::die(const BackendRequest& request) {
  write_partly(request);
  return false;
}

/// The bytes before the RST shall arrive: a reset throws away what is not yet acknowledged.
bool BackendSession::rst(const BackendRequest& request) {
  if (write_partly(request)) wait_acknowledged(connection_.native_handle(), kDeliveryLimit);
  connection_.reset();
  return false;
}

bool BackendSession::stream(const BackendRequest& request) {
  const bool chunked = !request.is_http_1_0;  // HTTP/1.0 knows only the end of the connection
  std::uint64_t left = request.number("bytes");
  const std::uint64_t step = std::max<std::uint64_t>(request.number("step", kStep), 1);
  if (!write_head(request, "200 OK", chunked ? "Transfer-Encoding: chunked\r\n" : "")) return false;
  while (left > 0) {
    const std::uint64_t bytes = std::min(step, left);
    if (!(chunked ? write(chunk(bytes)) : write_body(bytes))) return false;
    left -= bytes;
    if (left > 0 && !gate_.pause(milliseconds(request.number("ms")))) return false;
  }
  return chunked && write("0\r\n\r\n");
}

bool BackendSession::stall(const BackendRequest& request) {
  if (write_partly(request)) read_until_closed();
  return false;
}

bool BackendSession::websocket(const BackendRequest& request) {
  const std::string accept = websocket_accept(request.websocket_key);
  if (!write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: " +
             accept + "\r\n\r\n")) {
    return false;
  }
  const std::uint64_t how = request.number("leave");
  if (how != 0) {
    leave(how);
  } else {
    request.number("flood") != 0 ? flood() : echo();
  }
  return false;
}

bool BackendSession::not_found(const BackendRequest& request) {
  return write_head(request, "404 Not Found", content_length_line(0));
}

bool BackendSession::write(std::string_view bytes) {
  return connection_.write(bytes, kPatience);
}

bool BackendSession::write_head(const BackendRequest& request, std::string_view status,
                                std::string_view framing) {
  std::string head = "HTTP/1.1 ";
  head.append(status).append("\r\nContent-Type: application/octet-stream\r\n").append(framing);
  if (request.wants_close) head += "Connection: close\r\n";
  return write(head + "\r\n");
}

bool BackendSession::write_body(std::uint64_t bytes) {
  static const std::string block(kStep, 'x');
  for (std::uint64_t left = bytes; left > 0;) {
    const std::size_t step = std::min<std::uint64_t>(left, block.size());
    if (!write(std::string_view(block).substr(0, step))) return false;
    left -= step;
  }
  return true;
}

/// Announces ?bytes= and sends ?after= of them.
bool BackendSession::write_partly(const BackendRequest& request) {
  return write_head(request, "200 OK", content_length_line(request.number("bytes"))) &&
         write_body(request.number("after"));
}

void BackendSession::read_until_closed() {
  skip_bytes(connection_, std::numeric_limits<std::uint64_t>::max(), kPatience);
}

void BackendSession::echo() {
  std::array<char, kStep> buffer;
  for (;;) {
    const auto count = connection_.read(buffer, kPatience);
    if (count.value_or(0) == 0 || !write({buffer.data(), *count})) return;
  }
}

void BackendSession::leave(std::uint64_t how) {
  constexpr milliseconds kMoment{200};
  const std::string frame = server_frame(how == 3 ? kStep : 5);
  write(std::string_view(frame).substr(0, 9));
  gate_.pause(kMoment);
  if (how == 1) write(std::string_view("\x88\x02\x03\xe8", 4));
  if (how == 4) connection_.reset();
}

void BackendSession::flood() {
  const std::string frame = server_frame(kStep);
  while (write(frame)) {
  }
}

}  // namespace connfate::peers
