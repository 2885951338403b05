// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a listening TCP socket on a free port. Used by Backend.
// The socket is made in the constructing thread, and so in its network namespace; run() may be
// called in another.

#include <functional>
#include <memory>
#include <string>

#include "peers/address.hpp"
#include "peers/connection.hpp"

namespace connfate::peers {

class Listener {
 public:
  /// Throws std::runtime_error (boost::system::system_error) when the ip cannot be bound.
  explicit Listener(const std::string& ip);
  ~Listener();

  const Address& address() const;
  /// Hands over accepted connections until stop().
  void run(const std::function<void(std::unique_ptr<Connection>)>& on_connection);
  void stop();  ///< from any thread

 private:
  class Acceptor;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace connfate::peers
