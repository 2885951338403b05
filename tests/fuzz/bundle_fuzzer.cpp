// SPDX-License-Identifier: Apache-2.0
// A log line: any text.
#include <string>

#include "connfate/bundle.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

/// The fields of a parsed bundle, written again in the order of the table.
std::string write_again(const Bundle& bundle) {
  std::string text;
  for (const Field& field : fields()) {
    const auto value = bundle.get(field.name);
    if (!value.empty()) text.append(field.name).append("=").append(value).append(" ");
  }
  return text.append("v=").append(bundle.version());
}

void require_inside(std::string_view part, std::string_view line) {
  require(part.empty() || (part.data() >= line.data() &&
                           part.data() + part.size() <= line.data() + line.size()),
          "views point into the line");
  require(part.find_first_of(" \"\t\r\n\\}") == std::string_view::npos, "values are words");
}

void require_same(const Bundle& a, const Bundle& b) {
  for (const Field& field : fields()) {
    require(a.get(field.name) == b.get(field.name), "a field survives writing and parsing");
  }
  require(a.version() == b.version(), "the version survives writing and parsing");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  const std::string line(fuzz::as_text(data, size));
  const auto bundle = find_bundle(line);
  if (!bundle) return 0;
  fuzz::require(bundle->text().starts_with("fate="), "a bundle begins with its fate");
  fuzz::require(!bundle->get("fate").empty(), "a bundle has a fate");
  for (const Field& field : fields()) fuzz::require_inside(bundle->get(field.name), line);
  fuzz::require_inside(bundle->version(), line);

  const std::string again = fuzz::write_again(*bundle);
  const auto second = find_bundle(again);
  fuzz::require(second.has_value(), "what was written again is found again");
  fuzz::require_same(*bundle, *second);
  fuzz::require(fuzz::write_again(*second) == again, "writing and parsing is stable");
  return 0;
}
