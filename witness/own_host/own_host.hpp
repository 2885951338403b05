// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the judgement of this host itself, before anybody else is named: did its own firewall, a
// route, a queue or its link keep the response from the wire, or the client's packets from TCP?
// Rules H1 to H6. Pure; used by the verdict and by the line maker.
// Surprising: who gave up in the end, the client or the kernel, changes nothing: the cause is here.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connfate/fate.hpp"
#include "witness/attribution/attribution.hpp"
#include "witness/attribution/attribution_rule.hpp"
#include "witness/sockets/socket_record.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// H1 to H6.
std::span<const AttributionRule> own_host_rules() noexcept;

/// What of a response is missing, and where.
struct MissingBytes {
  Bytes start;  ///< of the response in the server's byte stream
  Bytes end;
  Bytes acked;           ///< of the stream
  Bytes refused_before;  ///< by this host, before the response began
};

/// What is asked about this host. The socket must have ended.
struct OwnHostQuestion {
  MissingBytes missing;
  const SocketRecord& socket;
  const WireHistory& history;
  const HostFacts& host;
  Instant ended_at;
};

struct OwnHost {
  bool kept_output = false;        ///< what is missing was refused here
  bool kept_input = false;         ///< the client's packets were seen here, and TCP never got them
  bool link_silent = false;        ///< nothing left this host's link
  bool reset_itself = false;       ///< a RST that this host made ended the connection
  bool is_suspect = false;         ///< it held some of it up, and whether all of it is not known
  std::optional<Bytes> refused{};  ///< during the response; also what went out later
  Confidence confidence = Confidence::kNone;
  std::vector<std::string> evidence{};
  std::vector<std::string_view> rules{};

  bool is_to_blame() const noexcept {
    return kept_output || kept_input || link_silent || reset_itself;
  }
};

/// What the server alone knew stands, and what was decided by a window that the client closed. Of
/// all other ends this host may have been the cause, whoever lost patience first.
bool may_be_own_fault(Fate first) noexcept;

/// Total: says nothing where everything arrived.
OwnHost look_at_own_host(const OwnHostQuestion& question);

/// The same as an attribution, for a verdict that names this host.
Attribution attribution_of(const OwnHost& own);

/// H6, next to a verdict that may name the path: then it does no more.
void add_queue_drops(Attribution& attribution);

}  // namespace connfate::witness
