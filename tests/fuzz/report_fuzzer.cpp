// SPDX-License-Identifier: Apache-2.0
// A datagram on the witness's socket: any bytes.
#include <algorithm>
#include <array>
#include <vector>

#include "connfate/report.hpp"
#include "fuzz/fuzz_target.hpp"
#include "unit/one_report.hpp"

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

void require_round_trip(const Report& report) {
  std::array<std::byte, kReportSize> first;
  std::array<std::byte, kReportSize> second;
  const auto once = encode_report(report, first);
  const auto again = fixture::decode_report(once);
  require(again.has_value(), "what was encoded again is decoded again");
  require(std::ranges::equal(encode_report(*again, second), once), "encoding is stable");
  require(again->flow == report.flow && again->uri == report.uri &&
              again->observation.cookie == report.observation.cookie &&
              again->observation.verdict.fate == report.observation.verdict.fate,
          "a report survives encoding and decoding");
}

/// The reports of a datagram in a datagram of our own are the same ones.
void require_same_together(std::span<const Report> reports) {
  std::array<std::byte, kDatagramSize> datagram;
  std::array<std::byte, kReportSize> alone;
  std::array<std::byte, kReportSize> read;
  std::size_t used = 0;
  std::size_t count = 0;
  for (; count < reports.size() && datagram.size() - used >= kReportSize; ++count) {
    used = append_report(reports[count], datagram, used);
  }
  ReportReader reader({datagram.data(), used});
  for (const Report& report : reports.first(count)) {
    const auto back = reader.next();
    require(back && std::ranges::equal(encode_report(*back, read), encode_report(report, alone)),
            "a report among others is the report alone");
  }
  require(!reader.has_more(), "as many come out as went in");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  const auto whole = fuzz::as_text(data, size);
  std::vector<Report> reports;
  for (ReportReader reader(std::as_bytes(std::span(data, size))); reader.has_more();) {
    const auto report = reader.next();
    if (!report) continue;
    for (const auto text : {report->rule, report->server, report->method, report->uri, report->host,
                            report->request_id}) {
      fuzz::require_inside(text, whole);
    }
    fuzz::require_usable(*report);
    fuzz::require_round_trip(*report);
    reports.push_back(*report);
  }
  if (!reports.empty()) fuzz::require_same_together(reports);
  return 0;
}
