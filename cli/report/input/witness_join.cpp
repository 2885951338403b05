// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/witness_join.hpp"

#include <functional>

#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {
namespace {

using log::FieldId;

constexpr std::chrono::seconds kSameTime{2};
constexpr std::chrono::seconds kLongestUnknown{900};  ///< of a request whose duration is not logged
constexpr std::size_t kMostWords = 1000;

std::uint64_t mix(std::uint64_t value) noexcept {
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdU;  // MurmurHash3's finalizer
  value ^= value >> 33U;
  return value == 0 ? 1 : value;
}

std::uint64_t hash(std::string_view text) noexcept {
  return std::hash<std::string_view>()(text);
}

/// The witness's time is that of the report, when the request was logged. So is nginx's on the
/// line; httpd's is when the request arrived (%t).
bool times_agree(const std::optional<log::Record::Time>& witness,
                 const log::Record& record) noexcept {
  if (!witness || !record.time) return true;
  const auto behind = *witness - *record.time;
  const auto duration = record.duration.value_or(kLongestUnknown);
  return behind >= -kSameTime && behind <= kSameTime + duration;
}

Close to_close(std::string_view token) noexcept {
  for (int i = 0; i <= static_cast<int>(Close::kLocal); ++i) {
    if (to_token(static_cast<Close>(i)) == token) return static_cast<Close>(i);
  }
  return Close::kUnknown;
}

}  // namespace

std::uint64_t join_key(const log::Record& record) noexcept {
  const std::string_view cookie = record.field(FieldId::kCookie);
  const std::string_view end = record.field(FieldId::kEnd);
  if (!cookie.empty() && !end.empty()) return mix(hash(cookie) * 31 + hash(end));
  if (!record.request_id.empty()) return mix(hash(record.request_id));
  return 0;
}

std::string_view WitnessJoin::intern(std::string_view word) {
  const auto known = words_.find(word);
  if (known != words_.end()) return *known;
  if (words_.size() >= kMostWords || word.size() > kFieldSize) return {};
  return *words_.emplace(word).first;
}

LastWord WitnessJoin::last_word_of(const log::Record& record) {
  LastWord word;
  word.fate = record.fate.value_or(Fate::kUnknown);
  word.by = to_by(record.field(FieldId::kBy), word.fate);
  word.close = to_close(record.field(FieldId::kClose));
  word.rule = intern(record.field(FieldId::kRule));
  word.rst_from = intern(record.witness.rst_from);
  word.confidence = intern(record.witness.confidence);
  word.final = record.witness.final;
  return word;
}

bool WitnessJoin::learn(const log::Record& record) {
  const std::uint64_t key = join_key(record);
  if (key == 0) return false;
  const auto [at, is_new] = entries_.try_emplace(key);
  Entry& entry = at->second;
  // "in progress" may come before the final line, never after it has been heard.
  if (!is_new && entry.last_word.final && !record.witness.final) return true;
  entry.last_word = last_word_of(record);
  entry.time = record.time;
  if (!is_new) return true;
  order_.push_back(key);
  if (order_.size() > kMost) {
    entries_.erase(order_.front());
    order_.pop_front();
    ++dropped_;
  }
  return true;
}

const LastWord* WitnessJoin::find(const log::Record& record) {
  if (entries_.empty()) return nullptr;
  const std::uint64_t key = join_key(record);
  const auto found = key != 0 ? entries_.find(key) : entries_.end();
  if (found == entries_.end() || !times_agree(found->second.time, record)) return nullptr;
  if (!found->second.is_joined) ++joined_;
  found->second.is_joined = true;
  return &found->second.last_word;
}

}  // namespace connfate::cli::report
