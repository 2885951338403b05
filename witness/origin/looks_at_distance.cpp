// SPDX-License-Identifier: Apache-2.0
// Where the RST came from: hops, and the neighbour on the link.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "witness/attribution/wording.hpp"
#include "witness/origin/origin_looks.hpp"

namespace connfate::witness {
namespace {

using Relation = Distance::Relation;

/// A failover of the router in front of this host moves a client to another MAC, too.
constexpr Duration kNoFailover = std::chrono::seconds(5);

constexpr std::array<std::uint8_t, 6> kNoMac{};

std::string assumption(const Distance& d) {
  const int ours = initial_ttl(d.ttl);
  const int theirs = initial_ttl(d.client_ttl);
  return ours == theirs ? fmt::format("taking {} as the initial ttl", ours)
                        : fmt::format("taking {} and {} as the initial ttls", ours, theirs);
}

std::string figures(const Distance& d) {
  return fmt::format("ttl {}, client's {} {}", d.ttl, d.client_handshake ? "handshake" : "packets",
                     d.client_ttl);
}

/// One packet cannot vouch for its own TTL.
bool is_firm(const OriginScene& scene) noexcept {
  return scene.baseline.size() >= 2;
}

/// Behind a proxy that answers handshakes, the client itself is farther away than its SYN.
bool may_be_handshake_proxy(const OriginScene& scene) noexcept {
  return scene.baseline.is_handshake_only() && !scene.distance.is_nearer();
}

std::string mac_text(const Packet& p) {
  return fmt::format("..:{:02x}:{:02x}", p.source_mac[4], p.source_mac[5]);
}

bool has_same_neighbour(const Packet& a, const Packet& b) noexcept {
  return a.source_mac == b.source_mac && a.interface == b.interface && a.vlan == b.vlan;
}

std::string neighbour_text(const Packet& rst, const Packet& client) {
  if (rst.source_mac != client.source_mac) {
    return fmt::format(
        "arrived from another neighbour on the link ({}) than the client's packets "
        "({})",
        mac_text(rst), mac_text(client));
  }
  if (rst.interface != client.interface) {
    return fmt::format("arrived on interface {}, the client's packets on {}", rst.interface,
                       client.interface);
  }
  const auto tag = [](const Packet& p) { return p.vlan ? std::to_string(*p.vlan) : "none"; };
  return fmt::format("arrived in VLAN {}, the client's packets in {}", tag(rst), tag(client));
}

}  // namespace

std::optional<Observed> look_one_device(const OriginScene& scene) {
  if (!scene.one_device || scene.ttl_varies) return std::nullopt;
  return Observed{Confidence::kModerate,
                  fmt::format("ttl {} and the same form on at least 5 resets of at least 3 client "
                              "networks, which lie at different distances: consistent with one "
                              "device about {} hops from here",
                              scene.rst().ttl, hops(scene.rst().ttl)),
                  is_firm(scene)};
}

std::optional<Observed> look_adjacent(const OriginScene& scene) {
  if (scene.ttl_varies) return std::nullopt;
  if (scene.distance.relation != Relation::kFar || hops(scene.rst().ttl) != 0) return std::nullopt;
  return Observed{Confidence::kModerate,
                  fmt::format("ttl {} as it was sent, 0 hops away: consistent with a directly "
                              "attached device",
                              scene.rst().ttl),
                  is_firm(scene)};
}

std::optional<Observed> look_distance(const OriginScene& scene) {
  const Distance& d = scene.distance;
  if (d.relation != Relation::kFar) return std::nullopt;
  if (scene.ttl_varies) {
    std::set<std::uint8_t> different;
    for (const Packet* p : scene.resets) different.insert(p->ttl);
    return Observed{
        Confidence::kModerate,
        fmt::format("{}; ttl varies among resets ({} values), so no distance is claimed",
                    figures(d), different.size()),
        is_firm(scene)};
  }
  const Confidence weight =
      may_be_handshake_proxy(scene) ? Confidence::kWeak : Confidence::kModerate;
  return Observed{weight,
                  fmt::format("{}: {} hops against {}, {}", figures(d), hops(d.ttl),
                              hops(d.client_ttl), assumption(d)),
                  is_firm(scene)};
}

std::optional<Observed> look_other_initial_ttl(const OriginScene& scene) {
  if (scene.distance.relation != Relation::kOtherInitialTtl || scene.ttl_varies)
    return std::nullopt;
  return Observed{Confidence::kNone,
                  fmt::format("{}: as many hops from another initial ttl, as a front end of the "
                              "peer or another stack there sends",
                              figures(scene.distance))};
}

std::optional<Observed> look_one_hop(const OriginScene& scene) {
  const Distance& d = scene.distance;
  if (d.relation != Relation::kOneHop || scene.ttl_varies) return std::nullopt;
  return Observed{Confidence::kWeak,
                  fmt::format("{}: one hop {}; also seen after a route change", figures(d),
                              d.is_nearer() ? "nearer" : "farther"),
                  is_firm(scene)};
}

std::optional<Observed> look_other_neighbour(const OriginScene& scene) {
  const Packet& rst = scene.rst();
  const Packet* last = scene.last_of_client();
  if (last == nullptr || scene.several_interfaces) return std::nullopt;
  if (rst.source_mac == kNoMac && last->source_mac == kNoMac) return std::nullopt;
  std::size_t from_last = 0;
  for (const Packet& p : scene.packets) {
    if (!is_of_client(p)) continue;
    if (has_same_neighbour(p, rst)) return std::nullopt;
    from_last += has_same_neighbour(p, *last) ? 1 : 0;
  }
  const bool firm =
      from_last >= 2 && rst.at - last->at <= kNoFailover && scene.host.packets_lost == 0;
  return Observed{firm ? Confidence::kModerate : Confidence::kWeak, neighbour_text(rst, *last),
                  firm};
}

}  // namespace connfate::witness
