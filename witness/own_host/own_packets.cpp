// SPDX-License-Identifier: Apache-2.0
// What this host made itself: it came in on a loopback interface, or left without a socket's doing.
#include <fmt/format.h>

#include <algorithm>

#include "witness/attribution/wording.hpp"
#include "witness/own_host/own_looks.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

/// The socket did something this long after a packet: longer than any delay between the clocks of
/// the capture and of the kernel, and than a packet is on its way up from the driver.
constexpr Duration kSurvived = std::chrono::milliseconds(500);

/// The client's own packets come from elsewhere. Where all of them come in on loopback (a proxy of
/// this host that keeps the client's address), a RST there is nothing special.
bool comes_from_elsewhere(const WireHistory& history) noexcept {
  return std::ranges::any_of(history.packets(), [](const Packet& p) {
    return p.direction == Direction::kIn && !p.rst && !p.loopback;
  });
}

std::string kind_of(const IcmpError& error) {
  return fmt::format("ICMP{} {}/{} about this connection", error.flow.local.is_ipv4() ? "" : "v6",
                     int{error.type}, int{error.code});
}

/// By the socket's own word.
Instant last_sent(const OwnHostQuestion& q) noexcept {
  return q.ended_at - q.socket.snapshot->last_data_sent;
}

}  // namespace

std::string look_at_own_reset(const OwnHostQuestion& q) {
  if (!comes_from_elsewhere(q.history)) return {};
  const auto& packets = q.history.packets();
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Packet& p = packets[i];
    if (!p.rst || p.at > q.ended_at + kClockSkew) continue;
    if (p.direction == Direction::kOut) return {};  // this host's TCP was first
    const RstEffect effect = effect_of(packets, i, q.host);
    if (effect != RstEffect::kApplied && effect != RstEffect::kUnknown) continue;
    if (!p.loopback) return {};
    return "the reset in the client's name came in on this host's loopback interface, the client's "
           "packets on another: this host made it, as a rule \"reject with tcp reset\" does (nft "
           "list ruleset)";
  }
  return {};
}

OwnIcmp look_at_own_icmp(const OwnHostQuestion& q) {
  const WireFacts facts = q.history.facts(q.host);
  const Instant heard = q.ended_at - q.socket.snapshot->silence();
  for (const auto* error : {&facts.icmp, &facts.last_icmp}) {
    if (!*error || !(*error)->loopback || (*error)->is_about_size()) continue;
    if ((*error)->at < heard || (*error)->at > q.ended_at + kClockSkew) continue;
    const bool forbids = (*error)->is_prohibition();
    return {forbids,
            fmt::format("{} came from this host itself ({}), on its loopback interface: {}",
                        kind_of(**error), to_text((*error)->sender),
                        forbids ? "it forbids what it was asked to send (nft list ruleset)"
                                : "its next hop did not answer, or there was no route (ip "
                                  "neigh, ip route get)")};
  }
  return {};
}

std::string look_at_reset_of_nobody(const OwnHostQuestion& q) {
  for (const Packet& p : q.history.packets()) {
    if (!p.rst || p.direction != Direction::kOut || p.loopback) continue;
    if (last_sent(q) < p.at + kSurvived) return {};
    return fmt::format(
        "a reset left this host for the client {} before the socket, which lived on, "
        "sent its last data: not its TCP but a firewall of this host sent it, as a "
        "rule \"reject with tcp reset\" does (nft list ruleset)",
        to_text(last_sent(q) - p.at));
  }
  return {};
}

}  // namespace connfate::witness
