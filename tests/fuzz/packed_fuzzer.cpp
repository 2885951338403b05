// SPDX-License-Identifier: Apache-2.0
// Packed logs: what was packed is what is read, in pieces of any size; of a file that breaks off a
// beginning is read, and it is told; a file that only claims to be packed does no harm.
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "cli/log/pack.hpp"
#include "cli/log/source.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

struct Outcome {
  std::string text;
  bool failed = false;
};

/// A file in memory, through the real reader.
Outcome read(const std::string& content, std::size_t piece) {
  constexpr std::size_t kMost = std::size_t{1} << 24U;  // a bomb is read until here
  const int file = ::memfd_create("log", MFD_CLOEXEC);
  require(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
          "memfd");
  Outcome outcome;
  try {
    const auto source = cli::log::open_source("/proc/self/fd/" + std::to_string(file));
    std::string buffer(piece, '\0');
    while (const std::size_t count = source->read(buffer.data(), buffer.size())) {
      require(count <= piece, "never more than asked for");
      outcome.text.append(buffer, 0, count);
      if (outcome.text.size() > kMost) break;
    }
  } catch (const std::runtime_error&) {
    outcome.failed = true;
  }
  ::close(file);
  return outcome;
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate::fuzz;
  FuzzInput input(data, size);
  const std::size_t piece = input.take<std::uint16_t>() % 5000U + 1U;
  const bool is_zstd = input.flag();
  const std::size_t repeats = input.take<std::uint8_t>() % 100U + 1U;
  const std::size_t cut = input.take<std::uint16_t>();
  const auto rest = input.rest();
  const std::string_view part(reinterpret_cast<const char*>(rest.data()), rest.size());
  std::string text;
  for (std::size_t i = 0; i < repeats; ++i) text += part;

  const std::string packed =
      is_zstd ? connfate::cli::log::zstd(text) : connfate::cli::log::gzip(text);
  const Outcome whole = read(packed, piece);
  require(!whole.failed && whole.text == text, "what was packed is what is read");
  const Outcome twice = read(packed + packed, piece);
  require(!twice.failed && twice.text == text + text, "logs may be put behind each other");
  const Outcome broken = read(packed.substr(0, cut % packed.size()), piece);
  const bool is_plain = cut % packed.size() < 4;  // too short to be told from a plain log
  require(is_plain || text.starts_with(broken.text), "a beginning is a beginning");
  require(is_plain || broken.failed, "what breaks off is told");
  (void)read("\x1f\x8b" + std::string(part), piece);
  (void)read("\x28\xb5\x2f\xfd" + std::string(part), piece);
  return 0;
}
