// SPDX-License-Identifier: Apache-2.0
// A captured frame: any bytes behind any link layer. What is parsed goes through the history and
// both judgements, so that no packet can bring them down either; and built again from what was
// understood, without any of the detours of the first, it is understood as the same.
#include <algorithm>
#include <string>

#include "fuzz/fuzz_target.hpp"
#include "witness/frames.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/silence/silence.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::fuzz {
namespace {

using namespace connfate::witness;

constexpr std::uint16_t kPort = 443;

/// Lengths come from the headers, because a capture is cut: an IP packet's is its limit then.
constexpr std::size_t kLargestIpPacket = 65535 + 40;

ServedPorts served() {
  ServedPorts ports;
  ports.add(kPort);
  return ports;
}

bool is_printable(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

void require_sound(const Packet& p, std::size_t frame_size) {
  require(p.flow.local.port == kPort || p.flow.remote.port == kPort, "a served port is involved");
  require(p.payload <= std::max(frame_size, kLargestIpPacket), "the payload fits its packet");
  require(p.rst || p.rst_text.empty(), "only a reset has a text");
  require(p.rst_text.size() <= 4 * kRstTextSize && is_printable(p.rst_text),
          "the text is bounded and printable");
  require(!p.timestamps || p.has_options, "timestamps are an option");
}

frames::Bytes8 tcp_of(const Packet& p) {
  using frames::operator+;
  const bool out = p.direction == Direction::kOut;
  const Endpoint& from = out ? p.flow.local : p.flow.remote;
  const Endpoint& to = out ? p.flow.remote : p.flow.local;
  const auto flag = [](bool is_set, unsigned bit) { return is_set ? 1U << bit : 0U; };
  frames::Tcp tcp;
  tcp.source = from.port;
  tcp.destination = to.port;
  tcp.seq = p.seq;
  tcp.ack = p.ack_number;
  tcp.flags = static_cast<std::uint8_t>(flag(p.fin, 0) | flag(p.syn, 1) | flag(p.rst, 2) |
                                        flag(p.psh, 3) | flag(p.ack, 4));
  tcp.window = p.window;
  if (p.has_options) tcp.options = {1, 1, 1, 1};
  if (p.timestamps) {
    tcp.options = frames::Bytes8{1, 1, 8, 10} + frames::u32(p.timestamps->value) +
                  frames::u32(p.timestamps->echo);
  }
  return frames::tcp(tcp);
}

/// A bare IP packet whose payload was not captured.
frames::Bytes8 frame_of(const Packet& p) {
  using frames::operator+;
  const bool out = p.direction == Direction::kOut;
  const auto& from = (out ? p.flow.local : p.flow.remote).address;
  const auto& to = (out ? p.flow.remote : p.flow.local).address;
  const frames::Bytes8 tcp = tcp_of(p);
  if (p.ip_id) {
    return frames::ip4(tcp, {.source = {from.begin() + 12, from.end()},
                             .destination = {to.begin() + 12, to.end()},
                             .ttl = p.ttl,
                             .fragment = p.dont_fragment ? 0x4000U : 0U,
                             .id = *p.ip_id,
                             .extra = p.payload});
  }
  return frames::Bytes8{0x60, 0, 0, 0} + frames::u16(tcp.size() + p.payload) +
         frames::Bytes8{6, p.ttl} + frames::Bytes8(from.begin(), from.end()) +
         frames::Bytes8(to.begin(), to.end()) + tcp;
}

void require_same(const Packet& a, const Packet& b) {
  require(a.flow == b.flow && a.direction == b.direction, "the ends survive");
  require(a.fin == b.fin && a.syn == b.syn && a.rst == b.rst && a.psh == b.psh && a.ack == b.ack,
          "the flags survive");
  require(a.seq == b.seq && a.ack_number == b.ack_number && a.window == b.window &&
              a.payload == b.payload,
          "the numbers survive");
  require(a.ttl == b.ttl && a.ip_id == b.ip_id && a.dont_fragment == b.dont_fragment,
          "the IP header survives");
  require(a.has_options == b.has_options && a.timestamps.has_value() == b.timestamps.has_value(),
          "the options survive");
  require(!a.timestamps || (a.timestamps->value == b.timestamps->value &&
                            a.timestamps->echo == b.timestamps->echo),
          "the timestamps survive");
}

void require_round_trip(const Packet& p, const ServedPorts& ports) {
  constexpr std::uint32_t kLargestPayload = 65535 - 20 - 32;  // the headers built here
  if (p.payload > kLargestPayload) return;
  const frames::Bytes8 frame = frame_of(p);
  const auto again = parse_frame(std::as_bytes(std::span(frame)), LinkLayer::kRaw, ports, p.at);
  const auto* packet = std::get_if<Packet>(&again);
  require(packet != nullptr, "a packet that was understood can be built");
  require_same(p, *packet);
}

/// The packet between two others that its numbers fit, and every judgement of what comes out.
void require_judged(const Packet& p) {
  Packet opening = p;
  opening.rst = opening.fin = opening.ack = false;
  opening.syn = true;
  opening.direction = Direction::kIn;
  opening.at = p.at - std::chrono::seconds(1);
  Packet later = p;
  later.at = p.at + std::chrono::seconds(1);
  WireHistory history;
  for (const Packet& each : {opening, p, p, later}) history.add(each);
  require(history.packets().size() <= WireHistory::kCapacity, "the history is bounded");

  HostFacts host;
  host.destroyed_at = later.at;
  host.min_rtt = std::chrono::milliseconds(p.window);
  host.segments_in = p.payload;
  RstFingerprints fingerprints;
  const Attribution reset = attribute_rst(history, host, &fingerprints);
  require(reset.rst_from != RstFrom::kPath || reset.confidence >= Confidence::kModerate,
          "the path is named with at least moderate confidence");
  Silence silence;
  silence.end = Bytes{p.payload + 1U};
  silence.ended_at = later.at;
  silence.snapshot.retransmits = p.ttl;
  silence.snapshot.rto = std::chrono::milliseconds(p.window);
  const Attribution quiet = attribute_silence(history, host, silence, true);
  require(!quiet.rst_from, "a silence has no reset to name a sender of");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  static const witness::ServedPorts ports = fuzz::served();
  fuzz::FuzzInput input(data, size);
  const auto link = static_cast<witness::LinkLayer>(input.take<std::uint8_t>() % 3);
  const auto frame = input.rest();
  const auto at = witness::Instant{} + std::chrono::hours(1);
  const auto parsed = witness::parse_frame(frame, link, ports, at);
  if (const auto* packet = std::get_if<witness::Packet>(&parsed)) {
    fuzz::require_sound(*packet, frame.size());
    fuzz::require_judged(*packet);
    fuzz::require_round_trip(*packet, ports);
  }
  if (const auto* error = std::get_if<witness::IcmpError>(&parsed)) {
    fuzz::require(error->flow.local.port == fuzz::kPort, "an ICMP error is about our own packet");
    fuzz::require(error->sender.port == 0, "an ICMP error's sender has no port");
  }
  return 0;
}
