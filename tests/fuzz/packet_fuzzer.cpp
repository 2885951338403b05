// SPDX-License-Identifier: Apache-2.0
// A captured frame: any bytes behind any link layer. What is parsed goes through the history and
// both judgements, so that no packet can bring them down either.
#include <algorithm>
#include <string>

#include "fuzz/fuzz_target.hpp"
#include "witness/rst_origin.hpp"
#include "witness/silence.hpp"
#include "witness/wire_history.hpp"

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
  }
  if (const auto* error = std::get_if<witness::IcmpError>(&parsed)) {
    fuzz::require(error->flow.local.port == fuzz::kPort, "an ICMP error is about our own packet");
    fuzz::require(error->sender.port == 0, "an ICMP error's sender has no port");
  }
  return 0;
}
