// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides where a test's client and server live, whatever network lies between them.

#include <string>

#include "harness/network_namespace.hpp"

namespace connfate::harness {

struct Hosts {
  std::string client_namespace;  ///< names of `ip netns`
  std::string server_namespace;
  std::string server_ip;  ///< by which the client reaches the server

  /// The calling thread is in that namespace as long as the result lives.
  [[nodiscard]] InNamespace enter_client() const { return InNamespace(client_namespace); }
  [[nodiscard]] InNamespace enter_server() const { return InNamespace(server_namespace); }
};

}  // namespace connfate::harness
