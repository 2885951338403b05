// SPDX-License-Identifier: Apache-2.0
#include "connfate/fate.hpp"

namespace connfate {

std::string_view to_token(Fate fate) noexcept {
  switch (fate) {
    case Fate::kDelivered: return "delivered";
    case Fate::kPending: return "pending";
    case Fate::kClientAbort: return "client_abort";
    case Fate::kBrokenPipe: return "broken_pipe";
    case Fate::kRstReceived: return "rst_received";
    case Fate::kAckTimeout: return "ack_timeout";
    case Fate::kUnreachable: return "unreachable";
    case Fate::kClientStalled: return "client_stalled";
    case Fate::kAckStalled: return "ack_stalled";
    case Fate::kBlockedHere: return "blocked_here";
    case Fate::kServerTimeout: return "server_timeout";
    case Fate::kServerAbort: return "server_abort";
    case Fate::kStreamReset: return "stream_reset";
    case Fate::kRequestTimeout: return "request_timeout";
    case Fate::kNoRequest: return "no_request";
    case Fate::kUnknown: break;
  }
  return "unknown";
}

std::string_view to_token(By by) noexcept {
  switch (by) {
    case By::kNobody: return "-";
    case By::kClient: return "client";
    case By::kPath: return "path";
    case By::kPeer: return "peer";
    case By::kServer: return "server";
    case By::kUnknown: break;
  }
  return "unknown";
}

std::string_view to_token(Phase phase) noexcept {
  switch (phase) {
    case Phase::kRequest: return "request";
    case Phase::kWaiting: return "waiting";
    case Phase::kSending: return "sending";
    case Phase::kDrained: return "drained";
    case Phase::kIdle: return "idle";
    case Phase::kUnknown: break;
  }
  return "-";
}

std::string_view to_token(Close close) noexcept {
  switch (close) {
    case Close::kOpen: return "open";
    case Close::kFin: return "fin";
    case Close::kRst: return "rst";
    case Close::kTimeout: return "timeout";
    case Close::kIcmp: return "icmp";
    case Close::kLocal: return "local";
    case Close::kUnknown: break;
  }
  return "-";
}

By usual_by(Fate fate) noexcept {
  switch (fate) {
    case Fate::kDelivered:
    case Fate::kPending:
    case Fate::kNoRequest: return By::kNobody;
    case Fate::kClientAbort:
    case Fate::kBrokenPipe:
    case Fate::kClientStalled:
    case Fate::kStreamReset: return By::kClient;
    case Fate::kRstReceived:
    case Fate::kAckTimeout:
    case Fate::kUnreachable:
    case Fate::kAckStalled:
    case Fate::kRequestTimeout: return By::kPeer;
    case Fate::kBlockedHere:
    case Fate::kServerTimeout:
    case Fate::kServerAbort: return By::kServer;
    case Fate::kUnknown: break;
  }
  return By::kUnknown;
}

}  // namespace connfate
