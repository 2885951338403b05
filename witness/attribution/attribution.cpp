// SPDX-License-Identifier: Apache-2.0
#include "witness/attribution/attribution.hpp"

namespace connfate::witness {

std::string_view to_token(RstFrom from) noexcept {
  switch (from) {
    case RstFrom::kClient: return "client";
    case RstFrom::kPath: return "path";
    case RstFrom::kSelf: return "self";
    case RstFrom::kUnknown: break;
  }
  return "unknown";
}

std::string_view to_token(Confidence confidence) noexcept {
  switch (confidence) {
    case Confidence::kWeak: return "weak";
    case Confidence::kModerate: return "moderate";
    case Confidence::kStrong: return "strong";
    case Confidence::kProven: return "proven";
    case Confidence::kNone: break;
  }
  return "none";
}

}  // namespace connfate::witness
