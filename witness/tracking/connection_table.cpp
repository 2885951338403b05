// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/connection_table.hpp"

#include <algorithm>
#include <cstring>

#include "connfate/refused.hpp"
#include "connfate/rules.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kFirstBuckets = 1024;
constexpr std::uint8_t kUnknownRule = 0xff;
constexpr std::string_view kCut = "...";
/// What an allocation costs besides its bytes (glibc's header and rounding, on average).
constexpr std::size_t kAllocationCost = 16;

/// Cookies count up; multiplied by 2^64 / phi their high bits are spread evenly.
std::size_t hash_of(std::uint64_t cookie) noexcept {
  return static_cast<std::size_t>((cookie * 0x9E3779B97F4A7C15ULL) >> 32U);
}

std::uint8_t rule_index(const Rule* rule) noexcept {
  return rule == nullptr ? kUnknownRule
                         : static_cast<std::uint8_t>(rule - connfate::rules().data());
}

/// Each text as its length (two bytes) and its bytes.
std::size_t block_size(const char* block) noexcept {
  if (block == nullptr) return 0;
  std::size_t at = 0;
  for (int i = 0; i < WaitingResponse::kTextCount; ++i) {
    std::uint16_t length;
    std::memcpy(&length, block + at, sizeof(length));
    at += sizeof(length) + length;
  }
  return at;
}

std::size_t kept(std::string_view text) noexcept {
  return std::min(text.size(), kKeptTextSize);
}

std::unique_ptr<char[]> pack(const std::array<std::string_view, WaitingResponse::kTextCount>& all) {
  std::size_t size = 0;
  for (const auto text : all) size += sizeof(std::uint16_t) + kept(text);
  auto block = std::make_unique<char[]>(size);
  char* at = block.get();
  for (const auto text : all) {
    const auto length = static_cast<std::uint16_t>(kept(text));
    std::memcpy(at, &length, sizeof(length));
    std::copy_n(text.data(), length, at + sizeof(length));
    at += sizeof(length) + length;
    if (length < text.size()) std::copy(kCut.begin(), kCut.end(), at - kCut.size());
  }
  return block;
}

/// What this host had refused to send when the response began: all until the log line, less what
/// was during the response.
std::uint32_t refused_until(const Evidence& e) noexcept {
  const auto all =
      e.snapshot && e.output_queue ? refused_bytes(*e.snapshot, *e.output_queue) : std::nullopt;
  return static_cast<std::uint32_t>((all.value_or(Bytes{}) - e.refused.value_or(Bytes{})).value);
}

}  // namespace

std::string_view WaitingResponse::rule_id() const noexcept {
  return rule < rules().size() ? rules()[rule].id : "final-as-logged";
}

std::string_view WaitingResponse::text(Text which) const noexcept {
  const char* at = texts.get();
  for (int i = 0;; ++i) {
    std::uint16_t length;
    std::memcpy(&length, at, sizeof(length));
    at += sizeof(length);
    if (i == which) return {at, length};
    at += length;
  }
}

/// A report is a claim, and its clock, too: what clocks that count nanoseconds reach, the year
/// 2261.
constexpr std::uint64_t kLatest = 9'214'646'399'999'999;

WaitingResponse WaitingResponse::from(const Report& report) {
  const Observation& o = report.observation;
  const Evidence& e = o.evidence;
  WaitingResponse r;
  r.logged_at_us = std::min(report.logged_at_us, kLatest);
  r.has_start = e.start.has_value();
  r.has_end = e.end.has_value();
  r.has_taken = e.view.bytes_taken.has_value();
  r.start = e.start.value_or(Bytes{});
  r.end = e.end.value_or(Bytes{});
  r.bytes_taken = e.view.bytes_taken.value_or(Bytes{});
  if (e.snapshot) r.acked = e.snapshot->bytes_acked.value_or(Bytes{});
  if (o.retrans) r.retrans = o.retrans->value;
  if (report.duration) {
    using std::chrono::milliseconds;
    const auto whole = std::chrono::duration_cast<milliseconds>(*report.duration).count();
    r.has_duration = true;
    r.duration_ms = static_cast<std::uint32_t>(std::min<std::int64_t>(whole, UINT32_MAX));
  }
  r.refused_before = refused_until(o.evidence);
  r.fin_seen = e.view.fin_seen;
  r.status = report.status;
  r.fate = o.verdict.fate;
  r.by = o.verdict.by;
  r.phase = o.verdict.phase;
  r.close = o.verdict.close;
  r.rule = rule_index(o.verdict.rule);
  r.texts = pack({report.server, report.method, report.uri, report.host, report.request_id});
  return r;
}

ConnectionTable::ConnectionTable(const std::array<Duration, kQueueCount>& delays)
    : buckets_(kFirstBuckets, kNoIndex), delays_(delays) {}

std::uint32_t& ConnectionTable::bucket_of(std::uint64_t cookie) noexcept {
  return buckets_[hash_of(cookie) & (buckets_.size() - 1)];
}

std::uint32_t ConnectionTable::find(std::uint64_t cookie) const noexcept {
  std::uint32_t at = buckets_[hash_of(cookie) & (buckets_.size() - 1)];
  while (at != kNoIndex && connections_[at].cookie != cookie) at = connections_[at].chain;
  return at;
}

void ConnectionTable::grow_buckets() {
  std::vector<std::uint32_t> old(buckets_.size() * 2, kNoIndex);
  old.swap(buckets_);
  for (std::uint32_t index : old) {
    while (index != kNoIndex) {
      const std::uint32_t next = connections_[index].chain;
      connections_[index].chain = std::exchange(bucket_of(connections_[index].cookie), index);
      index = next;
    }
  }
}

std::uint32_t ConnectionTable::add(std::uint64_t cookie, const Flow& flow, Instant now) {
  if (connections_.used() >= buckets_.size()) grow_buckets();
  const std::uint32_t index = connections_.take();
  TrackedConnection& c = connections_[index];
  c.cookie = cookie;
  c.flow = flow;
  c.due = now;
  c.chain = std::exchange(bucket_of(cookie), index);
  queues_[static_cast<std::size_t>(c.queue)].push_back(connections_, index);
  return index;
}

void ConnectionTable::unchain(std::uint32_t index) noexcept {
  std::uint32_t* at = &bucket_of(connections_[index].cookie);
  while (*at != index) at = &connections_[*at].chain;
  *at = connections_[index].chain;
}

void ConnectionTable::remove(std::uint32_t index) {
  const TrackedConnection& c = connections_[index];
  while (!c.waiting.empty()) remove_response(c.waiting.front());
  queues_[static_cast<std::size_t>(c.queue)].remove(connections_, index);
  unchain(index);
  connections_.give_back(index);
}

std::uint32_t ConnectionTable::add_response(std::uint32_t connection, WaitingResponse response) {
  const std::uint32_t index = responses_.take();
  WaitingResponse& r = responses_[index];
  text_bytes_ += block_size(response.texts.get()) + kAllocationCost;
  r = std::move(response);
  r.connection = connection;
  connections_[connection].waiting.push_back(responses_, index);
  by_age_.push_back(responses_, index);
  return index;
}

void ConnectionTable::remove_response(std::uint32_t index) {
  const WaitingResponse& r = responses_[index];
  connections_[r.connection].waiting.remove(responses_, index);
  by_age_.remove(responses_, index);
  text_bytes_ -= block_size(r.texts.get()) + kAllocationCost;
  responses_.give_back(index);
}

std::vector<std::uint32_t> ConnectionTable::responses_of(std::uint32_t connection) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t at = connections_[connection].waiting.front(); at != kNoIndex;
       at = responses_[at].siblings.after) {
    all.push_back(at);
  }
  return all;
}

void ConnectionTable::move_to(std::uint32_t index, Queue queue, Instant now) {
  TrackedConnection& c = connections_[index];
  queues_[static_cast<std::size_t>(c.queue)].remove(connections_, index);
  c.queue = queue;
  c.due = now + delays_[static_cast<std::size_t>(queue)];
  queues_[static_cast<std::size_t>(queue)].push_back(connections_, index);
}

std::uint32_t ConnectionTable::oldest_of(Queue queue) const noexcept {
  return queues_[static_cast<std::size_t>(queue)].front();
}

std::uint32_t ConnectionTable::due(Queue queue, Instant now) const {
  const std::uint32_t first = oldest_of(queue);
  return first != kNoIndex && connections_[first].due <= now ? first : kNoIndex;
}

std::size_t ConnectionTable::memory_used() const noexcept {
  return connections_.used() * sizeof(TrackedConnection) +
         responses_.used() * sizeof(WaitingResponse) + text_bytes_ +
         buckets_.size() * sizeof(std::uint32_t);
}

}  // namespace connfate::witness
