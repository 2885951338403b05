// SPDX-License-Identifier: Apache-2.0
// What the client does. Over HTTP/2 a response is a stream, and the end is that of the connection.
#include <array>
#include <chrono>
#include <stdexcept>

#include "lab/client_role.hpp"
#include "lab/player.hpp"
#include "lab/steps.hpp"

namespace connfate::lab {
namespace {

using Words = const StepWords&;

/// What lies unread has arrived when the receive queue did not grow for that long.
constexpr std::chrono::milliseconds kQuiet{300};

std::string unescaped(std::string text) {
  for (const auto& [from, to] : {std::pair{"\\r", "\r"}, {"\\n", "\n"}, {"_", " "}}) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + 1)) {
      text.replace(at, std::string_view(from).size(), to);
    }
  }
  return text;
}

void expect_reset(Player& player, bool wanted) {
  if (player.client().read_to_the_end() == wanted) return;
  throw std::runtime_error(wanted ? "the client saw no reset" : "the client saw a reset");
}

constexpr std::array kSteps{
    StepKind{"client connects", "Opens the connection, with TLS when the story is played so.",
             [](Player& p, Words) { p.connect({}); }},
    StepKind{
        "client connects with a receive buffer of N bytes",
        "The same, and its window is small from the start.",
        [](Player& p, Words w) { p.connect({.receive_buffer = static_cast<int>(w.number("N"))}); }},
    StepKind{"client gets PATH", "Sends a GET request.",
             [](Player& p, Words w) { p.client().get(w.text("PATH"), true); }},
    StepKind{"client gets PATH and no more", "The same with Connection: close.",
             [](Player& p, Words w) { p.client().get(w.text("PATH"), false); }},
    StepKind{
        "client posts N bytes of M to PATH",
        "Announces a body of M bytes, and sends N of them. HTTP/1 only.",
        [](Player& p, Words w) { p.client().post(w.text("PATH"), w.number("M"), w.number("N")); }},
    StepKind{"client sends TEXT", "Sends it as it is; \\r, \\n, and _ for a space.",
             [](Player& p, Words w) { p.client().connection().send(unescaped(w.text("TEXT"))); }},
    StepKind{"client reads N bytes", "Of the response, head included, and none behind them.",
             [](Player& p, Words w) { p.client().read(w.number("N")); }},
    StepKind{"client reads what there is", "Until nothing more comes for 200 ms. HTTP/1 only.",
             [](Player& p, Words) { p.client().read_what_there_is(); }},
    StepKind{"client reads the response", "To its end; the story fails when it is not complete.",
             [](Player& p, Words) { p.client().read_response(); }},
    StepKind{"client reads to the end", "Of the connection, however that ends.",
             [](Player& p, Words) { p.client().read_to_the_end(); }},
    StepKind{"client sees a reset", "Reads to the end; the story fails when it is not a RST.",
             [](Player& p, Words) { expect_reset(p, true); }},
    StepKind{"client sees an orderly end", "Reads to the end; the story fails when it is a RST.",
             [](Player& p, Words) { expect_reset(p, false); }},
    StepKind{"client waits until it is quiet", "Until its kernel holds all that is under way.",
             [](Player& p, Words) { p.client().connection().wait_until_acked_idle(kQuiet); }},
    StepKind{"client cancels", "HTTP/2: resets the stream of its last request.",
             [](Player& p, Words) { p.client().cancel(); }},
    StepKind{"client says goodbye", "TLS: close_notify, and nothing of TCP.",
             [](Player& p, Words) { p.client().connection().close_notify(); }},
    StepKind{"client half-closes", "Its FIN; it goes on reading.",
             [](Player& p, Words) { p.client().connection().half_close(); }},
    StepKind{"client closes", "FIN, or RST when bytes lie unread.",
             [](Player& p, Words) { p.client().connection().close(); }},
    StepKind{"client resets", "SO_LINGER 0 and close: RST.",
             [](Player& p, Words) { p.client().connection().reset(); }},
    StepKind{"N clients knock", "As many TCP connections from other ports, which say nothing.",
             [](Player& p, Words w) { p.knock(static_cast<int>(w.number("N"))); }},
    StepKind{"client knocks on a closed port", "The story fails when it is not refused.",
             [](Player& p, Words) { p.knock_on_closed_port(); }},
    StepKind{"a client knocks in vain",
             "Another TCP connection; the story fails when anybody answers it within 1.5 s.",
             [](Player& p, Words) { p.knock_in_vain(); }},
    StepKind{"a process gets PATH and reads N bytes",
             "The client is a process of its own, with the rest unread. Cleartext only.",
             [](Player& p, Words w) { p.start_process(w.text("PATH"), w.number("N")); }},
    StepKind{"the process is killed", "SIGKILL; its kernel closes the socket.",
             [](Player& p, Words) { p.kill_process(); }},
};

}  // namespace

std::span<const StepKind> client_steps() {
  return kSteps;
}

}  // namespace connfate::lab
