// SPDX-License-Identifier: Apache-2.0
// One line of a log, of any format, through the command's reader; and any words as the values of a
// JSON line that a JSON library writes, which have to come back as they were.
#include <array>
#include <nlohmann/json.hpp>
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

/// Valid UTF-8, which JSON can carry.
std::string as_unicode(std::string_view bytes) {
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  return nlohmann::json::parse(nlohmann::json(bytes).dump(-1, ' ', false, kReplace));
}

/// As nginx and httpd are told to write it, with the client's words in it.
void require_round_trip(std::string_view words, cli::log::LineParser& parser) {
  std::array<std::string, 4> values;
  for (std::string& value : values) {
    const auto end = std::min(words.find('\n'), words.size());
    value = as_unicode(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  const bool only_ascii = words.size() % 2 == 0;  // two ways to write the same
  const nlohmann::json line = {{"remote_addr", values[0]}, {"host", values[1]},
                               {"uri", values[2]},         {"request_id", values[3]},
                               {"fate", "delivered"},      {"acked", words.size()}};
  const std::string text = line.dump(-1, ' ', only_ascii);
  Record record;
  parser.parse(text, record);
  require(record.kind == Kind::kJson && record.fate == Fate::kDelivered, "JSON is understood");
  for (std::string& value : values) {
    if (value == "-") value.clear();  // how a server writes that there is none
  }
  require(record.client == values[0] && record.host == values[1] && record.uri == values[2] &&
              record.request_id == values[3],
          "the client's words survive");
  require(record.number(cli::log::FieldId::kAcked) == words.size(), "a number survives");
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
  fuzz::require_round_trip(line, used);
  return 0;
}
