// SPDX-License-Identifier: Apache-2.0
// What passes by itself. A pause is part of a story (somebody thinks); whatever can be waited for
// is.
#include <array>
#include <chrono>
#include <thread>

#include "lab/player.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using Words = const StepWords&;

constexpr std::array kSteps{
    StepKind{"pause N ms", "Nothing happens for that long.",
             [](Player&, Words w) {
               std::this_thread::sleep_for(std::chrono::milliseconds(w.number("N")));
             }},
    StepKind{"wait for N log line", "Until the access log has as many about the connection.",
             [](Player& p, Words w) { p.wait_for_log_lines(w.number("N")); }},
    StepKind{"wait for N final line", "Until the witness has said as much about the connection.",
             [](Player& p, Words w) { p.wait_for_final_lines(w.number("N")); }},
    StepKind{"wait up to S s for N final line",
             "The same, longer than the minute that others wait.",
             [](Player& p, Words w) {
               p.wait_for_final_lines(w.number("N"), std::chrono::seconds(w.number("S")));
             }},
};

}  // namespace

std::span<const StepKind> time_steps() {
  return kSteps;
}

}  // namespace connfate::lab
