// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RuleBook: the rules of a cable's device, what they say about a segment, and how often
// each has matched. No lock: the cable calls it in its own thread.

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "lab/net/rule.hpp"

namespace connfate::lab {

/// What all rules together want with one segment.
struct Treatment {
  bool drop = false;
  std::chrono::microseconds hold{0};
  std::vector<Forgery> forgeries;
};

class RuleBook {
 public:
  RuleId add(Rule rule);
  void remove(RuleId rule) { rules_.erase(rule); }
  void clear() { rules_.clear(); }
  std::uint64_t matched(RuleId rule) const;

  /// `before`: the connection without this segment.
  Treatment apply(const Segment& segment, const ConnectionFacts& before);

 private:
  bool holds(const Match& match, const Segment& segment, const ConnectionFacts& before) const;

  std::map<RuleId, Rule> rules_;
  std::map<RuleId, std::uint64_t> matched_;
  std::map<RuleId, std::set<std::uint64_t>> connections_;  ///< serials, of those that matched
  RuleId last_ = 0;
};

}  // namespace connfate::lab
