// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/sources.hpp"

#include <fmt/format.h>
#include <net/if.h>

#include <stdexcept>

#include "witness/process/privileges.hpp"
#include "witness/sources/report_queue.hpp"

namespace connfate::witness {
namespace {

void require_interface(const std::string& name) {
  if (name == Capture::kAny || if_nametoindex(name.c_str()) != 0) return;
  throw std::runtime_error(
      fmt::format("there is no interface {}; there are: {}", name, interface_names()));
}

std::vector<Capture> open_captures(const std::vector<std::string>& interfaces) {
  std::vector<Capture> captures;
  for (const std::string& name : interfaces) require_interface(name);
  if (!held_privileges().capture) return captures;
  for (const std::string& name : interfaces) captures.emplace_back(name);
  return captures;
}

std::string no_packets(const std::vector<std::string>& interfaces) {
  return fmt::format(
      "packets are not captured ({}): who sent a RST, and whether a silent client lived on, cannot "
      "be told",
      interfaces.empty() ? "--no-capture" : "needs CAP_NET_RAW, or a start as root");
}

std::string small_buffer(std::size_t bytes) {
  constexpr std::size_t kChargedPerEvent = 1280;
  return fmt::format(
      "the buffer for socket ends holds {} of them instead of {}: bursts may be lost, and are "
      "counted; give CAP_NET_ADMIN for the start, or raise net.core.rmem_max to {}",
      bytes / kChargedPerEvent, DiagSource::kReceiveBuffer / kChargedPerEvent,
      DiagSource::kReceiveBuffer / 2);
}

std::string short_queue(unsigned limit) {
  return fmt::format(
      "the queue for reports holds {} of them: bursts may be lost, and are counted; set "
      "net.unix.max_dgram_qlen to {} before the witness starts",
      limit, kReportQueueWanted);
}

}  // namespace

Sources open_sources(const std::vector<std::string>& interfaces) {
  Sources sources{.ends = DiagSource(),
                  .lookup = DiagLookup(),
                  .queues = QueueSource(),
                  .captures = open_captures(interfaces),
                  .report_queue = report_queue_limit().value_or(0),
                  .missing = {}};
  if (sources.captures.empty()) sources.missing.push_back(no_packets(interfaces));
  const std::size_t buffer = sources.ends.receive_buffer();
  if (buffer < DiagSource::kReceiveBuffer) sources.missing.push_back(small_buffer(buffer));
  const unsigned queue = sources.report_queue;
  if (queue != 0 && queue < kReportQueueWanted) sources.missing.push_back(short_queue(queue));
  return sources;
}

}  // namespace connfate::witness
