// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the bundle: all known fields of a response as one run of logfmt, written by the modules
// and parsed by everything that reads logs. One header owns both directions.
//
//   fate=rst_received by=peer phase=sending close=rst ... rule=rst-before-ack v=1
//
// `fate` is first, `v` (the version of this format) is last; a field that is not known is left out.
// A healthy response has the short form, where `v=1s` says that what is left out was elided and is
// not unknown:
//
//   fate=pending written=438 rtt_us=25 end=438 cookie=000000000000b06b rule=in-flight v=1s
//
// Values consist of letters, digits, '_', '-' and '.'.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "connfate/detail.hpp"
#include "connfate/field.hpp"

namespace connfate {

/// Version of the bundle; only adding fields does not change it.
inline constexpr std::string_view kBundleVersion = "1";
inline constexpr std::string_view kShortBundleVersion = "1s";

/// Room for the longest possible bundle.
inline constexpr std::size_t kBundleSize = 1536;

/// Writes the bundle of `observation` and returns the text inside [buffer, buffer + size).
/// A buffer of kBundleSize is always large enough.
std::string_view write_bundle(const Observation& observation, Detail detail, char* buffer,
                              std::size_t size) noexcept;

/// The fields of the short form, in its order; a known one may still be elided there.
std::span<const std::string_view> short_fields() noexcept;

/// A parsed bundle: views into the line it was found in.
class Bundle {
 public:
  /// Value of a field, or an empty view when the bundle has none.
  std::string_view get(std::string_view field) const noexcept;
  std::string_view version() const noexcept { return version_; }
  /// The short form: a field that is not there was elided, and is not unknown.
  bool is_short() const noexcept { return version_.ends_with('s'); }
  /// The run itself, from "fate=" to the end of "v=1" or "v=1s".
  std::string_view text() const noexcept { return text_; }

 private:
  friend std::optional<Bundle> find_bundle(std::string_view line) noexcept;

  /// Parses what begins at the start of `text`.
  static std::optional<Bundle> parse(std::string_view text) noexcept;

  std::array<std::string_view, kFieldCount> values_;
  std::string_view version_;
  std::string_view text_;
};

/// Finds and parses the last whole bundle in a log line. nullopt when there is none or it is cut
/// short (no "v="). Fields that this version does not know are skipped, so newer bundles still
/// parse. A client can write a bundle into its own header: log the bundle behind everything of the
/// client.
std::optional<Bundle> find_bundle(std::string_view line) noexcept;

}  // namespace connfate
