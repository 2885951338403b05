// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/capture.hpp"

#include <fmt/format.h>
#include <linux/filter.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <vector>

#include "witness/process/clock.hpp"
#include "witness/process/descriptor.hpp"
#include "witness/sources/capture_filter.hpp"

namespace connfate::witness {
namespace {

/// The longest headers (cooked or tagged link, IPv4 or IPv6, TCP with options), and a RST's text.
constexpr int kSnapLength = 20 + 60 + 60 + static_cast<int>(kRstTextSize) + 1;
constexpr int kRingSize = 16 << 20;

void require(int result, pcap_t* capture, const std::string& interface) {
  if (result >= 0) return;
  if (result == PCAP_ERROR_NO_SUCH_DEVICE) {
    throw std::runtime_error(
        fmt::format("there is no interface {}; there are: {}", interface, interface_names()));
  }
  if (result == PCAP_ERROR_PERM_DENIED) {
    throw std::runtime_error(fmt::format(
        "no permission to capture on {}: start as root or with CAP_NET_RAW, or with --no-capture",
        interface));
  }
  throw std::runtime_error(fmt::format("cannot capture on {}: {} ({})", interface,
                                       pcap_statustostr(result), pcap_geterr(capture)));
}

std::optional<LinkLayer> to_link_layer(int datalink) noexcept {
  switch (datalink) {
    case DLT_EN10MB: return LinkLayer::kEthernet;
    case DLT_LINUX_SLL2: return LinkLayer::kLinuxSll2;
    case DLT_RAW: return LinkLayer::kRaw;
    default: return std::nullopt;
  }
}

/// A frame of a named interface does not say what kind of interface that is.
bool is_loopback(const std::string& interface) noexcept {
  ifreq request{};
  interface.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool known = ::ioctl(fd, SIOCGIFFLAGS, &request) == 0;
  ::close(fd);
  return known && (request.ifr_flags & IFF_LOOPBACK) != 0;
}

/// Instants of packets by the offset between the two clocks now.
class WallClock {
 public:
  WallClock(Instant earliest, Instant now) noexcept
      : earliest_(std::min(earliest, now)),
        now_(now),
        offset_(now.time_since_epoch() - wall_now().time_since_epoch()) {}

  Instant instant_of(const timeval& stamp) const noexcept {
    const Duration wall = std::chrono::seconds(stamp.tv_sec) + Duration(stamp.tv_usec);
    return std::clamp(Instant(wall + offset_), earliest_, now_);
  }

 private:
  Instant earliest_;
  Instant now_;
  Duration offset_;
};

}  // namespace

Capture::Capture(std::string interface)
    : interface_(std::move(interface)), nothing_waited_at_(steady_now()) {
  char error[PCAP_ERRBUF_SIZE] = "";
  capture_.reset(pcap_create(interface_.c_str(), error));
  if (!capture_) throw std::runtime_error(fmt::format("cannot capture: {}", error));
  pcap_t* const capture = capture_.get();
  require(pcap_set_snaplen(capture, kSnapLength), capture, interface_);
  require(pcap_set_promisc(capture, 0), capture, interface_);
  require(pcap_set_immediate_mode(capture, 1), capture, interface_);
  require(pcap_set_buffer_size(capture, kRingSize), capture, interface_);
  require(pcap_activate(capture), capture, interface_);
  require(pcap_setnonblock(capture, 1, error), capture, interface_);
  if (pcap_datalink(capture) == DLT_LINUX_SLL) (void)pcap_set_datalink(capture, DLT_LINUX_SLL2);
  const auto link = to_link_layer(pcap_datalink(capture));
  if (!link) throw std::runtime_error(interface_ + ": frames of this kind are not understood");
  link_ = *link;
  index_ = interface_ == kAny ? 0 : if_nametoindex(interface_.c_str());
  loopback_ = interface_ != kAny && is_loopback(interface_);
  set_ports({});
}

int Capture::fd() const noexcept {
  return pcap_get_selectable_fd(capture_.get());
}

void Capture::set_ports(std::span<const std::uint16_t> ports) {
  std::vector<sock_filter> code = compile_filter(ports, link_);
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (::setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
    throw_errno("cannot set the packet filter of " + interface_);
  }
}

std::size_t Capture::read(std::size_t limit, const ServedPorts& ports, const OnFrame& on_frame) {
  const Instant now = steady_now();
  const WallClock clock(nothing_waited_at_, now);
  std::size_t count = 0;
  for (; count < limit; ++count) {
    pcap_pkthdr* head = nullptr;
    const u_char* bytes = nullptr;
    const int result = pcap_next_ex(capture_.get(), &head, &bytes);
    if (result == 0) break;
    if (result < 0) {
      throw std::runtime_error(
          fmt::format("capture on {}: {}", interface_, pcap_geterr(capture_.get())));
    }
    const auto frame = std::as_bytes(std::span(bytes, head->caplen));
    ParsedFrame parsed = parse_frame(frame, link_, ports, clock.instant_of(head->ts));
    auto* packet = std::get_if<Packet>(&parsed);
    if (packet != nullptr && packet->interface == 0) packet->interface = index_;
    if (packet != nullptr && loopback_) packet->loopback = true;
    if (auto* error = std::get_if<IcmpError>(&parsed); error != nullptr && loopback_) {
      error->loopback = true;
    }
    if (const auto* reason = std::get_if<Skipped>(&parsed)) {
      skipped_.add(*reason);
    } else {
      on_frame(parsed);
    }
  }
  if (count < limit) nothing_waited_at_ = now;
  return count;
}

std::uint64_t Capture::take_lost() noexcept {
  pcap_stat statistics{};
  if (pcap_stats(capture_.get(), &statistics) != 0) return 0;
  const std::uint32_t lost = statistics.ps_drop - drops_;
  drops_ = statistics.ps_drop;
  return lost;
}

std::string interface_names() {
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> names(if_nameindex(),
                                                                                &if_freenameindex);
  if (!names) return "";
  std::string text;
  for (const auto* entry = names.get(); entry->if_index != 0; ++entry) {
    text.append(text.empty() ? "" : " ").append(entry->if_name);
  }
  return text;
}

}  // namespace connfate::witness
