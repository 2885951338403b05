// SPDX-License-Identifier: Apache-2.0
// A datagram on the witness's socket: any bytes.
#include <algorithm>
#include <array>

#include "connfate/report.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

void require_inside(std::string_view text, std::string_view datagram) {
  require(text.empty() || (text.data() >= datagram.data() &&
                           text.data() + text.size() <= datagram.data() + datagram.size()),
          "views point into the datagram");
}

/// Whoever believes a report asks the rules again.
void require_usable(const Report& report) {
  require(report.observation.cookie.has_value(), "a report has a cookie");
  require(classify(report.observation.evidence).rule != nullptr, "a report's evidence is decided");
  const Rule* rule = report.observation.verdict.rule;
  require(rule == nullptr || rule->id == report.rule, "a rule is found by its name");
  std::array<char, kAddressSize> buffer;
  CharWriter out(buffer.data(), buffer.size());
  write_address(report.flow.remote, out);
  require(!out.overflowed() && out.size() > 0, "every address has a text");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  const auto report = decode_report(std::as_bytes(std::span(data, size)));
  if (!report) return 0;
  const auto whole = fuzz::as_text(data, size);
  for (const auto text : {report->rule, report->server, report->method, report->uri, report->host,
                          report->request_id}) {
    fuzz::require_inside(text, whole);
  }
  fuzz::require_usable(*report);

  std::array<std::byte, kReportSize> first;
  std::array<std::byte, kReportSize> second;
  const auto once = encode_report(*report, first);
  const auto again = decode_report(once);
  fuzz::require(again.has_value(), "what was encoded again is decoded again");
  fuzz::require(std::ranges::equal(encode_report(*again, second), once), "encoding is stable");
  fuzz::require(again->flow == report->flow && again->uri == report->uri &&
                    again->observation.cookie == report->observation.cookie &&
                    again->observation.verdict.fate == report->observation.verdict.fate,
                "a report survives encoding and decoding");
  return 0;
}
