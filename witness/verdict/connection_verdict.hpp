// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the verdict on a connection that ended without any request: the ordered table of
// connection rules and judge_connection(). Used by the line maker; the response rules are in
// final_verdict.hpp.

#include <span>

#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {

struct ConnectionRule {
  std::string_view id;  ///< stable; begins with "conn-"
  Fate fate;
  std::string_view reason;
  bool (*applies)(const FinalEvidence&, const FinalFindings&) noexcept;
};

std::span<const ConnectionRule> connection_rules() noexcept;

struct ConnectionVerdict {
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  Close close = Close::kUnknown;
  const ConnectionRule* rule = nullptr;
};

/// Total and pure.
ConnectionVerdict judge_connection(const FinalEvidence& evidence) noexcept;

}  // namespace connfate::witness
