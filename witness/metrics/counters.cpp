// SPDX-License-Identifier: Apache-2.0
#include "witness/metrics/counters.hpp"

#include <array>

namespace connfate::witness {
namespace {

using R = const Readings&;

constexpr std::string_view kLost = "connfate_lost_total";
constexpr std::string_view kRefused = "connfate_refused_reports_total";
constexpr std::string_view kWeb = "connfate_web_requests_total";
constexpr std::string_view kSkipped = "connfate_frames_skipped_total";

constexpr std::array<Counter, 23> kCounters{{
    {"reports", "reports of logged responses that the modules sent", "connfate_reports_total", "",
     "", false, [](R r) noexcept -> std::uint64_t { return r.tracker.reports; }},
    {"socket_ends", "ends of sockets that the kernel told of", "connfate_socket_ends_total", "", "",
     false, [](R r) noexcept -> std::uint64_t { return r.tracker.socket_ends; }},
    {"packets", "captured packets and ICMP errors of served ports", "connfate_packets_total", "",
     "", false, [](R r) noexcept -> std::uint64_t { return r.tracker.packets; }},
    {"lookups", "times that the kernel was asked how a socket stands", "connfate_lookups_total", "",
     "", false, [](R r) noexcept -> std::uint64_t { return r.tracker.lookups; }},
    {"lines", "lines written about responses and connections", "connfate_lines_total", "", "",
     false, [](R r) noexcept -> std::uint64_t { return r.tracker.lines; }},
    {"waiting", "responses whose fate is not known yet", "connfate_responses_pending", "", "", true,
     [](R r) noexcept -> std::uint64_t { return r.waiting; }},
    {"memory", "bytes that they take, of `--memory`", "connfate_waiting_memory_bytes", "", "", true,
     [](R r) noexcept -> std::uint64_t { return r.memory; }},
    {"evicted",
     "responses given up because that was full, or because 256 others of their connection waited",
     kLost, "source", "memory", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.evicted; }},
    {"lost_reports", "reports that a module could not send", kLost, "source", "reports", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_reports; }},
    {"lost_socket_ends", "ends of sockets that the kernel dropped", kLost, "source",
     "socket_events", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_socket_ends; }},
    {"lost_packets", "packets that the capture dropped", kLost, "source", "packets", false,
     [](R r) noexcept -> std::uint64_t { return r.tracker.lost_packets; }},
    {"lost_lines", "lines that could not be written", kLost, "source", "lines", false,
     [](R r) noexcept -> std::uint64_t { return r.lost_lines; }},
    {"foreign_reports", "messages of a user that may not report", kRefused, "reason", "foreign",
     false, [](R r) noexcept -> std::uint64_t { return r.reports.foreign; }},
    {"undecodable_reports", "messages that are no report, or were cut short", kRefused, "reason",
     "undecodable", false, [](R r) noexcept -> std::uint64_t { return r.reports.undecodable; }},
    {"troubles", "failures of the witness itself, each said on standard error",
     "connfate_failures_total", "", "", false,
     [](R r) noexcept -> std::uint64_t { return r.failures; }},
    {"frames_not_ip", "frames that carry no IP packet, by their link layer's own word", kSkipped,
     "reason", "not_ip", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kNotIp); }},
    {"frames_cut_short", "frames that ended before their headers did", kSkipped, "reason",
     "cut_short", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kCutShort); }},
    {"frames_fragment", "later fragments, which have no TCP header, and ICMP errors that quote one",
     kSkipped, "reason", "fragment", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kFragment); }},
    {"frames_malformed",
     "frames whose lengths or versions contradict each other; TCP drops them, too", kSkipped,
     "reason", "malformed", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kMalformed); }},
    {"frames_other_protocol",
     "frames neither of TCP nor ICMP, or behind a header that is not known (IPsec)", kSkipped,
     "reason", "other_protocol", false,
     [](R r) noexcept -> std::uint64_t { return r.skipped.count(Skipped::kOtherProtocol); }},
    {"web_answered", "requests to `--web` that got what they asked for", kWeb, "result", "answered",
     false, [](R r) noexcept -> std::uint64_t { return r.web.answered; }},
    {"web_refused", "requests to `--web` that got an error", kWeb, "result", "refused", false,
     [](R r) noexcept -> std::uint64_t { return r.web.refused; }},
    {"web_dropped", "readers of `--web` that were too many, or too slow", kWeb, "result", "dropped",
     false, [](R r) noexcept -> std::uint64_t { return r.web.dropped; }},
}};

}  // namespace

std::span<const Counter> counters() noexcept {
  return kCounters;
}

}  // namespace connfate::witness
