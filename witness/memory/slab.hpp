// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Slab, a growing array whose elements keep their place and are named by 32-bit indexes,
// and IndexList, a doubly linked list through such elements. A million responses may wait at once:
// an index costs half of a pointer, and an element of the slab costs no allocation of its own.
// Used by the connection table.

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace connfate::witness {

inline constexpr std::uint32_t kNoIndex = 0xffffffffU;

template <typename T>
class Slab {
 public:
  std::uint32_t take() {
    ++used_;
    if (free_.empty()) {
      elements_.emplace_back();
      return static_cast<std::uint32_t>(elements_.size() - 1);
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  void give_back(std::uint32_t index) {
    elements_[index] = T{};  // releases what it owns, and is ready to be taken
    free_.push_back(index);
    --used_;
  }
  T& operator[](std::uint32_t index) { return elements_[index]; }
  const T& operator[](std::uint32_t index) const { return elements_[index]; }
  std::size_t used() const noexcept { return used_; }

 private:
  std::deque<T> elements_;
  std::vector<std::uint32_t> free_;
  std::size_t used_ = 0;
};

/// The links of an element that is in at most one IndexList.
struct Links {
  std::uint32_t before = kNoIndex;
  std::uint32_t after = kNoIndex;
};

/// First in, first out; anything in the middle can leave. `Member` is the element's Links.
template <typename T, Links T::*Member>
class IndexList {
 public:
  void push_back(Slab<T>& slab, std::uint32_t index) {
    slab[index].*Member = {last_, kNoIndex};
    if (last_ == kNoIndex) {
      first_ = index;
    } else {
      (slab[last_].*Member).after = index;
    }
    last_ = index;
  }
  void remove(Slab<T>& slab, std::uint32_t index) {
    const Links links = std::exchange(slab[index].*Member, Links{});
    (links.before == kNoIndex ? first_ : (slab[links.before].*Member).after) = links.after;
    (links.after == kNoIndex ? last_ : (slab[links.after].*Member).before) = links.before;
  }
  std::uint32_t front() const noexcept { return first_; }
  bool empty() const noexcept { return first_ == kNoIndex; }

 private:
  std::uint32_t first_ = kNoIndex;
  std::uint32_t last_ = kNoIndex;
};

}  // namespace connfate::witness
