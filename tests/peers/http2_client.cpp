// SPDX-License-Identifier: Apache-2.0
#include "peers/http2_client.hpp"

#include <functional>
#include <stdexcept>
#include <string>

namespace connfate::peers {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

ClientOptions with_alpn(ClientOptions options) {
  if (options.transport == Transport::kTls) options.alpn = "h2";
  return options;
}

}  // namespace

class Http2Client::Session {
 public:
  Session(const Address& server, const Http2Options& options)
      : client(server, with_alpn(options.connection)),
        framing(options.stream_window, options.update_windows),
        scheme(options.connection.transport == Transport::kTls ? "https" : "http"),
        timeout(options.connection.timeout) {
    if (scheme == "https" && client.alpn() != "h2") {
      throw std::runtime_error("peer: the server did not agree on ALPN h2");
    }
    flush();
  }

  void flush() {
    if (const std::string output = framing.take_output(); !output.empty()) client.send(output);
  }

  /// True: the condition holds, or the connection has ended. False: the limit passed first.
  bool pump_until(const std::function<bool()>& condition, milliseconds limit);
  /// As pump_until(), with the timeout of the options; throws when it passes.
  void require_until(const std::function<bool()>& condition, const char* what);

  Client client;
  Http2Framing framing;
  std::string scheme;
  milliseconds timeout;
  bool ended = false;
};

bool Http2Client::Session::pump_until(const std::function<bool()>& condition, milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  while (!condition() && !ended) {
    const auto left = duration_cast<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return false;
    const auto bytes = client.read_some_for(left);
    if (!bytes) continue;
    ended = bytes->empty();
    framing.feed(*bytes);
    flush();
  }
  return true;
}

void Http2Client::Session::require_until(const std::function<bool()>& condition, const char* what) {
  if (pump_until(condition, timeout)) return;
  throw std::runtime_error(std::string("peer: HTTP/2: timed out waiting for ") + what);
}

Http2Client::Http2Client(const Address& server, const Http2Options& options)
    : session_(std::make_unique<Session>(server, options)) {}
Http2Client::Http2Client(Http2Client&&) noexcept = default;
Http2Client& Http2Client::operator=(Http2Client&&) noexcept = default;
Http2Client::~Http2Client() = default;

std::int32_t Http2Client::request(std::string_view path) {
  const std::int32_t id = session_->framing.request(std::string(path), session_->scheme);
  session_->flush();
  return id;
}

void Http2Client::run_until_closed(std::int32_t id) {
  session_->require_until([&] { return stream(id).closed; }, "the end of a stream");
}

void Http2Client::run_until_data(std::int32_t id, std::uint64_t body_bytes) {
  const auto enough = [&] { return stream(id).body_bytes >= body_bytes; };
  session_->require_until([&] { return enough() || stream(id).closed; }, "body bytes");
  if (!enough()) throw std::runtime_error("peer: HTTP/2: ended before that much body came");
}

void Http2Client::run_until_headers(std::int32_t id) {
  const auto answered = [&] { return stream(id).status >= 200; };
  session_->require_until([&] { return answered() || stream(id).closed; }, "response headers");
  if (!answered()) throw std::runtime_error("peer: HTTP/2: ended before the headers came");
}

void Http2Client::run_for(milliseconds duration) {
  session_->pump_until([] { return false; }, duration);
}

void Http2Client::cancel(std::int32_t id) {
  session_->framing.cancel(id);
  session_->flush();
}

void Http2Client::goaway() {
  session_->framing.goaway();
  session_->flush();
}

Http2Client::Stream Http2Client::stream(std::int32_t id) const {
  return session_->framing.stream(id);
}

bool Http2Client::connection_ended() const {
  return session_->ended;
}
Client& Http2Client::connection() {
  return session_->client;
}

}  // namespace connfate::peers
