// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Diagnosis: one line of `connfate doctor`, with the command that mends it. Made by the
// checks, printed by the command as text or JSON.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::cli {

enum class Level : std::uint8_t { kOk, kWarning, kProblem };

std::string_view to_token(Level level) noexcept;

struct Diagnosis {
  Level level = Level::kOk;
  std::string about;   ///< what was looked at: "kernel", "nginx module", ...
  std::string text;    ///< what was found
  std::string mend{};  ///< a command, or what to write where; empty where nothing is to be done
};

/// Ordered as they were made.
std::string to_text(std::span<const Diagnosis> diagnoses, std::size_t columns = 100);
std::string to_json(std::span<const Diagnosis> diagnoses);

/// For monitoring: 0 all is well, 1 warnings, 2 problems.
int exit_code_of(Level level) noexcept;

/// The worst of them.
Level worst_of(std::span<const Diagnosis> diagnoses) noexcept;

}  // namespace connfate::cli
