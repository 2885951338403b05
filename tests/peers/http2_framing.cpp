// SPDX-License-Identifier: Apache-2.0
#include "peers/http2_framing.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <stdexcept>
#include <string_view>

#include "peers/client_options.hpp"

namespace connfate::peers {

namespace {

using Streams = std::map<std::int32_t, Http2Stream>;

Http2Stream& stream_of(void* streams, std::int32_t id) {
  return (*static_cast<Streams*>(streams))[id];
}

void require(ssize_t result, const char* action) {
  if (result >= 0) return;
  throw std::runtime_error(std::string("peer: HTTP/2 ") + action + ": " +
                           nghttp2_strerror(static_cast<int>(result)));
}

int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
              std::size_t name_length, const std::uint8_t* value, std::size_t value_length,
              std::uint8_t, void* streams) {
  const std::string_view field(reinterpret_cast<const char*>(name), name_length);
  if (field != ":status") return 0;
  const std::string status(reinterpret_cast<const char*>(value), value_length);
  stream_of(streams, frame->hd.stream_id).status = std::stoi(status);
  return 0;
}

int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t*,
            std::size_t length, void* streams) {
  stream_of(streams, id).body_bytes += length;
  return 0;
}

int on_close(nghttp2_session*, std::int32_t id, std::uint32_t error_code, void* streams) {
  Http2Stream& stream = stream_of(streams, id);
  stream.closed = true;
  stream.error_code = error_code;
  return 0;
}

nghttp2_session* new_session(Streams& streams, bool update_windows) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  nghttp2_session* session = nullptr;
  require(nghttp2_session_callbacks_new(&callbacks), "callbacks");
  require(nghttp2_option_new(&option), "options");
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
  nghttp2_option_set_no_auto_window_update(option, update_windows ? 0 : 1);
  const int result = nghttp2_session_client_new2(&session, callbacks, &streams, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  require(result, "session");
  return session;
}

nghttp2_nv field(std::string& name, std::string& value) {
  return {reinterpret_cast<std::uint8_t*>(name.data()),
          reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Framing::Http2Framing(std::uint32_t stream_window, bool update_windows)
    : session_(new_session(streams_, update_windows)) {
  const std::array<nghttp2_settings_entry, 2> settings = {
      {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window}}};
  require(
      nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size()),
      "SETTINGS");
}

Http2Framing::~Http2Framing() = default;

void Http2Framing::Delete::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

std::string Http2Framing::take_output() {
  std::string output;
  for (;;) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t length = nghttp2_session_mem_send(session_.get(), &bytes);
    require(length, "framing");
    if (length == 0) return output;
    output.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  }
}

void Http2Framing::feed(const std::string& bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  require(nghttp2_session_mem_recv(session_.get(), data, bytes.size()), "protocol");
}

std::int32_t Http2Framing::request(std::string path, std::string scheme) {
  std::array<std::string, 4> names = {":method", ":scheme", ":authority", ":path"};
  std::array<std::string, 4> values = {"GET", std::move(scheme), kHostName, std::move(path)};
  std::array<nghttp2_nv, 4> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = field(names[i], values[i]);
  const std::int32_t id = nghttp2_submit_request(session_.get(), nullptr, fields.data(),
                                                 fields.size(), nullptr, nullptr);
  require(id, "request");
  return id;
}

void Http2Framing::cancel(std::int32_t id) {
  require(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL),
          "RST_STREAM");
}

void Http2Framing::goaway() {
  require(nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, 0, NGHTTP2_NO_ERROR, nullptr, 0),
          "GOAWAY");
}

Http2Stream Http2Framing::stream(std::int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? Http2Stream{} : found->second;
}

}  // namespace connfate::peers
