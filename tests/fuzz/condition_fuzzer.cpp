// SPDX-License-Identifier: Apache-2.0
// Conditions of --where and times of --since, as a person may mistype them, on a line of a log.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "cli/log/line_parser.hpp"
#include "cli/report/input/filter.hpp"
#include "cli/report/input/request.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

using cli::report::Condition;

std::optional<Condition> parse(const std::string& text) {
  try {
    return Condition::parse(text);
  } catch (const std::invalid_argument& error) {
    require(*error.what() != '\0', "it is said what is wrong");
    return std::nullopt;
  }
}

void try_time(std::string_view text) {
  const cli::log::LogTime now{std::chrono::seconds(1'795'507'200)};
  try {
    (void)cli::report::parse_when(text, now);
  } catch (const std::invalid_argument&) {  // that is the way to say no
  }
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  const std::string_view input = fuzz::as_text(data, size);
  const auto first_end = std::min(input.find('\n'), input.size());
  const std::string line(input.substr(std::min(first_end + 1, input.size())));
  // A word of a command line ends at a NUL.
  const std::string text(input.substr(0, std::min(first_end, input.find('\0'))));
  fuzz::try_time(text);

  const auto equals = text.find('=');
  const auto condition = fuzz::parse(text);
  cli::log::LineParser parser;
  cli::log::Record record;
  parser.parse(line, record);
  if (!condition || !record.fate) return 0;
  const cli::report::Request request = cli::report::make_request(record, nullptr);
  std::string scratch;
  const bool holds = condition->holds(request, scratch);
  fuzz::require(holds == condition->holds(request, scratch), "judging has no memory");
  const bool is_equality = text.find_first_of("<>!") > equals && text.find('=') == equals;
  if (!is_equality) return 0;
  const auto opposite = fuzz::parse(std::string(text).insert(equals, "!"));
  fuzz::require(opposite.has_value(), "what can be asked for can be left out");
  fuzz::require(!holds || !opposite->holds(request, scratch), "nothing is both");
  return 0;
}
