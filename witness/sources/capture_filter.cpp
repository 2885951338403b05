// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/capture_filter.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace connfate::witness {
namespace {

/// A BPF program has at most 4096 instructions, and each range costs some dozens.
constexpr std::size_t kMostRanges = 32;
constexpr int kWholePacket = 262144;  // the capture's own snap length cuts it

/// "dst portrange 80-80 or dst portrange 8080-8099"
std::string any_port(std::string_view direction,
                     std::span<const std::pair<std::uint16_t, std::uint16_t>> ranges) {
  std::string text;
  for (const auto& [first, last] : ranges) {
    text += fmt::format("{}{} portrange {}-{}", text.empty() ? "" : " or ", direction, first, last);
  }
  return text;
}

/// tcp[13] reads an IPv4 packet only; in IPv6 without extension headers the flags are byte 53.
std::string flags(int mask) {
  return fmt::format("((ip and tcp[13] & {0} != 0) or (ip6 and ip6[53] & {0} != 0))", mask);
}

std::string tcp_expression(std::span<const std::uint16_t> ports) {
  constexpr int kSynFinRst = 7;
  constexpr int kPsh = 8;
  const auto ranges = to_ranges(ports, kMostRanges);
  return fmt::format(" or (tcp and ({}) and {}) or (tcp and ({}) and {})", any_port("src", ranges),
                     flags(kSynFinRst), any_port("dst", ranges), flags(kSynFinRst | kPsh));
}

/// Unreachable, time exceeded; and packet too big, which in IPv4 is a kind of unreachable.
constexpr std::string_view kIcmpErrors =
    "(icmp and (icmp[0] = 3 or icmp[0] = 11)) or (icmp6 and ip6[40] >= 1 and ip6[40] <= 3)";

struct CloseCapture {
  void operator()(pcap_t* capture) const noexcept { pcap_close(capture); }
};

struct Program {
  bpf_program value{};
  ~Program() { pcap_freecode(&value); }
};

}  // namespace

std::vector<std::pair<std::uint16_t, std::uint16_t>> to_ranges(std::span<const std::uint16_t> ports,
                                                               std::size_t most) {
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ranges;
  for (const std::uint16_t port : ports) ranges.emplace_back(port, port);
  while (ranges.size() > most) {
    auto closest = ranges.begin() + 1;
    for (auto at = closest; at != ranges.end(); ++at) {
      if (at->first - (at - 1)->second < closest->first - (closest - 1)->second) closest = at;
    }
    (closest - 1)->second = closest->second;
    ranges.erase(closest);
  }
  return ranges;
}

std::string filter_expression(std::span<const std::uint16_t> ports, bool with_vlan) {
  const std::string plain = std::string(kIcmpErrors) + (ports.empty() ? "" : tcp_expression(ports));
  // After `vlan`, pcap looks for everything else behind the tag: it must stand last.
  return with_vlan ? fmt::format("{} or (vlan and ({}))", plain, plain) : plain;
}

std::vector<sock_filter> compile_filter(std::span<const std::uint16_t> ports, LinkLayer link) {
  const bool ethernet = link == LinkLayer::kEthernet;
  const std::unique_ptr<pcap_t, CloseCapture> compiler(
      pcap_open_dead(ethernet ? DLT_EN10MB : DLT_RAW, kWholePacket));
  const std::string expression = filter_expression(ports, ethernet);
  Program program;
  if (pcap_compile(compiler.get(), &program.value, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) !=
      0) {
    throw std::runtime_error(std::string("the packet filter: ") + pcap_geterr(compiler.get()));
  }
  std::vector<sock_filter> code;
  for (const bpf_insn& i : std::span(program.value.bf_insns, program.value.bf_len)) {
    code.push_back({.code = i.code, .jt = i.jt, .jf = i.jf, .k = i.k});
  }
  return code;
}

}  // namespace connfate::witness
