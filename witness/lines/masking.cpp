// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/masking.hpp"

#include "witness/attribution/wording.hpp"

namespace connfate::witness {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

FinalLine masked(FinalLine line) {
  const Endpoint network = network_of(line.flow.remote);
  const std::string address = to_text(line.flow.remote);
  for (std::string& statement : line.evidence) replace_all(statement, address, to_text(network));
  line.flow.remote = network;
  return line;
}

}  // namespace connfate::witness
