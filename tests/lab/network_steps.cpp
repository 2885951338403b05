// SPDX-License-Identifier: Apache-2.0
// What the network does to the story's connection. A device sits in a cable, next to one end, and
// sees every packet of it; a box is a router with a stateful firewall.
#include <array>
#include <chrono>
#include <stdexcept>

#include "harness/deadline.hpp"
#include "lab/device_words.hpp"
#include "lab/player.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using Words = const StepWords&;
using std::chrono::milliseconds;

constexpr milliseconds kLimit = std::chrono::seconds(40);

Cable& cable(Player& player, Words words) {
  return player.network().cable_at(host_of(words.text("PLACE")));
}

/// Of the story's connection, on its way to SIDE.
Match toward(Player& player, Words words) {
  return {.direction = way_to(words.text("SIDE")), .client_port = player.far_port()};
}

void drop(Player& player, Words words, Match match) {
  cable(player, words).add({.match = std::move(match), .action = {.drop = true}});
}

void drop_kind(Player& player, Words words) {
  Match match = toward(player, words);
  match.what = what_of(words.text("KIND"));
  drop(player, words, std::move(match));
}

void drop_beyond(Player& player, Words words) {
  Match match = toward(player, words);
  match.beyond_byte = words.number("N");
  drop(player, words, std::move(match));
}

void drop_long(Player& player, Words words) {
  Match match = toward(player, words);
  match.longer_than = static_cast<std::uint32_t>(words.number("N"));
  drop(player, words, std::move(match));
}

void refuse_long(Player& player, Words words) {
  Match match = toward(player, words);
  match.longer_than = static_cast<std::uint32_t>(words.number("N"));
  const auto mtu = static_cast<std::uint16_t>(words.number("N"));
  const Forgery icmp = fragmentation_needed(player.ipv6() ? "fd88:1::fe" : "10.88.1.254", mtu);
  cable(player, words).add({.match = match, .action = {.drop = true, .forgeries = {icmp}}});
}

void hold(Player& player, Words words, What what) {
  Match match = toward(player, words);
  match.what = what;
  cable(player, words).add({.match = match, .action = {.hold = milliseconds(words.number("N"))}});
}

void reset_at(Player& player, Words words) {
  Forgery rst = rst_of(words.text("OPTIONS"));
  rst.toward = way_to(words.text("SIDE"));
  const auto [direction, what] = moment_of(words.text("MOMENT"));
  cable(player, words)
      .add({.match = {.direction = direction, .what = what, .client_port = player.far_port()},
            .action = {.forgeries = {rst}},
            .times = 1});
}

void reset_now(Player& player, Words words) {
  Forgery rst = rst_of(words.text("OPTIONS"));
  rst.toward = way_to(words.text("SIDE"));
  if (cable(player, words).inject(player.far_port(), rst)) return;
  throw std::runtime_error("the device has not seen the connection");
}

void vanish(Player& player, Words) {
  for (const Direction way : {Direction::kToClient, Direction::kToServer}) {
    player.network().wan().add(
        {.match = {.direction = way, .client_port = player.far_port()}, .action = {.drop = true}});
  }
}

/// A segment of the server that arrived late: beyond any window, so that the box's connection table
/// finds it invalid and does not put the server's public address into it.
void go_astray(Player& player, Words) {
  const bool sent =
      player.network().lan().inject(player.far_port(), {.kind = ForgedKind::kAck,
                                                        .toward = Direction::kToClient,
                                                        .sequence_offset = 1 << 25,
                                                        .window = Number::kContinue,
                                                        .timestamps = true,
                                                        .payload = "late"});
  if (!sent) throw std::runtime_error("the box has not seen the connection");
}

void wait_for_server(Player& player, const char* what, bool (*is_so)(const SenderFacts&)) {
  const auto seen = [&] {
    const auto connection = player.network().lan().connection(player.far_port());
    return connection && is_so(connection->from_server);
  };
  if (!harness::eventually(seen, kLimit)) throw std::runtime_error(std::string("no ") + what);
}

void set_unknown(Player& player, Words words, Unknown policy) {
  player.network().set_unknown(box_of(words.text("NAME")), policy);
}

constexpr std::array kSteps{
    StepKind{"the device at the PLACE drops what goes to the SIDE", "Every packet.",
             [](Player& p, Words w) { drop(p, w, toward(p, w)); }},
    StepKind{"the device at the PLACE drops each KIND to the SIDE",
             "KIND: SYN, FIN, RST, data, acknowledgement (a packet that is nothing else).",
             drop_kind},
    StepKind{"the device at the PLACE drops data beyond byte N to the SIDE",
             "Of the stream of that direction.", drop_beyond},
    StepKind{"the device at the PLACE drops packets longer than N to the SIDE",
             "Bytes of the IP packet; nobody is told.", drop_long},
    StepKind{"the device at the PLACE refuses packets longer than N to the SIDE",
             "The same, and ICMP tells the sender (fragmentation needed, packet too big).",
             refuse_long},
    StepKind{"the device at the PLACE holds what goes to the SIDE for N ms", "Each packet.",
             [](Player& p, Words w) { hold(p, w, What::kAny); }},
    StepKind{"the device at the PLACE holds acknowledgements to the SIDE for N ms",
             "Packets that are nothing else; others overtake them.",
             [](Player& p, Words w) { hold(p, w, What::kPureAck); }},
    StepKind{"the device at the PLACE lets everything pass", "Forgets what it was told.",
             [](Player& p, Words w) { cable(p, w).clear(); }},
    StepKind{"the device at the PLACE resets the SIDE at the MOMENT OPTIONS",
             "Once, in the name of the other side, when it sees the first such packet: response, "
             "request, FIN (of the server), probe (keepalive, of the server). Options: below.",
             reset_at},
    StepKind{"the device at the PLACE resets the SIDE now OPTIONS", "The same, at once.",
             reset_now},
    StepKind{"the client vanishes", "Nothing comes from it or reaches it any more.", vanish},
    StepKind{"box NAME forgets the connection", "Its table loses that entry.",
             [](Player& p, Words w) { p.network().forget(box_of(w.text("NAME")), p.far_port()); }},
    StepKind{"box NAME drops what it does not know",
             "Packets of connections that its table does not hold.",
             [](Player& p, Words w) { set_unknown(p, w, Unknown::kDrop); }},
    StepKind{"box NAME resets what it does not know", "Drops it, and sends the sender a RST.",
             [](Player& p, Words w) { set_unknown(p, w, Unknown::kReset); }},
    StepKind{"box NAME prohibits what it does not know", "Drops it, and tells the sender by ICMP.",
             [](Player& p, Words w) { set_unknown(p, w, Unknown::kProhibit); }},
    StepKind{"box NAME rejects what it does not know",
             "As REJECT does by default: drops it, and tells the sender \"port unreachable\".",
             [](Player& p, Words w) { set_unknown(p, w, Unknown::kReject); }},
    StepKind{
        "box NAME takes no new connection", "As when its table is full. What it knows goes on.",
        [](Player& p, Words w) {
          p.network().nft(box_of(w.text("NAME")), "add rule inet connfate guard ct state new drop");
        }},
    StepKind{"the network turns to the application",
             "What follows is about the server's connection to it, and its end counts as the "
             "client's. Application: behind the box.",
             [](Player& p, Words) { p.turn_to_application(); }},
    StepKind{"the network turns to the client", "Back again.",
             [](Player& p, Words) { p.turn_to_client(); }},
    StepKind{"the PLACE routes by box NAME",
             "Its packets of the connection go through that box from now on. Network: pair.",
             [](Player& p, Words w) {
               p.network().route_via(host_of(w.text("PLACE")), box_of(w.text("NAME")),
                                     p.far_port());
             }},
    StepKind{"a segment goes astray",
             "One that the box finds invalid reaches the client with the server's own address. "
             "Network: nat.",
             go_astray},
    StepKind{"wait until the server closes", "Until its FIN is on the wire.",
             [](Player& p, Words) {
               wait_for_server(p, "FIN left the server",
                               [](const SenderFacts& s) { return s.fin; });
             }},
    StepKind{"wait until the server resets", "Until its RST is on the wire.",
             [](Player& p, Words) {
               wait_for_server(p, "RST left the server",
                               [](const SenderFacts& s) { return s.rst; });
             }},
};

}  // namespace

std::span<const StepKind> network_steps() {
  return kSteps;
}

}  // namespace connfate::lab
