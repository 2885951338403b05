// SPDX-License-Identifier: Apache-2.0
#include "lab/way.hpp"

#include <fmt/format.h>

#include "lab/story.hpp"

namespace connfate::lab {

using harness::Protocol;
using harness::ServerKind;

std::string_view to_word(ServerKind kind) {
  switch (kind) {
    case ServerKind::kNginx: return "nginx";
    case ServerKind::kEvent: return "event";
    case ServerKind::kWorker: return "worker";
    case ServerKind::kPrefork: break;
  }
  return "prefork";
}

std::string_view to_word(Protocol protocol) {
  switch (protocol) {
    case Protocol::kCleartext: return "http1";
    case Protocol::kTls: return "tls";
    case Protocol::kHttp2: return "http2";
    case Protocol::kHttp2Tls: break;
  }
  return "http2 tls";
}

std::string path_of(const Way& way) {
  return fmt::format("{} ms{}{}{}", way.rtt_ms, way.ipv6 ? " IPv6" : "", way.noise ? " noise" : "",
                     way.forger ? " forger" : "");
}

std::vector<Way> ways_of(const Story& story) {
  std::vector<Way> ways;
  const Protocol usual = story.protocols.front();
  const int far = story.rtts_ms.back();
  for (const ServerKind kind : story.servers) {
    for (const int rtt : story.rtts_ms) ways.push_back({kind, usual, rtt});
    for (const Protocol protocol : story.protocols) {
      if (protocol == usual) continue;
      if (kind == ServerKind::kPrefork && harness::is_http2(protocol)) continue;
      ways.push_back({kind, protocol, far});
    }
    if (story.ipv6) ways.push_back({kind, usual, far, true});
    if (story.without_noise.empty()) ways.push_back({kind, usual, far, false, true});
    if (story.without_forger.empty()) ways.push_back({kind, usual, far, false, false, true});
  }
  return ways;
}

}  // namespace connfate::lab
