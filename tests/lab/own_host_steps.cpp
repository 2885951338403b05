// SPDX-License-Identifier: Apache-2.0
// What the server's own host does: nothing of it ever reaches the network.
#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "lab/player.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using Words = const StepWords&;

std::string flag_of(const std::string& kind) {
  if (kind == "RST") return "rst";
  if (kind == "FIN") return "fin";
  throw std::runtime_error("the firewall knows RST and FIN, not " + kind);
}

constexpr std::array kSteps{
    StepKind{"the server's firewall drops what it sends", "Its own nft, at output.",
             [](Player& p, Words) { p.own_host().on_output("drop"); }},
    StepKind{"the server's firewall drops what it sends beyond N bytes", "IP headers included.",
             [](Player& p, Words w) {
               p.own_host().on_output(fmt::format("quota over {} bytes drop", w.number("N")));
             }},
    StepKind{"the server's firewall drops one of N packets that it sends", "Each Nth.",
             [](Player& p, Words w) {
               p.own_host().on_output(fmt::format("numgen inc mod {} 0 drop", w.number("N")));
             }},
    StepKind{"the server's firewall rejects what it sends with a reset",
             "Packets of more than 200 bytes; the reset goes to the server itself.",
             [](Player& p, Words) {
               p.own_host().on_output("meta length > 200 reject with tcp reset");
             }},
    StepKind{"the server's firewall rejects what it sends with an icmp message",
             "Likewise, and it tells itself \"port unreachable\".",
             [](Player& p, Words) { p.own_host().on_output("meta length > 200 reject"); }},
    StepKind{"the server's interface drops what it sends beyond N bytes",
             "nft at egress, behind the firewall.",
             [](Player& p, Words w) {
               p.own_host().on_egress(fmt::format("quota over {} bytes drop", w.number("N")));
             }},
    StepKind{"the server's firewall drops what it receives", "At input.",
             [](Player& p, Words) { p.own_host().on_input("drop"); }},
    StepKind{"the server's firewall drops each KIND that it receives", "KIND: RST, FIN.",
             [](Player& p, Words w) {
               const std::string flag = flag_of(w.text("KIND"));
               p.own_host().on_input(fmt::format("tcp flags & {0} == {0} drop", flag));
             }},
    StepKind{"the server's firewall rejects what it receives with a reset",
             "The reset goes to the client.",
             [](Player& p, Words) { p.own_host().on_input("reject with tcp reset"); }},
    StepKind{"the server's route to the client is WORD", "prohibit, unreachable or blackhole.",
             [](Player& p, Words w) { p.own_host().route(w.text("WORD")); }},
    StepKind{"the server's next hop does not answer", "Nobody has the address of its router.",
             [](Player& p, Words) {
               p.own_host().route(p.ipv6() ? "via fd88:2::99" : "via 10.88.2.99");
             }},
    StepKind{"the server's queue has room for nothing", "tc's token bucket, for all clients.",
             [](Player& p, Words) { p.own_host().shrink_queue(); }},
    StepKind{"the server's own host lets everything pass", "Again.",
             [](Player& p, Words) { p.own_host().let_everything_pass(); }},
};

}  // namespace

std::span<const StepKind> own_host_steps() {
  return kSteps;
}

}  // namespace connfate::lab
