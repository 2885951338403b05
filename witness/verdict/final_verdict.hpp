// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the final verdict: the ordered table of final rules and judge(). Events first, then the
// attribution: what became of the bytes and which event ended the connection is decided here, who
// was behind that event by rst_origin.hpp and silence.hpp. Pure; used by the tracker.
// Surprising: core's rules judge a response while the server still holds the socket, with the errno
// that the server got. These judge the same response when the socket is gone: there is no errno any
// more, but the final counters, and perhaps the packets.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connfate/fate.hpp"
#include "connfate/units.hpp"
#include "witness/attribution/attribution.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/silence/silence.hpp"
#include "witness/sockets/socket_record.hpp"
#include "witness/wire/wire_facts.hpp"

namespace connfate::witness {

/// What is judged: a response, or, with `first` empty, all that a connection sent.
struct Subject {
  std::optional<Fate> first;  ///< the log-time fate
  By first_by = By::kUnknown;
  Close first_close = Close::kUnknown;
  bool stream_window_closed = false;  ///< that the first fate rests on, and on nothing of TCP
  bool fin_seen = false;  ///< the server saw the client's FIN, before anything else went wrong
  std::optional<Bytes> start;
  std::optional<Bytes> end;
  std::optional<Bytes> acked;        ///< of the stream, as last known before the socket's end
  bool complete = false;             ///< the server had handed over the whole response
  std::optional<Bytes> bytes_taken;  ///< by the server from the socket, since accept
  Bytes refused_before;              ///< by this host, before the response began
};

/// How the socket stands.
enum class Standing : std::uint8_t { kLive, kEnded, kWiped, kNotFound };

/// Everything a final rule may look at.
struct FinalEvidence {
  Subject subject;
  Standing standing = Standing::kEnded;
  const SocketRecord* socket = nullptr;  ///< never null in kLive and kEnded
  WireFacts wire;
  bool capture_runs = false;
  bool capture_complete = false;  ///< handshake seen, nothing lost
  std::optional<Instant> destroyed_at;
  OwnHost own;  ///< what this host itself did; known when the socket has ended
  /// The client left, but only after data had been sent again and again without reaching it (D2 of
  /// silence.hpp): known when a verdict that named the client was attributed. See redress().
  bool left_in_vain = false;
  /// The client's own RST acknowledges the whole subject: known, too, when it was attributed.
  bool reset_acknowledged = false;
};

/// What follows from the evidence by arithmetic.
struct FinalFindings {
  std::optional<Bytes> acked;    ///< of the stream, the highest known
  bool all_acked = false;        ///< up to the subject's end
  bool ended_by_rst_in = false;  ///< a RST that the kernel took, before anything of ours
  bool ended_by_rst_out = false;
  bool fin_in_first = false;  ///< the client's FIN, before that RST
  bool timer_expired = false;
  bool retransmitted = false;  ///< the kernel was sending again when it ended
  bool probing_unanswered = false;
  bool no_request_byte = false;  ///< nothing of a request came, nor shows that it was sent
  bool only_handshake = false;   ///< a whole TLS handshake came, and nothing behind it
  bool request_lost = false;     ///< more of it was sent than ever could be read
};

struct FinalRule {
  std::string_view id;       ///< stable; begins with "final-"
  std::optional<Fate> fate;  ///< nullopt: the log-time fate stands
  std::string_view reason;
  bool (*applies)(const FinalEvidence&, const FinalFindings&) noexcept;
  std::optional<By> by{};  ///< where it is not the party that the fate implies
};

std::span<const FinalRule> final_rules() noexcept;

FinalFindings derive(const FinalEvidence& evidence) noexcept;

struct FinalVerdict {
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  Close close = Close::kUnknown;
  const FinalRule* rule = nullptr;
};

/// Total and pure: the fate, before any attribution.
FinalVerdict judge(const FinalEvidence& evidence) noexcept;

/// One that rests on the rules of this host (own_host.hpp), and on nothing else.
bool names_this_host(const FinalVerdict& verdict) noexcept;

/// The verdict that is due when a RST is found to be the client's own and to acknowledge
/// everything, and when a client that left is found to have waited in vain: its leaving is evidence
/// then, and what the path had lost is the fate. Any other verdict stays as it is.
FinalVerdict redress(const FinalVerdict& verdict, FinalEvidence evidence,
                     const Attribution& attribution) noexcept;

/// Fates that rest on nothing being acknowledged any more.
bool is_silence(Fate fate) noexcept;

/// The party, once the attribution is known: `path` and `client` only with evidence for them.
By attributed_by(Fate fate, By usual, const Attribution& attribution) noexcept;

}  // namespace connfate::witness
