// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/final_line.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "connfate/char_writer.hpp"
#include "witness/attribution/wording.hpp"
#include "witness/lines/line_keys.hpp"
#include "witness/lines/spelling.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;
using L = const FinalLine&;

std::string address_text(const Endpoint& endpoint) {
  std::array<char, kAddressSize> buffer;
  CharWriter out(buffer.data(), buffer.size());
  write_address(endpoint, out);
  return std::string(out.view());
}

std::string cookie_text(std::uint64_t cookie) {
  std::array<char, 16> buffer;
  CharWriter out(buffer.data(), buffer.size());
  out.hex16(cookie);
  return std::string(out.view());
}

std::string_view to_token(CaptureHealth health) noexcept {
  switch (health) {
    case CaptureHealth::kOff: return "off";
    case CaptureHealth::kPartial: return "partial";
    case CaptureHealth::kComplete: return "complete";
  }
  return "off";
}

std::string_view event_name(FinalLine::About about) noexcept {
  return about == FinalLine::About::kResponse ? "response" : "connection";
}

// What is not known is null, and left out: never 0 and never -1.

Json text(const std::string& value) {
  return value.empty() ? Json() : Json(value);
}

template <typename Unit>
Json number(const std::optional<Unit>& value) {
  return value ? Json(value->value) : Json();
}

template <typename Rep, typename Period>
Json number(const std::optional<std::chrono::duration<Rep, Period>>& value) {
  return value ? Json(value->count()) : Json();
}

template <typename Enum>
Json token(const std::optional<Enum>& value) {
  return value ? Json(to_token(*value)) : Json();
}

Json end_of(const FinalLine& line, Json what) {
  return line.is_claim ? Json() : what;
}

struct Member {
  LineKey key;
  Json (*value)(const FinalLine&);
};

constexpr std::array<Member, kLineKeyCount> kMembers{{
    {LineKey::kEvent, [](L l) { return Json(event_name(l.about)); }},
    {LineKey::kTime, [](L l) { return Json(time_text(l.time)); }},
    {LineKey::kTs, [](L l) { return Json(seconds_of(l.time)); }},
    {LineKey::kNode, [](L l) { return text(node_of(l.identity)); }},
    {LineKey::kBoot, [](L l) { return text(boot_of(l.identity)); }},
    {LineKey::kServer, [](L l) { return text(l.server); }},
    {LineKey::kMethod, [](L l) { return text(l.method); }},
    {LineKey::kHost, [](L l) { return text(l.host); }},
    {LineKey::kUri, [](L l) { return text(l.uri); }},
    {LineKey::kStatus, [](L l) { return l.status != 0 ? Json(l.status) : Json(); }},
    {LineKey::kRequestId, [](L l) { return text(l.request_id); }},
    {LineKey::kDurationMs, [](L l) { return number(l.duration); }},
    {LineKey::kClient, [](L l) { return end_of(l, address_text(l.flow.remote)); }},
    {LineKey::kClientPort, [](L l) { return end_of(l, l.flow.remote.port); }},
    {LineKey::kLocal, [](L l) { return end_of(l, address_text(l.flow.local)); }},
    {LineKey::kLocalPort, [](L l) { return end_of(l, l.flow.local.port); }},
    {LineKey::kCookie, [](L l) { return l.cookie != 0 ? Json(cookie_text(l.cookie)) : Json(); }},
    {LineKey::kFirst, [](L l) { return token(l.first); }},
    {LineKey::kFate, [](L l) { return Json(connfate::to_token(l.fate)); }},
    {LineKey::kBy, [](L l) { return Json(connfate::to_token(l.by)); }},
    {LineKey::kPhase, [](L l) { return token(l.phase); }},
    {LineKey::kClose, [](L l) { return Json(connfate::to_token(l.close)); }},
    {LineKey::kRule, [](L l) { return Json(l.rule); }},
    {LineKey::kFinal, [](L l) { return Json(l.final); }},
    {LineKey::kReason, [](L l) { return text(l.reason); }},
    {LineKey::kStart, [](L l) { return number(l.start); }},
    {LineKey::kEnd, [](L l) { return number(l.end); }},
    {LineKey::kWritten, [](L l) { return number(l.written); }},
    {LineKey::kAcked, [](L l) { return number(l.acked); }},
    {LineKey::kUnacked, [](L l) { return number(l.unacked); }},
    {LineKey::kRefused, [](L l) { return number(l.refused); }},
    {LineKey::kRetrans, [](L l) { return number(l.retrans); }},
    {LineKey::kSilenceMs, [](L l) { return number(l.silence); }},
    {LineKey::kRttUs, [](L l) { return number(l.rtt); }},
    {LineKey::kMinRttUs, [](L l) { return number(l.min_rtt); }},
    {LineKey::kTtl, [](L l) { return l.ttl ? Json(*l.ttl) : Json(); }},
    {LineKey::kRstFrom, [](L l) { return token(l.rst_from); }},
    {LineKey::kConfidence, [](L l) { return Json(to_token(l.confidence)); }},
    {LineKey::kEvidence, [](L l) { return Json(l.evidence); }},
    {LineKey::kEvidenceRules,
     [](L l) { return l.evidence_rules.empty() ? Json() : Json(l.evidence_rules); }},
    {LineKey::kCapture, [](L l) { return Json(to_token(l.capture)); }},
    {LineKey::kCaptureLost,
     [](L l) { return l.capture == CaptureHealth::kPartial ? Json(l.capture_lost) : Json(); }},
    {LineKey::kBenign, [](L l) { return l.benign ? Json(true) : Json(); }},
    {LineKey::kVersion, [](L) { return Json(1); }},
}};

static_assert(
    [] {
      for (std::size_t i = 0; i < kMembers.size(); ++i) {
        if (kMembers[i].key != kLineKeys[i].key) return false;
      }
      return true;
    }(),
    "members stand in the order of the table of keys");

Json as_json(const FinalLine& line) {
  Json json;
  for (const Member& member : kMembers) {
    Json value = member.value(line);
    if (!value.is_null()) json[std::string(name_of(member.key))] = std::move(value);
  }
  return json;
}

}  // namespace

std::string to_json(const FinalLine& line) {
  return json_text(as_json(line));
}

std::string to_logfmt(const FinalLine& line) {
  return logfmt_text(as_json(line));
}

}  // namespace connfate::witness
