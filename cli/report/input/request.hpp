// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Request: a record of an access log together with the last word on it, where the
// witness has one. Everything that counts or filters reads this. Valid while its record is.

#include <string_view>

#include "cli/log/record.hpp"
#include "connfate/fate.hpp"

namespace connfate::cli::report {

/// What the witness said last about a response. Words are of fixed vocabularies, or interned.
struct LastWord {
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  Close close = Close::kUnknown;
  std::string_view rule;
  std::string_view rst_from;
  std::string_view confidence;
  bool final = true;  ///< false: nothing better can be had, or not yet

  bool operator==(const LastWord&) const = default;
};

struct Request {
  const log::Record* record = nullptr;
  const LastWord* last_word = nullptr;  ///< nullptr: the access log's own word is the last
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
};

/// `last_word` may be nullptr. The record must tell a fate.
Request make_request(const log::Record& record, const LastWord* last_word) noexcept;

/// kUnknown for a word that this version does not know; what the fate implies when there is none.
By to_by(std::string_view token, Fate fate) noexcept;

}  // namespace connfate::cli::report
