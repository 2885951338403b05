// SPDX-License-Identifier: Apache-2.0
#include "cli/live/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace connfate::cli {
namespace {

constexpr const char* kHideCursor = "\x1b[?25l";
constexpr const char* kShowCursor = "\x1b[?25h";
constexpr const char* kHome = "\x1b[H";
constexpr const char* kClearLine = "\x1b[K\n";
constexpr const char* kClearBelow = "\x1b[J";

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&signals, number);
  return signals;
}

std::size_t terminal_rows() {
  constexpr std::size_t kUsual = 24;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return known ? size.ws_row : kUsual;
}

void put(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  (void)std::fflush(stdout);
}

void draw(const std::string& page) {
  std::string out = kHome;
  for (const char c : page) {
    if (c == '\n') {
      out += kClearLine;
    } else {
      out += c;
    }
  }
  put(out + kClearBelow);
}

}  // namespace

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

Screen::Screen() {
  const sigset_t signals = watched_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  signals_ = ::signalfd(-1, &signals, SFD_CLOEXEC);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  put(kHideCursor);
}

Screen::~Screen() {
  put(kShowCursor);
  ::close(signals_);
  const sigset_t signals = watched_signals();
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

bool Screen::waits(std::chrono::milliseconds interval) const {
  pollfd waiting{signals_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(interval.count())) <= 0) return true;
  signalfd_siginfo signal{};
  const ssize_t length = ::read(signals_, &signal, sizeof signal);
  return length == static_cast<ssize_t>(sizeof signal) && signal.ssi_signo == SIGWINCH;
}

void Screen::run(std::chrono::milliseconds interval,
                 const std::function<std::string(std::size_t)>& page) {
  do {
    draw(page(terminal_rows()));
  } while (waits(interval));
}

}  // namespace connfate::cli
