// SPDX-License-Identifier: Apache-2.0
#include "lab/net/pcap_file.hpp"

#include <chrono>
#include <stdexcept>

namespace connfate::lab {
namespace {

constexpr int kSnapLength = 65535;

}  // namespace

PcapFile::PcapFile(const std::filesystem::path& path)
    : dead_(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength,
                                                 PCAP_TSTAMP_PRECISION_NANO)),
      file_(pcap_dump_open(dead_.get(), path.c_str())) {
  if (!file_) throw std::runtime_error(pcap_geterr(dead_.get()));
}

void PcapFile::write(FrameView frame) {
  using namespace std::chrono;
  const auto now = duration_cast<nanoseconds>(system_clock::now().time_since_epoch());
  const auto size = static_cast<bpf_u_int32>(frame.size());
  // With this precision tv_usec holds nanoseconds (pcap-savefile(5)).
  const pcap_pkthdr head{.ts = {now.count() / 1'000'000'000, now.count() % 1'000'000'000},
                         .caplen = size,
                         .len = size};
  pcap_dump(reinterpret_cast<u_char*>(file_.get()), &head, frame.data());
}

std::vector<Frame> read_pcap(const std::filesystem::path& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const file = pcap_open_offline(path.c_str(), error);
  if (file == nullptr) throw std::runtime_error(path.string() + ": " + error);
  std::vector<Frame> frames;
  pcap_pkthdr* head = nullptr;
  const u_char* bytes = nullptr;
  while (pcap_next_ex(file, &head, &bytes) == 1) frames.emplace_back(bytes, bytes + head->caplen);
  pcap_close(file);
  return frames;
}

}  // namespace connfate::lab
