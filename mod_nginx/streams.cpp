// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

#include "socket/tap.hpp"

namespace connfate::nginx {

#if (NGX_HTTP_V2)
namespace {

// The head of a frame (RFC 9113, section 4.1): a length of 3 bytes, type, flags, a stream of 4.
constexpr std::size_t kType = 3;
constexpr std::size_t kStream = 5;
constexpr std::size_t kPayload = 9;
constexpr std::size_t kLastStream = 4;  // comes before the code of a GOAWAY
constexpr u_char kRstStream = 3;
constexpr u_char kGoaway = 7;

/// nginx makes all frames but HEADERS and DATA in buffers of this size
/// (NGX_HTTP_V2_FRAME_BUFFER_SIZE, ngx_http_v2.c).
constexpr std::ptrdiff_t kControlBuffer = 24;

/// How many frames are looked at: queues are short, and the cost must not depend on their length.
constexpr int kMostFrames = 64;

std::uint32_t number_at(const u_char* bytes) noexcept {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
         std::uint32_t{bytes[2]} << 8U | bytes[3];
}

/// Whether it holds a whole control frame of that type, none of it sent yet.
bool holds_frame(const ngx_buf_t* buffer, u_char type) noexcept {
  return buffer->start != nullptr && buffer->end - buffer->start == kControlBuffer &&
         buffer->pos == buffer->start && buffer->start[kType] == type;
}

void note_goaway(PeerConnection& peer, const ngx_chain_t* chain) {
  for (int i = 0; chain != nullptr && i < kMostFrames; chain = chain->next, ++i) {
    if (!holds_frame(chain->buf, kGoaway)) continue;
    const std::uint32_t code = number_at(chain->buf->start + kPayload + kLastStream);
    peer.goaway_code = code < kNoGoaway ? static_cast<std::uint8_t>(code) : kNoGoaway;
  }
}

/// Of the RST_STREAM that waits in the queue while nginx closes the stream.
std::optional<std::uint32_t> queued_reset(const ngx_http_v2_stream_t* stream) noexcept {
  const ngx_http_v2_out_frame_t* frame = stream->connection->last_out;
  for (int i = 0; frame != nullptr && i < kMostFrames; frame = frame->next, ++i) {
    const ngx_buf_t* buffer = frame->first->buf;
    if (!holds_frame(buffer, kRstStream)) continue;
    if (number_at(buffer->start + kStream) != stream->node->id) continue;
    return number_at(buffer->start + kPayload);
  }
  return std::nullopt;
}

/// ngx_http_v2_finalize_connection() has run, and not because the connection had failed: nginx ends
/// all streams, and has told the client so.
bool said_goaway(const ngx_http_v2_connection_t* h2c) noexcept {
  const ngx_connection_t* c = h2c->connection;
  return c->read->handler == ngx_http_empty_handler && h2c->goaway != 0 && c->error == 0;
}

/// What the client was told: behind a GOAWAY nginx still queues RST_STREAMs, and sends none.
std::optional<std::uint32_t> own_code(const ngx_http_v2_stream_t* stream,
                                      const PeerConnection& peer) noexcept {
  if (stream->rst_sent != 0 || !said_goaway(stream->connection)) return queued_reset(stream);
  if (peer.goaway_code == kNoGoaway) return std::nullopt;
  return peer.goaway_code;
}

}  // namespace

void watch_streams(PeerConnection& peer) noexcept {
  if (!peer.watches_chains) watch_chains(peer, note_goaway);
}

StreamEnd stream_end(ngx_http_request_t* r, const PeerConnection& peer) noexcept {
  StreamEnd end;
  const ngx_http_v2_stream_t* stream = r->stream;
  if (stream == nullptr) return end;
  const ngx_connection_t* real = stream->connection->connection;
  const bool failed = r->connection->error != 0 && r->connection->timedout == 0;
  end.by_client = failed && stream->in_closed != 0 && stream->out_closed != 0 &&
                  stream->rst_sent == 0 && real->error == 0;
  end.here =
      !end.by_client && (stream->rst_sent != 0 || (failed && said_goaway(stream->connection)));
  if (!end.by_client && real->error == 0) end.code = own_code(stream, peer);
  return end;
}
#else
void watch_streams(PeerConnection&) noexcept {}

StreamEnd stream_end(ngx_http_request_t*, const PeerConnection&) noexcept {
  return {};
}
#endif

}  // namespace connfate::nginx
