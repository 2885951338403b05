// SPDX-License-Identifier: Apache-2.0
#include "lab/noise.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <stdexcept>

#include "harness/network_namespace.hpp"
#include "peers/client.hpp"

namespace connfate::lab {
namespace {

constexpr std::array kPaths{"/small.txt", "/page60k.bin", "/backend/ok?bytes=5000", "/medium.bin"};
constexpr int kRequestsPerConnection = 5;
/// Lost packets cost a retransmission timeout each.
constexpr std::chrono::seconds kPatience{30};

}  // namespace

Noise::Noise(const std::string& client_namespace, const peers::Address& server, int clients) {
  complaints_.resize(static_cast<std::size_t>(clients));
  for (std::string& complaint : complaints_) {
    threads_.emplace_back([this, client_namespace, server, &complaint] {
      try {
        const harness::InNamespace here(client_namespace);
        while (!over_) fetch(server, complaint);
      } catch (const std::exception& error) {
        complaint = error.what();
      }
    });
  }
}

Noise::~Noise() {
  stop();
}

std::uint64_t Noise::stop() {
  over_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  return responses_;
}

std::vector<std::string> Noise::complaints() const {
  std::vector<std::string> said;
  for (const std::string& complaint : complaints_) {
    if (!complaint.empty()) said.push_back("a good client: " + complaint);
  }
  return said;
}

void Noise::fetch(const peers::Address& server, std::string& complaint) {
  peers::Client client(server, {.timeout = kPatience});
  for (int i = 0; i < kRequestsPerConnection && !over_; ++i) {
    const std::string path = kPaths.at(static_cast<std::size_t>(i) % kPaths.size());
    client.get(path);
    const peers::Client::Response response = client.read_response();
    if (response.complete && response.status == 200) {
      ++responses_;
    } else {
      complaint = path + " was cut short, status " + std::to_string(response.status);
    }
  }
}

}  // namespace connfate::lab
