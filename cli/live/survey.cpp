// SPDX-License-Identifier: Apache-2.0
#include "cli/live/survey.hpp"

#include <algorithm>

#include "witness/sources/diag_lookup.hpp"

namespace connfate::cli {
namespace {

bool is_worse(const AssessedSocket& a, const AssessedSocket& b) {
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
void keep_worst(std::vector<AssessedSocket>& sockets, std::size_t most) {
  std::ranges::sort(sockets, is_worse);
  if (sockets.size() > most)
    sockets.erase(sockets.begin() + static_cast<long>(most), sockets.end());
}

void add(Survey& survey, const Selection& selection, const LiveSocket& socket) {
  const Flow& flow = socket.record.flow;
  if (!std::ranges::binary_search(survey.ports, flow.local.port)) return;
  if (!selection.takes_client(flow.remote)) return;
  ++survey.connections;
  auto assessment = assess(socket, selection.older);
  if (!assessment || !selection.takes_fate(*assessment)) return;
  ++survey.troubled;
  for (const Symptom symptom : assessment->symptoms)
    ++survey.of_symptom[static_cast<std::size_t>(symptom)];
  survey.worst.push_back({socket, std::move(*assessment)});
  if (survey.worst.size() >= 2 * selection.most + 1) keep_worst(survey.worst, selection.most);
}

}  // namespace

bool Selection::takes_client(const Endpoint& client) const {
  return clients.empty() || std::ranges::any_of(clients, [&client](const AddressPrefix& prefix) {
           return prefix.contains(client);
         });
}

bool Selection::takes_fate(const Assessment& assessment) const {
  if (fates.empty()) return true;
  return assessment.provisional &&
         std::ranges::find(fates, assessment.provisional->fate) != fates.end();
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
