// SPDX-License-Identifier: Apache-2.0
#include "cli/live/survey.hpp"

#include <algorithm>

#include "witness/sources/diag_lookup.hpp"

namespace connfate::cli {
namespace {

bool is_worse(const TroubledSocket& a, const TroubledSocket& b) {
  return a.silence() != b.silence() ? a.silence() > b.silence()
                                    : a.socket.record.cookie < b.socket.record.cookie;
}

std::vector<std::uint16_t> ports_of(const Selection& selection) {
  std::vector<std::uint16_t> ports =
      selection.ports.empty() ? witness::DiagLookup().listening_ports() : selection.ports;
  std::ranges::sort(ports);
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  return ports;
}

/// Makes room when twice as many as wanted have gathered, so that each costs little.
void keep_worst(std::vector<TroubledSocket>& sockets, std::size_t most) {
  std::ranges::sort(sockets, is_worse);
  if (sockets.size() > most)
    sockets.erase(sockets.begin() + static_cast<long>(most), sockets.end());
}

void add(Survey& survey, const Selection& selection, const LiveSocket& socket) {
  const Flow& flow = socket.record.flow;
  if (!std::ranges::binary_search(survey.ports, flow.local.port)) return;
  if (!selection.takes_client(flow.remote)) return;
  ++survey.connections;
  auto trouble = assess(socket, selection.older);
  if (!trouble || !selection.takes_fate(*trouble)) return;
  ++survey.troubled;
  for (const TroubleKind kind : trouble->kinds) ++survey.of_kind[static_cast<std::size_t>(kind)];
  survey.worst.push_back({socket, std::move(*trouble)});
  if (survey.worst.size() >= 2 * selection.most + 1) keep_worst(survey.worst, selection.most);
}

}  // namespace

bool Selection::takes_client(const Endpoint& client) const {
  return clients.empty() || std::ranges::any_of(clients, [&client](const AddressPrefix& prefix) {
           return prefix.contains(client);
         });
}

bool Selection::takes_fate(const Trouble& trouble) const {
  if (fates.empty()) return true;
  return trouble.provisional && std::ranges::find(fates, trouble.provisional->fate) != fates.end();
}

Survey survey(const Selection& selection) {
  Survey survey;
  survey.ports = ports_of(selection);
  SocketDump dump;
  dump.visit([&](const LiveSocket& socket) { add(survey, selection, socket); });
  keep_worst(survey.worst, selection.most);
  return survey;
}

}  // namespace connfate::cli
