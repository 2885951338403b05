// SPDX-License-Identifier: Apache-2.0
#include "connfate/report_batch.hpp"

#include <span>
#include <utility>

namespace connfate {

std::optional<WitnessSocket::Loss> ReportBatch::add(Report& report) noexcept {
  std::optional<WitnessSocket::Loss> loss;
  if (datagram_.size() - used_ < kReportSize) loss = flush();
  socket_->stamp(report);
  used_ = append_report(report, datagram_, used_);
  ++reports_;
  return loss;
}

std::optional<WitnessSocket::Loss> ReportBatch::flush() noexcept {
  if (reports_ == 0) return std::nullopt;
  const auto datagram = std::span<const std::byte>(datagram_).first(std::exchange(used_, 0));
  return socket_->send(datagram, std::exchange(reports_, 0));
}

}  // namespace connfate
