// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/packet_quota.hpp"

#include <algorithm>
#include <array>

#include "witness/wire/admission.hpp"
#include "witness/wire/rst_effect.hpp"

namespace connfate::witness {
namespace {

enum Kind : std::size_t {
  kSynIn,
  kSynOut,
  kFinIn,
  kFinOut,
  kRstIn,
  kRstOut,
  kDataBefore,  ///< the client's data until the first RST in its name: what it looks like itself
  kDataAfter,   ///< behind that RST: whether it goes on living
  kStranger,    ///< whose numbers are not this connection's, as far as the packets tell
  kKinds,
};

struct Quota {
  std::size_t first;
  std::size_t last;
};

constexpr std::array<Quota, kKinds> kQuotas{{
    {1, 1},
    {1, 1},
    {1, 2},  // a FIN that comes three times says that its answers were lost
    {1, 1},
    {3, 2},  // and the one that may have ended the connection
    {1, 1},
    {1, 4},
    {2, 1},
    {1, 4},
}};

constexpr std::size_t total() noexcept {
  std::size_t sum = 1;  // the RST that may have ended the connection
  for (const Quota& quota : kQuotas) sum += quota.first + quota.last;
  return sum;
}
static_assert(total() == kQuotaTotal);

Kind kind_of(const Packet& p, bool after_rst) noexcept {
  const bool in = p.direction == Direction::kIn;
  if (p.rst) return in ? kRstIn : kRstOut;
  if (p.syn) return in ? kSynIn : kSynOut;
  if (p.fin) return in ? kFinIn : kFinOut;
  return after_rst ? kDataAfter : kDataBefore;
}

bool may_have_ended(std::span<const Packet> packets, std::size_t index) noexcept {
  const RstEffect effect = effect_of(packets, index, HostFacts{});
  return effect == RstEffect::kApplied || effect == RstEffect::kUnknown;
}

}  // namespace

std::size_t least_telling(std::span<const Packet> packets) noexcept {
  std::array<std::size_t, kKinds> count{};
  std::array<std::size_t, kKinds> seen{};
  std::array<std::size_t, kQuotaTotal * 2> kinds{};
  const std::size_t size = std::min(packets.size(), kinds.size());
  const Admission admission(packets.first(size), HostFacts{});
  std::size_t ending = size;
  bool after_rst = false;
  for (std::size_t i = 0; i < size; ++i) {
    const Packet& p = packets[i];
    const bool admitted = admission.admits(i);
    const bool reset = admitted && p.rst && p.direction == Direction::kIn;
    kinds[i] = admitted ? kind_of(p, after_rst) : kStranger;
    ++count[kinds[i]];
    if (reset && ending == size && may_have_ended(packets, i)) ending = i;
    after_rst = after_rst || reset;
  }
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t kind = kinds[i];
    const std::size_t place = seen[kind]++;
    const bool spare = place >= kQuotas[kind].first && place + kQuotas[kind].last < count[kind];
    if (spare && i != ending) return i;
  }
  return size / 2;
}

}  // namespace connfate::witness
