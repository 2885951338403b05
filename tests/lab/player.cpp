// SPDX-License-Identifier: Apache-2.0
#include "lab/player.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "harness/deadline.hpp"
#include "harness/process.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using harness::eventually;
using std::chrono::milliseconds;

/// How long after an end the witness may still speak of it: its --settle, and its --afterlife.
constexpr milliseconds kConnectionSettles{800};
constexpr milliseconds kWitnessSettles{2000};

/// Its connections end in order, and the witness settles soon afterwards.
constexpr milliseconds kGoodTrafficLimit = std::chrono::seconds(20);

/// Below the range from which the kernel gives ports to clients that do not choose.
std::uint16_t next_client_port() {
  static std::uint16_t last = 20000;
  return ++last;
}

/// Neither waits for the answer nor fails.
int begin_to_connect(const peers::Address& server) {
  static std::uint16_t last_port = 25000;  // neither a story's client's nor the kernel's choice
  const int knocker = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_port = htons(++last_port);
  sockaddr_in to = from;
  to.sin_port = htons(server.port);
  if (inet_pton(AF_INET, server.ip.c_str(), &to.sin_addr) != 1 ||
      bind(knocker, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
    throw std::runtime_error("a socket cannot be made");
  }
  (void)!::connect(knocker, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  return knocker;
}

}  // namespace

Player::Player(World& world, const Story& story, const Way& way)
    : world_(world),
      story_(story),
      promise_(story.promise_for(way)),
      way_(way),
      server_(world.server(way.kind, story.setup)),
      witness_(world.witness(way.kind, story.setup)),
      port_(next_client_port()),
      far_port_(port_),
      own_host_(network().server_namespace(),
                way.ipv6 ? Network::client_ip6() : Network::client_ip(), port_),
      witness_lines_before_(witness_.lines().size()) {}

Player::~Player() {
  hang_up();
  backend().release();
  for (const auto& [key, value] : sysctls_before_) network().sysctl(Host::kServer, key, value);
  signal_server(SIGCONT);
  network().mend();
}

void Player::play() {
  const harness::InNamespace here(network().client_namespace());
  for (const Step& step : story_.steps) play_step(step, *this);
  client_.reset();
  process_.reset();
  hang_up();
}

void Player::hang_up() {
  for (const int knocker : knockers_) close(knocker);
  knockers_.clear();
}

Testimony Player::testimony() {
  wait_for_log_lines(promise_.log.size());
  wait_for_final_lines(promise_.final.size());
  std::this_thread::sleep_for(promise_.final.empty() ? kWitnessSettles : kConnectionSettles);
  return {.log = server_.log_lines_of(port_), .final = final_lines()};
}

void Player::connect(peers::ClientOptions options) {
  options.local_port = port_;
  options.timeout = std::chrono::seconds(30);
  client_.emplace(address(), way_.protocol, options);
}

void Player::knock(int clients) {
  for (int i = 0; i < clients; ++i) knockers_.push_back(begin_to_connect(address()));
}

void Player::knock_on_closed_port() {
  peers::Address closed = address();
  closed.port = 9;
  const int knocker = begin_to_connect(closed);
  knockers_.push_back(knocker);
  pollfd ready{knocker, POLLOUT, 0};
  int error = 0;
  socklen_t size = sizeof error;
  const bool told =
      poll(&ready, 1, 5000) == 1 && getsockopt(knocker, SOL_SOCKET, SO_ERROR, &error, &size) == 0;
  if (!told || error != ECONNREFUSED) throw std::runtime_error("the connection was not refused");
}

void Player::knock_in_vain() {
  knockers_.push_back(begin_to_connect(address()));
  pollfd ready{knockers_.back(), POLLOUT, 0};
  if (poll(&ready, 1, 1500) != 0) throw std::runtime_error("the knock was answered");
}

void Player::turn_to_application() {
  if (!story_.setup.application_behind_box) {
    throw std::runtime_error("the application is on the server: no box is between");
  }
  far_port_ = backend().address().port;
}

ClientRole& Player::client() {
  if (!client_) throw std::runtime_error("the client has not connected yet");
  return *client_;
}

void Player::start_process(const std::string& path, std::size_t read_bytes) {
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path,
                                          static_cast<const char*>(peers::kHostName));
  process_.emplace(address(), request, read_bytes, peers::ClientOptions{.local_port = port_});
}

void Player::kill_process() {
  if (!process_) throw std::runtime_error("there is no such process");
  process_->kill();
}

void Player::wait_until_backend_holds() {
  if (!backend().wait_held(1)) throw std::runtime_error("the request never reached the backend");
}

void Player::kill_worker() {
  const harness::InNamespace here(network().server_namespace());
  const std::string filter = fmt::format("dport = :{}", port_);
  const std::string said = harness::run({"ss", "-Htnp", filter}).output;
  const auto at = said.find("pid=");
  if (at == said.npos) throw std::runtime_error("no process holds the connection: " + said);
  world_.expect_death();
  ::kill(std::stoi(said.substr(at + 4)), SIGKILL);
}

void Player::signal_server(int number) {
  for (const pid_t worker : server_.workers()) ::kill(worker, number);
  ::kill(server_.pid(), number);
}

void Player::set_sysctl(const std::string& key, const std::string& value) {
  sysctls_before_.emplace_back(key, network().sysctl(Host::kServer, key));
  network().sysctl(Host::kServer, key, value);
}

void Player::wait_for_log_lines(std::size_t count) {
  if (count > 0) server_.wait_for_line(port_, count, kLineLimit);
}

void Player::wait_for_final_lines(std::size_t count, milliseconds limit) {
  if (eventually([&] { return final_lines().size() >= count; }, limit)) return;
  std::string said;
  for (const auto& line : witness_.lines_of(port_)) said += "\n" + line.dump();
  throw std::runtime_error(fmt::format("{} final lines expected, and there are:{}\n{}", count, said,
                                       witness_.messages()));
}

peers::Address Player::address() const {
  peers::Address address = server_.h2c_address();
  if (way_.protocol != harness::Protocol::kHttp2) {
    address = server_.address(harness::is_tls(way_.protocol) ? peers::Transport::kTls
                                                             : peers::Transport::kCleartext);
  }
  if (way_.ipv6) address.ip = world_.network().server_ip6();
  return address;
}

peers::Address Player::cleartext_address() const {
  return server_.address(peers::Transport::kCleartext);
}

std::vector<std::string> Player::complaints_about_good_traffic() const {
  const auto is_other = [](int port) { return port >= Network::kFirstOtherPort; };
  std::vector<std::string> complaints;
  std::size_t responses = 0;
  for (const harness::LogLine& line : server_.log_lines()) {
    if (!is_other(line.client_port)) continue;
    ++responses;
    const std::string fate = line.field("fate");
    if (fate != "delivered" && fate != "pending") {
      complaints.push_back("good traffic: " + line.text);
    }
  }
  if (responses == 0) complaints.emplace_back("there was no good traffic");
  const auto is_over = [&] { return final_responses(is_other).size() >= responses; };
  if (!eventually(is_over, kGoodTrafficLimit)) {
    complaints.push_back(fmt::format("good traffic: {} responses, but {} final lines", responses,
                                     final_responses(is_other).size()));
  }
  for (const auto& line : final_responses(is_other)) {
    if (line["fate"] != "delivered") complaints.push_back("good traffic: " + line.dump());
  }
  return complaints;
}

std::vector<nlohmann::json> Player::final_responses(const std::function<bool(int)>& wanted) const {
  std::vector<nlohmann::json> lines = final_lines(wanted);
  std::erase_if(lines, [](const nlohmann::json& line) { return line["event"] != "response"; });
  return lines;
}

std::vector<nlohmann::json> Player::final_lines(const std::function<bool(int)>& wanted) const {
  std::vector<nlohmann::json> lines = witness_.lines();
  const std::size_t before = std::min(witness_lines_before_, lines.size());
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(before));
  std::erase_if(lines, [&](const nlohmann::json& line) {
    return line.value("reason", "") == "in_progress" || !wanted(line.value("client_port", 0));
  });
  return lines;
}

std::vector<nlohmann::json> Player::final_lines() const {
  return final_lines([this](int port) { return port == port_; });
}

}  // namespace connfate::lab
