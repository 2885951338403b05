// SPDX-License-Identifier: Apache-2.0
#include "peers/backend.hpp"

#include <atomic>
#include <list>
#include <stdexcept>
#include <thread>

#include "peers/backend_session.hpp"
#include "peers/hold_gate.hpp"
#include "peers/listener.hpp"

namespace connfate::peers {

namespace {

/// A connection and the thread that serves it.
class SessionThread {
 public:
  SessionThread(std::unique_ptr<Connection> connection, HoldGate& gate)
      : connection_(std::move(connection)), thread_([this, &gate] { run(gate); }) {}
  ~SessionThread() {
    connection_->interrupt();
    thread_.join();
  }

  bool has_ended() const { return ended_; }

 private:
  void run(HoldGate& gate) {
    try {
      BackendSession(*connection_, gate).serve();
    } catch (const std::runtime_error&) {
      connection_->close();
    }
    ended_ = true;
  }

  std::unique_ptr<Connection> connection_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace

class Backend::Server {
 public:
  explicit Server(const std::string& ip) : listener_(ip), thread_([this] { accept(); }) {}
  ~Server() {
    gate_.stop();
    listener_.stop();
    thread_.join();
  }

  const Address& address() const { return listener_.address(); }
  HoldGate& gate() { return gate_; }

 private:
  void accept() {
    listener_.run([this](std::unique_ptr<Connection> connection) {
      sessions_.remove_if([](const SessionThread& session) { return session.has_ended(); });
      sessions_.emplace_back(std::move(connection), gate_);
    });
  }

  HoldGate gate_;
  Listener listener_;
  std::list<SessionThread> sessions_;  ///< of thread_, until it is joined
  std::thread thread_;
};

Backend::Backend(const std::string& listen_ip) : server_(std::make_unique<Server>(listen_ip)) {}
Backend::~Backend() = default;

Address Backend::address() const {
  return server_->address();
}
int Backend::held() const {
  return server_->gate().held();
}
void Backend::release() {
  server_->gate().release();
}

bool Backend::wait_held(int count, std::chrono::milliseconds limit) {
  return server_->gate().wait_held(count, limit);
}

}  // namespace connfate::peers
