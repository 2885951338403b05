// SPDX-License-Identifier: Apache-2.0
#include "lab/net/cable.hpp"

#include "harness/deadline.hpp"
#include "lab/net/cable_works.hpp"
#include "lab/net/veth.hpp"

namespace connfate::lab {

Cable::Cable(std::string_view prefix, DeviceAt device)
    : works_(std::make_unique<Works>(prefix, device)) {
  works_->start();
}

Cable::~Cable() = default;

void Cable::plug(Direction side, const harness::NetworkNamespace& host,
                 const std::string& interface) {
  const std::string own = side == Direction::kToClient ? "client" : "server";
  add_veth({works_->home(), own}, {host, interface});
  const harness::InNamespace here(works_->home().name());
  auto end = std::make_unique<WireEnd>(own);
  works_->in_thread([&] { works_->plug(side, std::move(end)); });
}

void Cable::set(Direction way, const Impairment& impairment) {
  works_->in_thread([&] { works_->set(way, impairment); });
}

void Cable::set(const Impairment& both_ways) {
  set(Direction::kToServer, both_ways);
  set(Direction::kToClient, both_ways);
}

RuleId Cable::add(Rule rule) {
  for (const Forgery& forgery : rule.action.forgeries) check(forgery);
  return works_->in_thread([&] { return works_->rules().add(std::move(rule)); });
}

void Cable::remove(RuleId rule) {
  works_->in_thread([&] { works_->rules().remove(rule); });
}

void Cable::clear() {
  works_->in_thread([&] { works_->rules().clear(); });
}

std::uint64_t Cable::matched(RuleId rule) const {
  return works_->in_thread([&] { return works_->rules().matched(rule); });
}

bool Cable::wait_until_matched(RuleId rule, std::chrono::milliseconds limit,
                               std::uint64_t times) const {
  return harness::eventually([&] { return matched(rule) >= times; }, limit);
}

bool Cable::inject(std::uint16_t client_port, const Forgery& forgery) {
  return works_->in_thread([&] {
    const ConnectionFacts* connection = works_->memory().newest_of(client_port);
    if (connection == nullptr) return false;
    Segment ends;
    ends.client = connection->client;
    ends.server = connection->server;
    works_->forge_all(forgery, ends, nullptr);
    return true;
  });
}

std::optional<ConnectionFacts> Cable::connection(std::uint16_t client_port) const {
  return works_->in_thread([&]() -> std::optional<ConnectionFacts> {
    const ConnectionFacts* connection = works_->memory().newest_of(client_port);
    if (connection == nullptr) return std::nullopt;
    return *connection;
  });
}

void Cable::capture_to(const std::filesystem::path& stem) {
  works_->in_thread([&] { works_->capture_to(stem); });
}

void Cable::stop_capture() {
  works_->in_thread([&] { works_->stop_capture(); });
}

Cable::Counters Cable::counters(Direction way) const {
  return works_->in_thread([&] { return works_->counters(way); });
}

const std::string& Cable::namespace_name() const {
  return works_->home().name();
}

}  // namespace connfate::lab
