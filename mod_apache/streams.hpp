// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Stream and StreamWatch: what the frames of an HTTP/2 connection say about each response.
// mod_http2 tells nobody whether the last frame of a response went out, or who reset it, so two
// filters above TLS read the frame headers as they pass, and the error codes behind some of them;
// other payload is only counted.
// Used by view.cpp. nginx needs no such file: it shows its streams to modules.
// Surprising:
//  - All of it runs on the connection's own thread, except the begin and the end of a request,
//  which
//    run where the request does; hence the record's lock.
//  - Our own RST_STREAM or GOAWAY is a fact about this server only while the client has not left:
//    mod_http2 sends both when its reads or writes fail, too.
//  - mod_ssl may keep small frames back until a flush, so where a response ends in the byte stream
//    is known only then.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "connfate/units.hpp"
#include "server.hpp"

namespace connfate::apache {

struct PeerConnection;

struct Stream {
  enum class End : std::uint8_t { kOpen, kPassing, kWritten };

  PeerConnection* peer = nullptr;
  std::uint32_t id = 0;  ///< 0: not known, the frames say nothing about this response
  bool started = false;  ///< its HEADERS went out
  End end = End::kOpen;  ///< its END_STREAM: on its way to CORE, or through it
  std::optional<std::uint32_t> cancelled;   ///< code of the client's RST_STREAM
  std::optional<std::uint32_t> reset_here;  ///< code of our RST_STREAM or GOAWAY, when it was first
  std::optional<Bytes> offset;  ///< of that end in the connection's byte stream, once flushed
  Stream* next = nullptr;
};

/// Cuts a byte stream into frames.
class FrameReader {
 public:
  struct Frame {
    std::uint8_t type;
    std::uint8_t flags;
    std::uint32_t stream;
    std::uint32_t code;  ///< RST_STREAM and GOAWAY: the error code
  };

  FrameReader() noexcept = default;
  /// `preface`: how many bytes come before the first frame.
  explicit FrameReader(std::size_t preface) noexcept : payload_(preface) {}

  /// Calls `on_frame` for each frame header in `bucket`; skips metadata.
  template <typename OnFrame>
  void read(apr_bucket* bucket, OnFrame on_frame) noexcept;

 private:
  static constexpr std::size_t kHeaderSize = 9;
  static constexpr std::size_t kHeadSize = 17;  ///< a GOAWAY up to its error code

  /// Bytes of the bucket; nullptr when they are not in memory.
  static const char* bytes_of(apr_bucket* bucket, apr_size_t& size) noexcept;
  /// Whether the head is all there; only the header tells how long it is.
  bool has_head() noexcept;
  Frame take_head() noexcept;
  std::uint32_t number_at(std::size_t offset) const noexcept;
  std::uint32_t payload_size() const noexcept { return number_at(0) >> 8U; }

  std::array<std::uint8_t, kHeadSize> head_{};
  std::size_t have_ = 0;  ///< bytes of head_
  std::size_t wanted_ = kHeaderSize;
  std::uint64_t payload_ = 0;  ///< bytes until the next header
  bool lost_ = false;          ///< an unknown number of bytes went by
};

struct StreamWatch {
  FrameReader sent;
  FrameReader received{24};  ///< the client's connection preface, RFC 9113 section 3.4
  Stream* open = nullptr;
  apr_time_t heard = 0;                          ///< when the client last sent anything
  bool goaway_sent = false;                      ///< this side ends the session
  std::optional<std::uint32_t> goaway_received;  ///< code of the client's

  /// Where HTTP/2 begins in the connection's byte stream: behind the answer to an Upgrade.
  std::optional<Bytes> begin;
};

/// Registers the filters. Once per configuration.
void register_stream_filters() noexcept;

/// Finds mod_http2, which may be loaded later than we are. From post_config.
void find_http2() noexcept;

/// Puts the filters there; they do nothing until the connection speaks HTTP/2.
void watch_streams(PeerConnection& peer) noexcept;

/// The request of a stream has begun. It is forgotten with the request's pool.
void begin_stream(PeerConnection& peer, Stream& stream, request_rec* r) noexcept;

}  // namespace connfate::apache
