// SPDX-License-Identifier: Apache-2.0
// What the server does, and the backend behind it.
#include <array>
#include <csignal>

#include "lab/player.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using Words = const StepWords&;

constexpr std::array kSteps{
    StepKind{"wait until the backend holds the request", "Of a GET to /backend/hold.",
             [](Player& p, Words) { p.wait_until_backend_holds(); }},
    StepKind{"backend answers", "Every request it holds.",
             [](Player& p, Words) { p.backend().release(); }},
    StepKind{"the worker of the connection is killed",
             "SIGKILL to the server's process that holds the client's socket.",
             [](Player& p, Words) { p.kill_worker(); }},
    StepKind{"server reloads", "As on SIGHUP or graceful: old workers finish what they do.",
             [](Player& p, Words) { p.server().reload(); }},
    StepKind{"server freezes", "SIGSTOP to all its processes: nobody accepts connections.",
             [](Player& p, Words) { p.signal_server(SIGSTOP); }},
    StepKind{"server goes on", "SIGCONT.", [](Player& p, Words) { p.signal_server(SIGCONT); }},
    StepKind{"sysctl KEY of the server is VALUE", "Until the story is over.",
             [](Player& p, Words w) { p.set_sysctl(w.text("KEY"), w.text("VALUE")); }},
};

}  // namespace

std::span<const StepKind> server_steps() {
  return kSteps;
}

}  // namespace connfate::lab
