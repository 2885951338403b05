// SPDX-License-Identifier: Apache-2.0
#include "lab/own_host.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "harness/process.hpp"

namespace connfate::lab {
namespace {

using harness::run;
using harness::run_or_throw;

bool is_ipv6(const std::string& address) {
  return address.find(':') != address.npos;
}

std::vector<std::string> in(const std::string& space, std::vector<std::string> program) {
  program.insert(program.begin(), {"ip", "netns", "exec", space});
  return program;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream rest{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; rest >> word;) words.push_back(word);
  return words;
}

}  // namespace

OwnHost::OwnHost(std::string server_namespace, std::string client, std::uint16_t client_port)
    : namespace_(std::move(server_namespace)),
      client_(client + (is_ipv6(client) ? "/128" : "/32")),
      port_(std::to_string(client_port)) {}

OwnHost::~OwnHost() {
  let_everything_pass();
}

void OwnHost::on_output(std::string_view statement) {
  const std::string rules = fmt::format(
      "add table inet own; add chain inet own out {{ type filter hook output priority 0; }}; "
      "add rule inet own out tcp dport {} {}",
      port_, statement);
  run_or_throw(in(namespace_, {"nft", rules}));
}

void OwnHost::on_input(std::string_view statement) {
  const std::string rules = fmt::format(
      "add table inet own; add chain inet own in {{ type filter hook input priority 0; }}; "
      "add rule inet own in tcp sport {} {}",
      port_, statement);
  run_or_throw(in(namespace_, {"nft", rules}));
}

void OwnHost::on_egress(std::string_view statement) {
  const std::string rules = fmt::format(
      "add table netdev own; add chain netdev own out {{ type filter hook egress device {} "
      "priority 0; }}; add rule netdev own out tcp dport {} {}",
      device(), port_, statement);
  run_or_throw(in(namespace_, {"nft", rules}));
}

void OwnHost::route(std::string_view kind) {
  std::vector<std::string> words = words_of(kind);
  const bool next_hop = words.front() == "via";
  words.insert(words.begin() + (next_hop ? 0 : 1), client_);
  if (next_hop) words.insert(words.end(), {"dev", device()});
  words.insert(words.begin(), {"ip", "-n", namespace_, "route", "add"});
  run_or_throw(words);
}

void OwnHost::shrink_queue() {
  shaped_ = device();
  run_or_throw(in(namespace_, {"tc", "qdisc", "add", "dev", shaped_, "root", "tbf", "rate", "8kbit",
                               "burst", "10", "limit", "1"}));
}

void OwnHost::let_everything_pass() {
  if (!shaped_.empty()) run(in(namespace_, {"tc", "qdisc", "del", "dev", shaped_, "root"}));
  shaped_.clear();
  for (const char* family : {"inet", "netdev"}) {
    run(in(namespace_, {"nft", fmt::format("delete table {} own", family)}));
  }
  run({"ip", "-n", namespace_, "route", "del", client_});
}

/// By which the server reaches the client.
std::string OwnHost::device() const {
  const std::string address = client_.substr(0, client_.find('/'));
  const auto words = words_of(run({"ip", "-n", namespace_, "route", "get", address}).output);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "dev") return words[i + 1];
  }
  throw std::runtime_error("the server has no route to " + address);
}

}  // namespace connfate::lab
