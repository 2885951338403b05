// SPDX-License-Identifier: Apache-2.0
#include "witness/metrics/counters.hpp"

#include <array>

namespace connfate::witness {
namespace {

using R = const Readings&;

constexpr std::array<Counter, 20> kCounters{{
    {"reports", "reports of logged responses that the modules sent", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.reports; }},
    {"socket_ends", "ends of sockets that the kernel told of", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.socket_ends; }},
    {"packets", "captured packets and ICMP errors of served ports", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.packets; }},
    {"lookups", "times that the kernel was asked how a socket stands", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lookups; }},
    {"lines", "lines written about responses and connections", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lines; }},
    {"waiting", "responses whose fate is not known yet", true,
     [](R r) noexcept -> std::uint64_t { return r.waiting; }},
    {"memory", "bytes that they take, of `--memory`", true,
     [](R r) noexcept -> std::uint64_t { return r.memory; }},
    {"evicted", "responses given up because that was full", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.evicted; }},
    {"lost_reports", "reports that a module could not send", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_reports; }},
    {"lost_socket_ends", "ends of sockets that the kernel dropped", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_socket_ends; }},
    {"lost_packets", "packets that the capture dropped", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_packets; }},
    {"lost_lines", "lines that could not be written", false,
     [](R r) noexcept -> std::uint64_t { return r.lost_lines; }},
    {"foreign_reports", "messages of a user that may not report", false,
     [](R r) noexcept -> std::uint64_t { return r.reports.foreign; }},
    {"undecodable_reports", "messages that are no report, or were cut short", false,
     [](R r) noexcept -> std::uint64_t { return r.reports.undecodable; }},
    {"troubles", "failures of the witness itself, each said on standard error", false,
     [](R r) noexcept -> std::uint64_t { return r.failures; }},
    {"frames_not_ip", "frames that carry no IP packet, by their link layer's own word", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kNotIp); }},
    {"frames_cut_short", "frames that ended before their headers did", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kCutShort); }},
    {"frames_fragment", "later fragments, which have no TCP header, and ICMP errors that quote one",
     false, [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kFragment); }},
    {"frames_malformed",
     "frames whose lengths or versions contradict each other; TCP drops them, too", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kMalformed); }},
    {"frames_other_protocol",
     "frames neither of TCP nor ICMP, or behind a header that is not known (IPsec)", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kOtherProtocol); }},
}};

}  // namespace

std::span<const Counter> counters() noexcept {
  return kCounters;
}

}  // namespace connfate::witness
