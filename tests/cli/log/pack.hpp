// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides gzip() and zstd(): a text as one packed member. For the tests and the fuzzer of what
// reads packed logs. Throws when the library refuses.

#include <zlib.h>
#include <zstd.h>

#include <stdexcept>
#include <string>

namespace connfate::cli::log {

inline std::string gzip(std::string text) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // the largest window, a gzip header (zlib.h)
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib");
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib");
  return packed;
}

inline std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
  if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd");
  packed.resize(size);
  return packed;
}

}  // namespace connfate::cli::log
