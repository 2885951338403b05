// SPDX-License-Identifier: Apache-2.0
#include "cli/report/judge/next_step.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/figures.hpp"
#include "cli/report/judge/words.hpp"

namespace connfate::cli::report {
namespace {

std::string since_words(const Finding& finding) {
  if (!finding.window) return {};
  return span_text(finding.window->from, finding.window->to) + ", ";
}

/// What a network may have to do with, and the question that it leaves.
struct NetworkMatter {
  Fate fate;
  std::string_view event;
  std::string_view question;
};

constexpr std::string_view kWerePacketsDropped =
    " Were packets dropped on that path at that time, or its sessions forgotten? A capture next to "
    "a "
    "client would settle it: do this server's segments arrive there, and are they acknowledged?";

constexpr NetworkMatter kMatters[] = {
    {Fate::kRstReceived, "a RST arrived before this server's data was acknowledged",
     " Did a device on that path end sessions at that time? A capture next to a client would "
     "settle "
     "it: either the client sent that RST, or it was made on the way."},
    {Fate::kAckTimeout, "this server's retransmissions stayed unanswered until its kernel gave up",
     kWerePacketsDropped},
    {Fate::kUnreachable,
     "this server's retransmissions stayed unanswered, and an ICMP error arrived",
     kWerePacketsDropped},
    {Fate::kAckStalled,
     "this server's retransmissions stayed unanswered until its own timer, or the client's "
     "patience, "
     "ended the wait",
     kWerePacketsDropped},
    {Fate::kRequestTimeout, "the request did not arrive completely",
     " Were packets from the clients dropped at that time? A capture next to a client would settle "
     "it: did it send the whole request?"},
};

constexpr std::string_view kDoLargePacketsPass =
    " Is a full-sized packet (1500 bytes) dropped on that path, or the ICMP \"fragmentation "
    "needed\" "
    "that tells of it? A ping of that size with DF set would show it.";

const NetworkMatter* matter_of(Fate fate) noexcept {
  const auto* const found = std::ranges::find(kMatters, fate, &NetworkMatter::fate);
  return found == std::end(kMatters) ? nullptr : found;
}

constexpr std::string_view kNotTheirs = "Not a matter for the network team: ";

std::string clients_words(std::uint64_t clients) {
  return clients == 1 ? "one client" : fmt::format("{} clients", with_commas(clients));
}

/// Who still sent when the timer ran out was not cut off by any network.
bool is_slow(const Finding& finding) noexcept {
  std::uint64_t all = 0;
  for (const std::uint64_t count : finding.by) all += count;
  return finding.still_sending * 2 > all;
}

std::string slow_words(const Finding& finding) {
  return fmt::format(
      "{}{} sent slowly. On {} of {} requests a part of the request had come shortly before this "
      "server's timer ran out. Look who it is; limit_conn and mod_reqtimeout bound what {} may "
      "hold.",
      kNotTheirs, clients_words(finding.clients), with_commas(finding.still_sending),
      with_commas(finding.count), finding.clients == 1 ? "one client" : "a client");
}

/// A terminator of TLS, a proxy, a check: nothing lies between two programs of one host.
std::string same_host_words(const Finding& finding) {
  return fmt::format(
      "{}the clients of these {} have the loopback address: programs on this host, such as a proxy "
      "in front. Nothing lies between. Ask their log, and look at their own connections.",
      kNotTheirs, with_commas(finding.count));
}

/// Most of them are this host's own, whatever a network may do with such a fate: a router on its
/// link that does not answer makes `unreachable`, too.
bool is_own(const Finding& finding) noexcept {
  std::uint64_t all = 0;
  for (const std::uint64_t count : finding.by) all += count;
  return finding.by[static_cast<std::size_t>(By::kServer)] * 2 > all;
}

std::string own_host_words() {
  return fmt::format(
      "{}this host itself kept the bytes back. Its filter (nft list ruleset), its routes (ip "
      "route get ADDRESS), neighbours (ip neigh) and queues (tc -s qdisc) say which of them.",
      kNotTheirs);
}

constexpr std::string_view kNoRequestWords =
    "Nothing to mend by itself: preconnects, checks and probes open a connection and ask for "
    "nothing. If these clients miss answers, ask the network team whether their requests were "
    "swallowed: from here that looks the same.";

std::string timer_words(const Finding& finding) {
  if (!finding.duration) return {};
  return fmt::format(" Which of them has a timeout of {} s?", finding.duration->seconds);
}

std::string client_words(const Finding& finding) {
  return fmt::format(
      "{}the peer closed, and its TCP was there to say so. Ask those who call, or run "
      "the proxy in front.{}",
      kNotTheirs, timer_words(finding));
}

}  // namespace

std::string next_step(const Finding& finding) {
  if (finding.fate == Fate::kNoRequest) return std::string(kNoRequestWords);
  if (finding.fate == Fate::kUnknown) {
    return "Nobody is to be asked by this alone: `connfate explain` says of each rule what was "
           "missing.";
  }
  if (is_slow(finding)) return slow_words(finding);
  if (finding.on_this_host && matter_of(finding.fate) != nullptr) return same_host_words(finding);
  if (finding.client_left) return client_words(finding);
  if (matter_of(finding.fate) != nullptr && is_own(finding)) return own_host_words();
  if (const NetworkMatter* const matter = matter_of(finding.fate)) {
    const std::string of_how_many =
        finding.no_shares ? "" : fmt::format(" of {}", with_commas(finding.requests));
    return fmt::format("For the network team: {}{} on {}{} requests of {} to this server.{}",
                       since_words(finding), matter->event, with_commas(finding.count), of_how_many,
                       group_words(finding.dimension, finding.name),
                       finding.step ? kDoLargePacketsPass : matter->question);
  }
  if (finding.fate == Fate::kBlockedHere) return own_host_words();
  if (usual_by(finding.fate) == By::kServer) {
    return fmt::format(
        "{}this server ended these itself. Its error log at these times, and the "
        "backend's, say why.",
        kNotTheirs);
  }
  if (finding.fate == Fate::kClientStalled) {
    return fmt::format(
        "{}the peer's TCP answered, and its receive window stayed closed. Ask why the "
        "clients stopped reading.",
        kNotTheirs);
  }
  return client_words(finding);
}

}  // namespace connfate::cli::report
