// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides NetworkTest: a fixture whose tests share one network of a topology, mended after each.
// Skips where no lab can be built.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "harness/temporary_directory.hpp"
#include "lab/net/network.hpp"
#include "lab/net/pcap_file.hpp"

namespace connfate::lab {

template <Topology kTopology>
class NetworkTest : public testing::Test {
 public:
  static void SetUpTestSuite() {
    if (!Network::missing_privilege()) network_ = std::make_unique<Network>(kTopology);
  }
  static void TearDownTestSuite() { network_.reset(); }

 protected:
  void SetUp() override {
    if (const auto reason = Network::missing_privilege()) GTEST_SKIP() << *reason;
  }
  void TearDown() override {
    if (!network_) return;
    network_->stop_capture();
    network_->mend();
  }

  static Network& network() { return *network_; }

 private:
  static inline std::unique_ptr<Network> network_;
};

/// What a capture holds of one way of a connection, in order.
inline std::vector<Segment> segments_of(const std::filesystem::path& file, Direction way,
                                        std::uint16_t client_port) {
  std::vector<Segment> segments;
  for (const Frame& frame : read_pcap(file)) {
    const auto segment = parse_segment(frame, way);
    if (segment && segment->client.port == client_port) segments.push_back(*segment);
  }
  return segments;
}

}  // namespace connfate::lab
