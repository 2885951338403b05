// SPDX-License-Identifier: Apache-2.0
#include "cli/live/screen.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <system_error>

#include "cli/terminal.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kHideCursor = "\x1b[?25l";
constexpr const char* kShowCursor = "\x1b[?25h";
constexpr std::string_view kKeys = "q ends, up and down scroll";
constexpr const char* kHome = "\x1b[H";
constexpr const char* kClearLine = "\x1b[K\n";
constexpr const char* kClearBelow = "\x1b[J";

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&signals, number);
  return signals;
}

/// No echo, and each key at once; signals stay as they are. nullopt: there is no keyboard.
std::optional<termios> set_key_modes() {
  termios modes{};
  if (::isatty(STDIN_FILENO) != 1 || ::tcgetattr(STDIN_FILENO, &modes) != 0) return std::nullopt;
  const termios before = modes;
  modes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  modes.c_cc[VMIN] = 0;
  modes.c_cc[VTIME] = 0;
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &modes) != 0) return std::nullopt;
  return before;
}

void put(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  (void)std::fflush(stdout);
}

void draw(const std::string& page, std::string_view last_line) {
  std::string out = kHome;
  for (const char c : page) {
    if (c == '\n') {
      out += kClearLine;
    } else {
      out += c;
    }
  }
  put(out.append(last_line) + kClearBelow);
}

}  // namespace

Screen::Screen() {
  const sigset_t signals = watched_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  signals_ = ::signalfd(-1, &signals, SFD_CLOEXEC);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  modes_ = set_key_modes();
  put(kHideCursor);
}

Screen::~Screen() {
  put(kShowCursor);
  if (modes_) ::tcsetattr(STDIN_FILENO, TCSANOW, &*modes_);
  ::close(signals_);
  const sigset_t signals = watched_signals();
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

bool Screen::waits(std::chrono::milliseconds interval) {
  std::array<pollfd, 2> waiting{{{signals_, POLLIN, 0}, {modes_ ? STDIN_FILENO : -1, POLLIN, 0}}};
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(interval.count())) <= 0) return true;
  if (waiting[0].revents != 0) return takes_signal();
  return takes_keys();
}

bool Screen::takes_signal() const {
  signalfd_siginfo signal{};
  const ssize_t length = ::read(signals_, &signal, sizeof signal);
  return length == static_cast<ssize_t>(sizeof signal) && signal.ssi_signo == SIGWINCH;
}

/// Cursor keys are ESC [ A and ESC [ B, or ESC O A and ESC O B (xterm, console_codes(4)).
bool Screen::takes_keys() {
  std::array<char, 64> buffer;
  const ssize_t length = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (length <= 0) {  // the terminal is gone
    modes_.reset();
    return length == 0;
  }
  std::string_view keys(buffer.data(), static_cast<std::size_t>(length));
  while (!keys.empty()) {
    if (keys.starts_with('q')) return false;
    if (keys.starts_with("\x1b[A") || keys.starts_with("\x1bOA") || keys.starts_with('k')) {
      first_ -= std::min<std::size_t>(first_, 1);
    } else if (keys.starts_with("\x1b[B") || keys.starts_with("\x1bOB") || keys.starts_with('j')) {
      ++first_;
    }
    constexpr std::size_t kSequence = 3;
    keys.remove_prefix(std::min(keys.size(), keys.starts_with('\x1b') ? kSequence : 1));
  }
  return true;
}

void Screen::run(std::chrono::milliseconds interval,
                 const std::function<std::string(const Room&)>& page) {
  do {
    const std::size_t rows = std::max<std::size_t>(terminal::rows(), 3);
    std::string text = page({rows - 1, terminal::columns(), first_});
    const auto used = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    if (used < rows - 1) text.append(rows - 1 - used, '\n');
    draw(text, modes_ ? kKeys : "^C ends");
  } while (waits(interval));
}

}  // namespace connfate::cli
