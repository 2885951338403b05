// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides PcapFile: writes frames with nanosecond time stamps; read_pcap() reads them back.
// Failure: std::runtime_error when a file cannot be written or read.

#include <pcap/pcap.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "lab/net/segment.hpp"

namespace connfate::lab {

class PcapFile {
 public:
  explicit PcapFile(const std::filesystem::path& path);
  void write(FrameView frame);  ///< stamped with the time of day

 private:
  struct Close {
    void operator()(pcap_t* dead) const { pcap_close(dead); }
    void operator()(pcap_dumper_t* file) const { pcap_dump_close(file); }
  };
  std::unique_ptr<pcap_t, Close> dead_;
  std::unique_ptr<pcap_dumper_t, Close> file_;
};

/// Every frame of the file, in its order.
std::vector<Frame> read_pcap(const std::filesystem::path& path);

}  // namespace connfate::lab
