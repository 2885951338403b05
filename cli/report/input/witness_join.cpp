// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/witness_join.hpp"

#include <algorithm>

#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {
namespace {

using log::FieldId;

constexpr std::chrono::seconds kSameTime{2};
constexpr std::chrono::seconds kLongestUnknown{900};  ///< of a request whose duration is not logged
constexpr std::size_t kMostWords = 1000;
constexpr std::size_t kMostNames = 20'000;

/// The witness's time is that of the report, when the request was logged. So is nginx's on the
/// line; httpd's is when the request arrived (%t).
bool times_agree(const std::optional<log::Record::Time>& witness,
                 const log::Record& record) noexcept {
  if (!witness || !record.time) return true;
  const auto behind = *witness - *record.time;
  const auto duration = record.duration.value_or(kLongestUnknown);
  return behind >= -kSameTime && behind <= kSameTime + duration;
}

/// "in progress" may come before the final line, never after it has been heard.
std::uint8_t rank_of(const log::Record& record) noexcept {
  if (record.witness.final) return 2;
  return record.witness.reason == "in_progress" ? 0 : 1;
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
  if (!cookie.empty() && !end.empty()) {
    const std::uint64_t key = hash_of(cookie) * 31 + hash_of(end);
    return key == 0 ? 1 : key;
  }
  return record.request_id.empty() ? 0 : hash_of(record.request_id);
}

std::string_view WitnessJoin::intern(Words& words, std::string_view word, std::size_t most) {
  const auto known = words.find(word);
  if (known != words.end()) return *known;
  if (words.size() >= most) return {};
  return *words.emplace(word).first;
}

LastWord WitnessJoin::last_word_of(const log::Record& record) {
  const auto word_of = [this](std::string_view text) {
    return text.size() > kFieldSize ? std::string_view{} : intern(words_, text, kMostWords);
  };
  LastWord word;
  word.fate = record.fate.value_or(Fate::kUnknown);
  word.by = to_by(record.field(FieldId::kBy), word.fate);
  word.close = to_close(record.field(FieldId::kClose));
  word.rule = word_of(record.field(FieldId::kRule));
  word.rst_from = word_of(record.witness.rst_from);
  word.confidence = word_of(record.witness.confidence);
  word.final = record.witness.final;
  return word;
}

bool WitnessJoin::is_known(Alike& alike, const Verdict& verdict) {
  const auto same = std::ranges::find_if(alike.verdicts, [&](const Verdict& known) {
    return known.node == verdict.node && known.marks.is_of_same_response(verdict.marks);
  });
  if (same == alike.verdicts.end()) return false;
  if (verdict.rank > same->rank) {
    const bool was_joined = same->is_joined;
    *same = verdict;
    same->is_joined = was_joined;
  } else if (verdict.rank == same->rank && verdict.last_word != same->last_word) {
    same->is_contested = true;
  }
  return true;
}

void WitnessJoin::drop_oldest() {
  const auto at = entries_.find(order_.front());
  auto& verdicts = at->second.verdicts;
  if (verdicts.size() <= 1) {
    entries_.erase(at);
  } else {
    verdicts.erase(verdicts.begin());
  }
  order_.pop_front();
  ++dropped_;
}

bool WitnessJoin::learn(const log::Record& record) {
  const std::uint64_t key = join_key(record);
  if (key == 0) return false;
  Verdict verdict;
  verdict.last_word = last_word_of(record);
  verdict.marks = LineMarks::of(record);
  verdict.node = intern(names_, record.field(FieldId::kNode), kMostNames);
  verdict.source = intern(names_, record.source, kMostNames);
  verdict.rank = rank_of(record);
  Alike& alike = entries_[key];
  if (is_known(alike, verdict)) return true;
  if (alike.verdicts.size() >= kMostAlike) {
    alike.too_many = true;
    ++dropped_;
    return true;
  }
  alike.verdicts.push_back(verdict);
  order_.push_back(key);
  if (order_.size() > kMost) drop_oldest();
  return true;
}

WitnessJoin::Found WitnessJoin::choose(const std::vector<Fit>& fits) {
  std::uint32_t agreed = 0;
  for (const Fit& fit : fits) agreed |= fit.agreed;
  Verdict* best = nullptr;
  for (const Fit& fit : fits) {
    // What one has and the other has not, and the other way round, makes none the better one.
    if (fit.agreed != agreed) continue;
    const bool differs = best != nullptr && (best->last_word != fit.verdict->last_word ||
                                             best->node != fit.verdict->node);
    if (differs || fit.verdict->is_contested) return {nullptr, Why::kAmbiguous};
    if (best == nullptr) best = fit.verdict;
  }
  if (best == nullptr) return {nullptr, Why::kAmbiguous};
  if (!best->is_joined) ++joined_;
  best->is_joined = true;
  return {&best->last_word, Why::kJoined};
}

WitnessJoin::Found WitnessJoin::find(const log::Record& record) {
  if (entries_.empty()) return {};
  const std::uint64_t key = join_key(record);
  const auto found = key != 0 ? entries_.find(key) : entries_.end();
  if (found == entries_.end()) return {};
  if (found->second.too_many) return {nullptr, Why::kAmbiguous};
  using Side = LogHosts::Side;
  const LineMarks marks = LineMarks::of(record);
  const std::string_view node =
      hosts_.node_of(Side::kServer, record.source, record.field(FieldId::kNode));
  std::vector<Fit> fits;
  Why why = Why::kNone;
  for (Verdict& verdict : found->second.verdicts) {
    const std::string_view its_node = hosts_.node_of(Side::kWitness, verdict.source, verdict.node);
    const bool is_told = !node.empty() && !its_node.empty();
    if (is_told && node != its_node) continue;
    const auto agreed = compare(marks, verdict.marks);
    if (!agreed || !times_agree(verdict.marks.time, record)) continue;
    if (is_told || hosts_.are_one_pair()) {
      fits.push_back({&verdict, *agreed});
    } else {
      why = Why::kNoHost;
    }
  }
  return fits.empty() ? Found{nullptr, why} : choose(fits);
}

}  // namespace connfate::cli::report
