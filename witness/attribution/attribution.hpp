// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Attribution: who ended a connection as far as the packets tell, how sure that is, and
// the statements it rests on. Made by rst_origin.hpp and silence.hpp, printed in the final line.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::witness {

/// Who sent the RST that ended the connection.
enum class RstFrom : std::uint8_t { kClient, kPath, kSelf, kUnknown };

/// How sure an attribution is. No number: nobody has a calibrated one.
enum class Confidence : std::uint8_t {
  kNone,
  kWeak,
  kModerate,
  kStrong,  ///< two families of evidence, one of them of state or time
  kProven,  ///< facts of this host only
};

std::string_view to_token(RstFrom from) noexcept;
std::string_view to_token(Confidence confidence) noexcept;

struct Attribution {
  std::optional<RstFrom> rst_from{};  ///< nullopt: no RST ended it
  Confidence confidence = Confidence::kNone;
  bool path_proven_alive = false;         ///< the client was alive while it acknowledged nothing
  bool waited_in_vain = false;            ///< it left after a wait; whose fault that was, unknown
  bool refused_on_path = false;           ///< a device that is neither end refused the data (D6)
  bool client_went_on = false;            ///< its connection outlived the RST, whoever sent that
  std::vector<std::string> evidence{};    ///< statements with their figures, strongest first
  std::vector<std::string_view> rules{};  ///< ids of the rules behind them
};

}  // namespace connfate::witness
