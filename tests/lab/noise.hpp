// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides good traffic while a story is played: clients that fetch one file after the other over
// keepalive connections and want nothing special. Their requests must stay `delivered`.
// Their ports are the kernel's choice, from Network::kFirstOtherPort on; a story's client has a
// lower one.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "peers/address.hpp"

namespace connfate::lab {

class Noise {
 public:
  /// Starts `clients` threads in the namespace.
  Noise(const std::string& client_namespace, const peers::Address& server, int clients);
  ~Noise();  ///< as stop()
  Noise(const Noise&) = delete;
  Noise& operator=(const Noise&) = delete;

  /// Ends every connection in order. The number of complete responses.
  std::uint64_t stop();
  /// One sentence per client that did not get what it asked for; after stop().
  std::vector<std::string> complaints() const;

 private:
  void fetch(const peers::Address& server, std::string& complaint);

  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> responses_{0};
  std::vector<std::string> complaints_;
  std::vector<std::thread> threads_;
};

}  // namespace connfate::lab
