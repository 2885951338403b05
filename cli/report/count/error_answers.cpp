// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/error_answers.hpp"

#include <algorithm>

#include "cli/log/number.hpp"

namespace connfate::cli::report {
namespace {

void widen(std::optional<log::LogTime>& first, std::optional<log::LogTime>& last,
           const std::optional<log::LogTime>& time) {
  if (!time) return;
  first = first ? std::min(*first, *time) : *time;
  last = last ? std::max(*last, *time) : *time;
}

}  // namespace

void ErrorAnswers::add(const Request& request) {
  constexpr std::uint64_t kFirst = 500;
  const auto status = log::parse_number(request.record->status);
  if (!status || *status < kFirst || *status >= kFirst + of_status.size()) return;
  ++count;
  ++of_status[*status - kFirst];
  widen(first, last, request.record->time);
}

/// docs/fates.md: data after this server's FIN, or data that it never read.
void ClosedByServer::learn(const log::Record& record) {
  if (record.kind != log::Kind::kWitness || record.witness.event != "connection") return;
  const std::string_view rule = record.field(log::FieldId::kRule);
  if (rule != "conn-data-after-fin" && rule != "conn-unread") return;
  ++count;
  widen(first, last, record.time);
}

}  // namespace connfate::cli::report
