// SPDX-License-Identifier: Apache-2.0
#include "witness/origin/own_reset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "witness/attribution/wording.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

using Packets = std::span<const Packet>;

std::string own_cause(const Packet& rst, const HostFacts& host) {
  if (!rst.ack) {
    return "it has the form of a reply without a socket: the connection was gone here already, or "
           "a firewall of this host answered";
  }
  if (host.unread > Bytes{}) {
    return fmt::format("the request was not read to its end: {} bytes were left",
                       host.unread.value);
  }
  return "why it was sent cannot be told from the packets";
}

/// What ends nothing, because the connection had ended before.
Attribution own_consequence(std::string why) {
  Attribution a;
  a.evidence.push_back("this host's RST is a consequence: " + std::move(why));
  return a;
}

}  // namespace

const Packet* first_fin(std::span<const Packet> packets, Direction direction) noexcept {
  const auto fin = std::ranges::find_if(
      packets, [direction](const Packet& p) { return p.fin && p.direction == direction; });
  return fin == packets.end() ? nullptr : &*fin;
}

void note_lost_packets(Attribution& a, const HostFacts& host) {
  if (host.packets_lost == 0) return;
  a.evidence.push_back(fmt::format("the capture lost {} packets: an earlier event may be missing",
                                   host.packets_lost));
}

Attribution attribute_own_reset(const WireHistory& history, std::size_t index,
                                const HostFacts& host) {
  const Packets before = Packets(history.packets()).first(index);
  const Packet& rst = history.packets()[index];
  const Packet* fin_in = first_fin(before, Direction::kIn);
  const Packet* fin_out = first_fin(before, Direction::kOut);
  if (fin_in != nullptr && fin_out != nullptr) return own_consequence("both sides had closed");
  // A close that resets is reported with the RST itself; a bare reply needs the socket to be gone,
  // and the event that it is gone comes a little later.
  if (host.destroyed_at && rst.ack && rst.at > *host.destroyed_at + kClockSkew) {
    return own_consequence(
        fmt::format("its socket had been gone for {}", to_text(rst.at - *host.destroyed_at)));
  }
  if (host.destroyed_at && !rst.ack && rst.at + kClockSkew > *host.destroyed_at) {
    const Duration gone = std::max(rst.at - *host.destroyed_at, Duration{});
    return own_consequence(fmt::format("its socket had been gone for {}", to_text(gone)));
  }
  Attribution a;
  a.rst_from = RstFrom::kSelf;
  const bool seen_all = history.facts().complete_from_start && host.packets_lost == 0;
  a.confidence = seen_all || rst.ack ? Confidence::kProven : Confidence::kModerate;
  a.evidence.emplace_back("a RST left this host first");
  a.evidence.push_back(own_cause(rst, host));
  if (fin_out != nullptr) {
    a.evidence.push_back(fmt::format("this host had closed before: its FIN left {} earlier",
                                     to_text(rst.at - fin_out->at)));
  }
  if (fin_in != nullptr) {
    a.evidence.push_back(fmt::format("the client had closed its direction: its FIN came {} earlier",
                                     to_text(rst.at - fin_in->at)));
  }
  note_lost_packets(a, host);
  return a;
}

}  // namespace connfate::witness
