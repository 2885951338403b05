// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/final_counts.hpp"

namespace connfate::witness {
namespace {

template <typename Enum>
constexpr std::size_t index(Enum value) noexcept {
  return static_cast<std::size_t>(value);
}

ServerName server_of(std::string_view name) noexcept {
  if (name == "nginx") return ServerName::kNginx;
  return name == "httpd" ? ServerName::kHttpd : ServerName::kOther;
}

constexpr std::array kNobody{By::kNobody};
constexpr std::array kClient{By::kClient};
constexpr std::array kServer{By::kServer};
constexpr std::array kUnknown{By::kUnknown};
constexpr std::array kPeer{By::kPeer};
constexpr std::array kOutside{By::kPeer, By::kPath};
constexpr std::array kReset{By::kPeer, By::kClient, By::kPath};
constexpr std::array kAnywhere{By::kPeer, By::kPath, By::kServer};

}  // namespace

std::string_view to_token(ServerName server) noexcept {
  constexpr std::array<std::string_view, kServerCount> kNames{"nginx", "httpd", "other"};
  return kNames[index(server)];
}

std::span<const By> parties_of(Fate fate) noexcept {
  switch (fate) {
    case Fate::kDelivered:
    case Fate::kPending:
    case Fate::kNoRequest: return kNobody;
    case Fate::kClientAbort:
    case Fate::kBrokenPipe:
    case Fate::kClientStalled:
    case Fate::kStreamReset: return kClient;
    case Fate::kRstReceived: return kReset;
    case Fate::kAckTimeout:
    case Fate::kAckStalled: return kOutside;
    case Fate::kUnreachable: return kAnywhere;
    case Fate::kBlockedHere:
    case Fate::kServerTimeout:
    case Fate::kServerAbort: return kServer;
    case Fate::kRequestTimeout: return kPeer;
    case Fate::kUnknown: return kUnknown;
  }
  return {};
}

void FinalCounts::add(const FinalLine& line) noexcept {
  if (line.reason == "in_progress") return;
  if (line.about == FinalLine::About::kConnection) {
    ++connections[index(line.fate)][index(line.by)];
  } else {
    ++responses[index(server_of(line.server))][index(line.fate)][index(line.by)];
    unacked_bytes[index(line.fate)] += line.unacked.value_or(Bytes{}).value;
  }
  if (line.rst_from) ++resets[index(*line.rst_from)][index(line.confidence)];
}

void FinalCounts::add_delivered(std::string_view server) noexcept {
  ++responses[index(server_of(server))][index(Fate::kDelivered)][index(By::kNobody)];
}

}  // namespace connfate::witness
