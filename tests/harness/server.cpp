// SPDX-License-Identifier: Apache-2.0
#include "harness/server.hpp"

#include <signal.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "harness/certificate.hpp"
#include "harness/deadline.hpp"
#include "harness/document_root.hpp"
#include "harness/tcp_port.hpp"

namespace connfate::harness {
namespace {

constexpr std::chrono::seconds kStartLimit{10};

std::vector<std::string> wrapped(std::vector<std::string> command) {
  const char* wrapper = server_wrapper();
  std::istringstream words(wrapper == nullptr ? "" : wrapper);
  std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

/// Complete lines only: the last one may be half written.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

Server::Server(Hosts hosts, std::string name, ServerOptions options)
    : hosts_(std::move(hosts)),
      name_(std::move(name)),
      options_(std::move(options)),
      directory_(name_) {}

Server::~Server() = default;

void Server::start() {
  const InNamespace here = hosts_.enter_server();
  cleartext_port_ = free_port();
  tls_port_ = free_port();
  h2c_port_ = free_port();
  write_certificate(directory());
  write_document_root(directory() / "documents");
  write_file(directory() / "server.conf", configuration());
  process_.emplace(Command{wrapped(command_line()), hosts_.server_namespace},
                   directory() / "output.txt");
  if (options_.daemon) follow_daemon();
  const bool up = eventually([this] { return !process_->running() || is_serving(); }, kStartLimit);
  if (!up || !process_->running()) {
    throw std::runtime_error(name_ + " did not start: " + output() + error_log());
  }
}

void Server::follow_daemon() {
  const bool forked =
      eventually([this] { return !process_->running() && daemon_pid() != 0; }, kStartLimit);
  if (!forked) throw std::runtime_error(name_ + " did not become a daemon: " + error_log());
  take_over(daemon_pid());
}

int Server::stop() {
  return process_->stop(SIGTERM);
}

int Server::stop_gracefully() {
  return process_->stop(graceful_stop_signal());
}

void Server::reload() {
  const std::vector<pid_t> workers_before = workers();
  const std::string log_before = error_log();
  process_->signal(reload_signal());
  const bool done = eventually([&] { return is_loaded(workers_before, log_before); }, kStartLimit);
  if (!done) throw std::runtime_error(name_ + " did not reload: " + error_log());
}

peers::Address Server::address(peers::Transport transport) const {
  const bool tls = transport == peers::Transport::kTls;
  return {hosts_.server_ip, tls ? tls_port_ : cleartext_port_};
}

peers::Address Server::h2c_address() const {
  return {hosts_.server_ip, h2c_port_};
}

std::vector<LogLine> Server::log_lines() const {
  std::vector<LogLine> result;
  for (const std::string& text : lines_of(read_file(directory() / "access.log"))) {
    if (auto line = parse_log_line(text)) result.push_back(*std::move(line));
  }
  return result;
}

std::vector<LogLine> Server::log_lines_of(int client_port) const {
  std::vector<LogLine> lines = log_lines();
  std::erase_if(lines, [&](const LogLine& line) { return line.client_port != client_port; });
  return lines;
}

LogLine Server::wait_for_line(int client_port, std::size_t n, milliseconds limit) const {
  std::vector<LogLine> lines;
  const auto found = [&] {
    lines = log_lines_of(client_port);
    return lines.size() >= n;
  };
  if (!eventually(found, limit)) {
    std::ostringstream message;
    message << name_ << " wrote only " << lines.size() << " of " << n << " lines for client port "
            << client_port << " within " << patient(limit).count() << " ms; error log:\n"
            << error_log();
    throw std::runtime_error(message.str());
  }
  return lines[n - 1];
}

void Server::clear_access_log() {
  // Both servers append, so an emptied file simply grows again.
  std::filesystem::resize_file(directory() / "access.log", 0);
}

std::vector<std::string> Server::error_log_problems() const {
  std::vector<std::string> lines = lines_of(error_log());
  std::erase_if(lines, [this](const std::string& line) { return !is_problem(line); });
  return lines;
}

bool Server::has_worker_besides(const std::vector<pid_t>& others) const {
  const std::vector<pid_t> now = workers();
  return std::ranges::any_of(
      now, [&](pid_t worker) { return std::ranges::find(others, worker) == others.end(); });
}

bool Server::is_serving() const {
  const bool http1 = is_listening(cleartext_port_) && is_listening(tls_port_);
  const bool listening = http1 && (!has_http2() || is_listening(h2c_port_));
  return listening && is_loaded({}, "");
}

}  // namespace connfate::harness
