// SPDX-License-Identifier: Apache-2.0
#include "cli/report/count/group_table.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace connfate::cli::report {
namespace {

using Importance = std::pair<std::uint64_t, std::uint64_t>;

Importance importance_of(const Group& group) noexcept {
  return {group.fates.trouble() + group.fates.left(), group.fates.total()};
}

std::uint32_t upper_half(std::uint64_t hash) noexcept {
  return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

GroupTable::GroupTable(std::size_t capacity) : capacity_(capacity) {
  make_slots();
}

std::size_t GroupTable::slot_of(std::string_view name, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].entry != 0; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.half == upper_half(hash) && groups_[slot.entry - 1].name == name) break;
  }
  return at;
}

Group& GroupTable::at(std::string_view name, std::uint64_t hash) {
  std::size_t at = slot_of(name, hash);
  if (slots_[at].entry != 0) return groups_[slots_[at].entry - 1].group;
  if (groups_.size() >= capacity_) drop_half();
  groups_.push_back({std::string(name), {}});
  if (groups_.size() * 2 > slots_.size()) {
    make_slots();
  } else {
    at = slot_of(name, hash);  // drop_half() has moved everything
    slots_[at] = {upper_half(hash), static_cast<std::uint32_t>(groups_.size())};
  }
  return groups_.back().group;
}

const Group* GroupTable::find(std::string_view name) const noexcept {
  const Slot& slot = slots_[slot_of(name, hash_of(name))];
  return slot.entry != 0 ? &groups_[slot.entry - 1].group : nullptr;
}

void GroupTable::make_slots() {
  constexpr std::size_t kFewest = 64;
  slots_.assign(std::max(kFewest, std::bit_ceil(groups_.size() * 4)), {});
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const std::uint64_t hash = hash_of(groups_[i].name);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].entry != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {upper_half(hash), static_cast<std::uint32_t>(i + 1)};
  }
}

void GroupTable::drop_half() {
  std::vector<Importance> all;
  all.reserve(groups_.size());
  for (const Entry& entry : groups_) all.push_back(importance_of(entry.group));
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  const Importance limit = *middle;
  // Many are as unimportant as the middle one: not more than half may go, nor none.
  std::size_t left_to_drop = groups_.size() / 2 + 1;
  std::erase_if(groups_, [&](const Entry& entry) {
    if (left_to_drop == 0 || importance_of(entry.group) > limit) return false;
    other_.add(entry.group.fates);
    ++names_dropped_;
    --left_to_drop;
    return true;
  });
  make_slots();
}

}  // namespace connfate::cli::report
