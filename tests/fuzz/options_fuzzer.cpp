// SPDX-License-Identifier: Apache-2.0
// A configuration file of any content, and quantities of any spelling. Whatever is in it: either
// there are options, or there is a message for the reader; and what was understood, written as a
// command line, is understood as the same.
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "fuzz/fuzz_target.hpp"
#include "witness/daemon/options.hpp"
#include "witness/daemon/quantity.hpp"

namespace connfate::witness {
namespace {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : fd_(memfd_create("options", MFD_CLOEXEC)) {
    fuzz::require(fd_ >= 0 && ::write(fd_, content.data(), content.size()) ==
                                  static_cast<ssize_t>(content.size()),
                  "a file in memory");
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

ParsedOptions parse(const std::vector<std::string>& words) {
  std::vector<const char*> arguments{"connfate-witness"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

std::string ms(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + "ms";
}

/// Numbers and switches: of texts, not every one can stand on a command line as in a file.
std::vector<std::string> as_command_line(const Options& o) {
  std::vector<std::string> words{"--memory",       std::to_string(o.tracker.memory),
                                 "--first-lookup", ms(o.tracker.first_lookup),
                                 "--settle",       ms(o.tracker.settle),
                                 "--afterlife",    ms(o.tracker.afterlife),
                                 "--log",          o.tracker.log_all ? "all" : "trouble"};
  for (const std::uint16_t port : o.ports) {
    words.insert(words.end(), {"--port", std::to_string(port)});
  }
  if (o.mask_clients) words.emplace_back("--mask-clients");
  if (o.check) words.emplace_back("--check");
  return words;
}

void require_same(const Options& a, const Options& b) {
  fuzz::require(
      a.tracker.memory == b.tracker.memory && a.tracker.first_lookup == b.tracker.first_lookup &&
          a.tracker.settle == b.tracker.settle && a.tracker.afterlife == b.tracker.afterlife &&
          a.tracker.log_all == b.tracker.log_all && a.ports == b.ports &&
          a.mask_clients == b.mask_clients && a.check == b.check,
      "options survive being written and read");
}

void require_quantities(std::string_view text) {
  if (const auto time = parse_duration(text)) {
    fuzz::require(parse_duration(ms(*time)) == time, "a duration in ms is the same duration");
  }
  if (const auto size = parse_size(text)) {
    fuzz::require(parse_size(std::to_string(*size)) == size, "a size in bytes is the same size");
  }
}

}  // namespace
}  // namespace connfate::witness

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  using namespace connfate::witness;
  const std::string_view text = fuzz::as_text(data, size);
  require_quantities(text);
  const MemoryFile file(text);
  const ParsedOptions parsed = parse({"--config", file.path()});
  fuzz::require(parsed.options || !parsed.message.empty(), "whoever is refused is told why");
  if (parsed.options) {
    const ParsedOptions again = parse(as_command_line(*parsed.options));
    fuzz::require(again.options.has_value(), "what was understood once is understood again");
    require_same(*parsed.options, *again.options);
  }
  return 0;
}
