// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/line_marks.hpp"

#include <functional>
#include <random>

#include "cli/log/fate_word.hpp"

namespace connfate::cli::report {
namespace {

using log::FieldId;

std::uint64_t mix(std::uint64_t value) noexcept {
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdU;  // MurmurHash3's finalizer
  value ^= value >> 33U;
  return value;
}

std::uint64_t seed_of_run() noexcept {
  try {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
  } catch (const std::exception&) {
    return 0;
  }
}

std::uint64_t mark(std::string_view text) noexcept {
  return text.empty() ? 0 : hash_of(text);
}

std::string_view logged_fate(const log::Record& record) noexcept {
  const auto fate =
      record.kind == log::Kind::kWitness ? log::to_fate(record.witness.first) : record.fate;
  // One version's word is another's unknown.
  return fate && *fate != Fate::kUnknown ? to_token(*fate) : std::string_view{};
}

}  // namespace

std::uint64_t hash_of(std::string_view text) noexcept {
  static const std::uint64_t kSeed = seed_of_run();
  const std::uint64_t hash = mix(std::hash<std::string_view>()(text) ^ kSeed);
  return hash == 0 ? 1 : hash;
}

LineMarks LineMarks::of(const log::Record& record) noexcept {
  LineMarks marks;
  auto& hashes = marks.hashes;
  hashes[kBoot] = mark(record.field(FieldId::kBoot));
  hashes[kStart] = mark(record.field(FieldId::kStart));
  hashes[kClientPort] = mark(record.client_port);
  hashes[kLoggedFate] = mark(logged_fate(record));
  hashes[kWritten] = mark(record.field(FieldId::kWritten));
  hashes[kClient] = mark(record.client);
  hashes[kUri] = mark(record.uri.substr(0, record.uri.find('?')));
  hashes[kMethod] = mark(record.method);
  hashes[kStatus] = mark(record.status);
  hashes[kRequestId] = mark(record.request_id);
  marks.time = record.time;
  return marks;
}

bool LineMarks::is_of_same_response(const LineMarks& other) const noexcept {
  for (const Mark what : {kBoot, kStart, kLoggedFate, kUri, kMethod, kStatus, kRequestId}) {
    if (hashes[what] != other.hashes[what]) return false;
  }
  return time == other.time;
}

std::optional<std::uint32_t> compare(const LineMarks& a, const LineMarks& b) noexcept {
  std::uint32_t agreed = 0;
  for (std::uint32_t what = 0; what < LineMarks::kCount; ++what) {
    if (a.hashes[what] == 0 || b.hashes[what] == 0) continue;
    if (a.hashes[what] == b.hashes[what]) {
      agreed |= std::uint32_t{1} << what;
    } else if (what <= LineMarks::kLoggedFate) {
      return std::nullopt;
    }
  }
  return agreed;
}

}  // namespace connfate::cli::report
