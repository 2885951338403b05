// SPDX-License-Identifier: Apache-2.0
// One line of a log, of any format, through the command's reader.
#include <string>

#include "cli/log/line_parser.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

using cli::log::Kind;
using cli::log::Record;

void require_consistent(const Record& record) {
  const bool has_fate =
      record.kind == Kind::kBundle || record.kind == Kind::kJson || record.kind == Kind::kWitness;
  require(!has_fate || record.fate.has_value(), "a line of these kinds tells a fate");
  require(record.kind != Kind::kNoFate || !record.fate, "a line without a fate has none");
  require(record.kind != Kind::kBundle || record.bundle.has_value(), "a bundle is kept");
  require(!record.duration || record.duration->count() >= 0, "nothing lasts less than nothing");
}

void require_same(const Record& a, const Record& b) {
  require(a.kind == b.kind && a.fate == b.fate && a.time == b.time, "reading has no memory");
  require(a.client == b.client && a.host == b.host && a.uri == b.uri, "reading has no memory");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  const std::string line(fuzz::as_text(data, size));
  static cli::log::LineParser used;  // has read other lines before
  cli::log::LineParser fresh;
  cli::log::Record first;
  cli::log::Record second;
  used.parse(line, first);
  fresh.parse(line, second);
  fuzz::require_consistent(first);
  fuzz::require_same(first, second);
  return 0;
}
