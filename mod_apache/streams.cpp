// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

#include <algorithm>
#include <cstdlib>

#include "connection.hpp"

namespace connfate::apache {
namespace {

constexpr char kFilterName[] = "CONNFATE_STREAMS";

// RFC 9113 section 6.
constexpr std::uint8_t kData = 0;
constexpr std::uint8_t kHeaders = 1;
constexpr std::uint8_t kRstStream = 3;
constexpr std::uint8_t kGoaway = 7;
constexpr std::uint8_t kEndStream = 0x1;

// mod_http2's own. Set anew by every post_config, in the one thread of the parent.
APR_OPTIONAL_FN_TYPE(http2_is_h2) * is_http2;
APR_OPTIONAL_FN_TYPE(http2_var_lookup) * http2_variable;

Stream* find_stream(const StreamWatch& watch, std::uint32_t id) noexcept {
  Stream* stream = watch.open;
  while (stream != nullptr && stream->id != id) stream = stream->next;
  return stream;
}

void note_sent(StreamWatch& watch, const FrameReader::Frame& frame) noexcept {
  if (frame.type == kGoaway) watch.goaway_sent = true;
  if (frame.type != kData && frame.type != kHeaders) return;
  Stream* stream = find_stream(watch, frame.stream);
  if (stream == nullptr) return;
  stream->started = true;
  if ((frame.flags & kEndStream) != 0) stream->end = Stream::End::kPassing;
}

void note_received(StreamWatch& watch, const FrameReader::Frame& frame) noexcept {
  if (frame.type != kRstStream) return;
  Stream* stream = find_stream(watch, frame.stream);
  // After the end of the response a cancellation changes nothing.
  if (stream != nullptr && stream->end == Stream::End::kOpen) stream->cancelled = true;
}

/// CORE took the frames, or failed: then no response whose end was among them is complete.
void settle(PeerConnection& peer, bool written, bool flushed) noexcept {
  for (Stream* stream = peer.streams.open; stream != nullptr; stream = stream->next) {
    if (stream->end == Stream::End::kPassing) {
      stream->end = written ? Stream::End::kWritten : Stream::End::kOpen;
    }
    const bool settled = flushed && stream->end == Stream::End::kWritten;
    if (settled && !stream->offset) stream->offset = peer.bytes_handed_down;
  }
}

bool speaks_http2(const PeerConnection& peer) noexcept {
  return is_http2(peer.connection) != 0;
}

apr_status_t watch_sent(ap_filter_t* f, apr_bucket_brigade* bb) noexcept {
  auto& peer = *static_cast<PeerConnection*>(f->ctx);
  if (!speaks_http2(peer)) return ap_pass_brigade(f->next, bb);
  bool flushed = false;
  {
    const Lock lock(peer);
    if (!peer.streams.begin) peer.streams.begin = peer.bytes_handed_down;
    for (apr_bucket* b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
         b = APR_BUCKET_NEXT(b)) {
      flushed = flushed || APR_BUCKET_IS_FLUSH(b);
      peer.streams.sent.read(b, [&](const auto& frame) { note_sent(peer.streams, frame); });
    }
  }
  const apr_status_t rv = ap_pass_brigade(f->next, bb);
  const Lock lock(peer);
  settle(peer, rv == APR_SUCCESS, rv == APR_SUCCESS && flushed);
  return rv;
}

apr_status_t watch_received(ap_filter_t* f, apr_bucket_brigade* bb, ap_input_mode_t mode,
                            apr_read_type_e block, apr_off_t size) noexcept {
  auto& peer = *static_cast<PeerConnection*>(f->ctx);
  const apr_status_t rv = ap_get_brigade(f->next, bb, mode, block, size);
  if (rv != APR_SUCCESS || mode != AP_MODE_READBYTES || !speaks_http2(peer)) return rv;
  const Lock lock(peer);
  if (!APR_BRIGADE_EMPTY(bb)) peer.streams.heard = apr_time_now();
  for (apr_bucket* b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
       b = APR_BUCKET_NEXT(b)) {
    peer.streams.received.read(b, [&](const auto& frame) { note_received(peer.streams, frame); });
  }
  return rv;
}

apr_status_t forget_stream(void* data) {
  const auto* stream = static_cast<Stream*>(data);
  const Lock lock(*stream->peer);
  for (Stream** link = &stream->peer->streams.open; *link != nullptr; link = &(*link)->next) {
    if (*link != stream) continue;
    *link = stream->next;
    break;
  }
  return APR_SUCCESS;
}

}  // namespace

const char* FrameReader::bytes_of(apr_bucket* bucket, apr_size_t& size) noexcept {
  // Reading a file bucket would split it, and mod_http2 never puts a frame header into one.
  if (APR_BUCKET_IS_FILE(bucket)) return nullptr;
  const char* bytes = nullptr;
  return apr_bucket_read(bucket, &bytes, &size, APR_NONBLOCK_READ) == APR_SUCCESS ? bytes : nullptr;
}

FrameReader::Frame FrameReader::take_header() noexcept {
  const auto byte = [this](std::size_t i) { return std::uint32_t{header_[i]}; };
  have_ = 0;
  payload_ = byte(0) << 16 | byte(1) << 8 | byte(2);
  const std::uint32_t stream = byte(5) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8);
  return {header_[3], header_[4], stream & 0x7fffffffU};
}

template <typename OnFrame>
void FrameReader::read(apr_bucket* bucket, OnFrame on_frame) noexcept {
  if (lost_ || APR_BUCKET_IS_METADATA(bucket)) return;
  apr_size_t left = bucket->length;
  if (left != static_cast<apr_size_t>(-1) && payload_ >= left) {
    payload_ -= left;
    return;
  }
  const char* at = left != static_cast<apr_size_t>(-1) ? bytes_of(bucket, left) : nullptr;
  lost_ = at == nullptr;
  while (!lost_ && left > 0) {
    const auto skipped = std::min<std::uint64_t>(left, payload_);
    payload_ -= skipped;
    at += skipped;
    left -= skipped;
    const auto taken = std::min<std::size_t>(left, kHeaderSize - have_);
    std::copy_n(at, taken, header_.begin() + static_cast<std::ptrdiff_t>(have_));
    have_ += taken;
    at += taken;
    left -= taken;
    if (have_ == kHeaderSize) on_frame(take_header());
  }
}

void find_http2() noexcept {
  is_http2 = APR_RETRIEVE_OPTIONAL_FN(http2_is_h2);
  http2_variable = APR_RETRIEVE_OPTIONAL_FN(http2_var_lookup);
}

void register_stream_filters() noexcept {
  // Above TLS, which is at AP_FTYPE_CONNECTION + 5.
  constexpr auto kAboveTls = AP_FTYPE_CONNECTION;
  ap_register_output_filter(kFilterName, watch_sent, nullptr, kAboveTls);
  ap_register_input_filter(kFilterName, watch_received, nullptr, kAboveTls);
}

void watch_streams(PeerConnection& peer) noexcept {
  if (is_http2 == nullptr || http2_variable == nullptr) return;
  ap_add_output_filter(kFilterName, &peer, nullptr, peer.connection);
  ap_add_input_filter(kFilterName, &peer, nullptr, peer.connection);
}

void begin_stream(PeerConnection& peer, Stream& stream, request_rec* r) noexcept {
  if (http2_variable == nullptr) return;
  char name[] = "H2_STREAM_ID";
  const char* id = http2_variable(r->pool, r->server, r->connection, r, name);
  if (id == nullptr) return;
  const Lock lock(peer);
  stream.peer = &peer;
  stream.id = static_cast<std::uint32_t>(std::strtoul(id, nullptr, 10));
  stream.next = peer.streams.open;
  peer.streams.open = &stream;
  apr_pool_cleanup_register(r->pool, &stream, forget_stream, apr_pool_cleanup_null);
}

}  // namespace connfate::apache
