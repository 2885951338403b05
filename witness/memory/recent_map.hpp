// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RecentMap: values found by key in bounded memory. Once it is full, each new key takes
// the place of the one that was used longest ago. Whatever its size, a use costs the same: every
// report and every packet is one, and on a busy host the map is always full.
// Used by the wire table (connections) and by the aggregate of silences (networks).
// Surprising: find() is no use: who only looks keeps nothing alive. A value stays where it is until
// it is forgotten, also when the map is moved.

#include <cstddef>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace connfate::witness {

template <typename Key, typename Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_(capacity) {}

  /// A copy would find the elements of its original.
  RecentMap(RecentMap&&) noexcept = default;
  RecentMap& operator=(RecentMap&&) noexcept = default;

  /// nullptr when there is none.
  Value* find(const Key& key) {
    const auto place = places_.find(key);
    return place == places_.end() ? nullptr : &place->second->second;
  }
  const Value* find(const Key& key) const {
    const auto place = places_.find(key);
    return place == places_.end() ? nullptr : &place->second->second;
  }

  /// The value of that key, made by `make` when there is none; that may ask for next_to_go().
  template <typename Make>
  Value& use(const Key& key, Make make) {
    if (const auto place = places_.find(key); place != places_.end()) {
      elements_.splice(elements_.end(), elements_, place->second);
      return place->second->second;
    }
    elements_.emplace_back(key, make());
    places_.emplace(key, std::prev(elements_.end()));
    if (elements_.size() > capacity_) {
      places_.erase(elements_.front().first);
      elements_.pop_front();
    }
    return elements_.back().second;
  }

  /// The one that would be forgotten for a new key; nullptr while there is room.
  const Value* next_to_go() const {
    return elements_.empty() || elements_.size() < capacity_ ? nullptr : &elements_.front().second;
  }

  void forget(const Key& key) {
    const auto place = places_.find(key);
    if (place == places_.end()) return;
    elements_.erase(place->second);
    places_.erase(place);
  }

  std::size_t size() const noexcept { return elements_.size(); }
  auto begin() const noexcept { return elements_.begin(); }
  auto end() const noexcept { return elements_.end(); }

 private:
  using Elements = std::list<std::pair<Key, Value>>;

  std::size_t capacity_;
  Elements elements_;  ///< used longest ago first
  std::unordered_map<Key, typename Elements::iterator> places_;
};

}  // namespace connfate::witness
