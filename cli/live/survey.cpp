// SPDX-License-Identifier: Apache-2.0
#include "cli/live/survey.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "witness/attribution/client_prefix.hpp"
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

using Networks = std::unordered_map<witness::ClientPrefix, NetworkCount>;

/// Networks beyond this are not told apart: a flood from everywhere has no network to be named.
constexpr std::size_t kMostNetworks = 100'000;

NetworkCount* network_of(Networks& networks, const Endpoint& client) {
  const auto prefix = witness::ClientPrefix::of(client);
  const auto found = networks.find(prefix);
  if (found != networks.end()) return &found->second;
  if (networks.size() >= kMostNetworks) return nullptr;
  NetworkCount& count = networks[prefix];
  count.name = witness::prefix_text(client);
  return &count;
}

void add_handshake(Survey& survey, Networks& networks, const LiveSocket& socket) {
  if (socket.syn_acks_again == 0) return;  // on its way, as each is for one round trip
  ++survey.unfinished;
  if (auto* network = network_of(networks, socket.record.flow.remote)) ++network->unfinished;
}

void add(Survey& survey, Networks& networks, const Selection& selection, const LiveSocket& socket) {
  const Flow& flow = socket.record.flow;
  if (!std::ranges::binary_search(survey.ports, flow.local.port)) return;
  if (!selection.takes_client(flow.remote)) return;
  if (socket.record.state == TcpState::kSynRecv) {
    if (selection.fates.empty()) add_handshake(survey, networks, socket);
    return;
  }
  ++survey.connections;
  NetworkCount* network = network_of(networks, flow.remote);
  if (network != nullptr) ++network->connections;
  auto assessment = assess(socket, selection.older);
  if (!assessment || !selection.takes_fate(*assessment)) return;
  ++survey.troubled;
  if (network != nullptr) ++network->troubled;
  for (const Symptom symptom : assessment->symptoms) {
    ++survey.of_symptom[static_cast<std::size_t>(symptom)];
  }
  survey.worst.push_back({socket, std::move(*assessment)});
  if (survey.worst.size() >= 2 * selection.most + 1) keep_worst(survey.worst, selection.most);
}

void take_networks(Survey& survey, Networks& networks) {
  for (auto& [prefix, count] : networks) {
    if (count.troubled + count.unfinished > 0) survey.networks.push_back(std::move(count));
  }
  std::ranges::sort(survey.networks, [](const NetworkCount& a, const NetworkCount& b) {
    const auto many = [](const NetworkCount& one) { return one.troubled + one.unfinished; };
    return many(a) != many(b) ? many(a) > many(b) : a.name < b.name;
  });
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
  Networks networks;
  dump.visit([&](const LiveSocket& socket) { add(survey, networks, selection, socket); });
  keep_worst(survey.worst, selection.most);
  take_networks(survey, networks);
  return survey;
}

}  // namespace connfate::cli
