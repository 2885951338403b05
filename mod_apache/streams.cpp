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

/// More than one request may have the id: what a request left unanswered, mod_http2 answers with an
/// error page, which is a request of its own and has a line of its own.
template <typename Act>
void for_streams(const StreamWatch& watch, std::uint32_t id, Act act) noexcept {
  for (Stream* stream = watch.open; stream != nullptr; stream = stream->next) {
    if (stream->id == id) act(*stream);
  }
}

/// mod_http2 puts a status of APR's into the GOAWAY that follows a read or write that failed
/// (h2_session_ev_conn_error, modules/http2/h2_session.c, 2.4): no code of RFC 9113 section 7.
bool is_http2_error(std::uint32_t code) noexcept {
  constexpr std::uint32_t kLastCode = 0xd;
  return code != 0 && code <= kLastCode;
}

/// Only before the client had left: what mod_http2 sends into the void afterwards ended nothing.
void note_reset_here(const PeerConnection& peer, Stream& stream, std::uint32_t code) noexcept {
  if (stream.end != Stream::End::kOpen || stream.cancelled || stream.reset_here) return;
  if (!peer.has_left() && !peer.write_failed) stream.reset_here = code;
}

void note_goaway_sent(PeerConnection& peer, std::uint32_t code) noexcept {
  peer.streams.goaway_sent = true;
  if (!is_http2_error(code)) return;
  for (Stream* s = peer.streams.open; s != nullptr; s = s->next) note_reset_here(peer, *s, code);
}

void note_sent(PeerConnection& peer, const FrameReader::Frame& frame) noexcept {
  if (frame.type == kGoaway) return note_goaway_sent(peer, frame.code);
  for_streams(peer.streams, frame.stream, [&](Stream& stream) {
    if (frame.type == kRstStream) return note_reset_here(peer, stream, frame.code);
    if (frame.type != kData && frame.type != kHeaders) return;
    stream.started = true;
    if ((frame.flags & kEndStream) != 0) stream.end = Stream::End::kPassing;
  });
}

void note_received(StreamWatch& watch, const FrameReader::Frame& frame) noexcept {
  if (frame.type == kGoaway) watch.goaway_received = frame.code;
  if (frame.type != kRstStream) return;
  for_streams(watch, frame.stream, [&](Stream& stream) {
    // After the end of the response a cancellation changes nothing.
    if (stream.end == Stream::End::kOpen && !stream.reset_here) stream.cancelled = frame.code;
  });
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
      peer.streams.sent.read(b, [&](const auto& frame) { note_sent(peer, frame); });
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

std::uint32_t FrameReader::number_at(std::size_t offset) const noexcept {
  const auto byte = [&](std::size_t i) { return std::uint32_t{head_[offset + i]}; };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

bool FrameReader::has_head() noexcept {
  constexpr std::size_t kResetSize = 4;
  constexpr std::size_t kGoawaySize = 8;
  if (have_ == kHeaderSize && wanted_ == kHeaderSize) {
    const std::size_t more = head_[3] == kRstStream ? kResetSize
                             : head_[3] == kGoaway  ? kGoawaySize
                                                    : 0;
    if (payload_size() >= more) wanted_ += more;
  }
  return have_ == wanted_;
}

FrameReader::Frame FrameReader::take_head() noexcept {
  constexpr std::size_t kCodeSize = 4;
  const bool has_code = wanted_ > kHeaderSize;
  payload_ = payload_size() - (wanted_ - kHeaderSize);
  const Frame frame{head_[3], head_[4], number_at(5) & 0x7fffffffU,
                    has_code ? number_at(wanted_ - kCodeSize) : 0};
  have_ = 0;
  wanted_ = kHeaderSize;
  return frame;
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
    const auto taken = std::min<std::size_t>(left, wanted_ - have_);
    std::copy_n(at, taken, head_.begin() + static_cast<std::ptrdiff_t>(have_));
    have_ += taken;
    at += taken;
    left -= taken;
    if (has_head()) on_frame(take_head());
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
