// SPDX-License-Identifier: Apache-2.0
#include "cli/log/source.hpp"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "cli/log/raw_file.hpp"

namespace connfate::cli::log {
namespace {

constexpr std::size_t kPackedChunk = std::size_t{1} << 17U;

class PlainSource : public Source {
 public:
  explicit PlainSource(RawFile file) : file_(std::move(file)) {}
  std::size_t read(char* to, std::size_t size) override { return file_.read(to, size); }
  std::uint64_t taken() const noexcept override { return file_.taken(); }

 private:
  RawFile file_;
};

class GzipSource : public Source {
 public:
  explicit GzipSource(RawFile file) : file_(std::move(file)), packed_(kPackedChunk) {
    constexpr int kGzip = 15 + 16;  // the largest window, a gzip header (zlib.h)
    if (inflateInit2(&stream_, kGzip) != Z_OK) throw std::runtime_error("gzip: out of memory");
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  std::size_t read(char* to, std::size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0 && !refill()) return 0;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        inside_ = false;
        inflateReset(&stream_);  // another member may follow: logs are concatenated so
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        throw std::runtime_error("gzip: the data is corrupt");
      } else {
        inside_ = true;
      }
    }
    return size - stream_.avail_out;
  }
  std::uint64_t taken() const noexcept override { return file_.taken(); }

 private:
  bool refill() {
    stream_.next_in = packed_.data();
    stream_.avail_in =
        static_cast<uInt>(file_.read(reinterpret_cast<char*>(packed_.data()), packed_.size()));
    if (stream_.avail_in == 0 && inside_) {
      inside_ = false;
      throw std::runtime_error("gzip: the file breaks off");
    }
    return stream_.avail_in > 0;
  }

  RawFile file_;
  z_stream stream_{};
  std::vector<Bytef> packed_;
  bool inside_ = false;
};

class ZstdSource : public Source {
 public:
  explicit ZstdSource(RawFile file)
      : file_(std::move(file)),
        stream_(ZSTD_createDStream(), &ZSTD_freeDStream),
        packed_(kPackedChunk) {}

  std::size_t read(char* to, std::size_t size) override {
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size && !refill()) return 0;
      const std::size_t hint = ZSTD_decompressStream(stream_.get(), &out, &in_);
      if (ZSTD_isError(hint) != 0) throw std::runtime_error("zstd: the data is corrupt");
      inside_ = hint != 0;
    }
    return out.pos;
  }
  std::uint64_t taken() const noexcept override { return file_.taken(); }

 private:
  bool refill() {
    in_ = {packed_.data(), file_.read(packed_.data(), packed_.size()), 0};
    if (in_.size == 0 && inside_) {
      inside_ = false;
      throw std::runtime_error("zstd: the file breaks off");
    }
    return in_.size > 0;
  }

  RawFile file_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  std::vector<char> packed_;
  ZSTD_inBuffer in_{};
  bool inside_ = false;
};

}  // namespace

std::unique_ptr<Source> open_source(const std::string& file) {
  RawFile raw(file);
  const std::string_view head = raw.peek(4);
  if (head.starts_with("\x1f\x8b")) return std::make_unique<GzipSource>(std::move(raw));
  if (head == "\x28\xb5\x2f\xfd") return std::make_unique<ZstdSource>(std::move(raw));
  return std::make_unique<PlainSource>(std::move(raw));
}

}  // namespace connfate::cli::log
