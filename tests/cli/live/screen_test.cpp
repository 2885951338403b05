// SPDX-License-Identifier: Apache-2.0
// On a real pseudo-terminal: the child draws, the test types Ctrl-C.
#include "cli/live/screen.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "cli/terminal.hpp"

namespace connfate::cli {
namespace {

/// What the terminal shows until `part` has come, or for five seconds at most.
std::string read_until(int terminal, std::string_view part) {
  std::string shown;
  std::array<char, 4096> buffer;
  constexpr int kLimitMs = 5000;
  pollfd waiting{terminal, POLLIN, 0};
  while (shown.find(part) == shown.npos && ::poll(&waiting, 1, kLimitMs) > 0) {
    const ssize_t length = ::read(terminal, buffer.data(), buffer.size());
    if (length <= 0) break;  // EIO: the child has closed
    shown.append(buffer.data(), static_cast<std::size_t>(length));
  }
  return shown;
}

class ScreenTest : public testing::Test {
 protected:
  void SetUp() override {
    winsize size{10, 80, 0, 0};
    child_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    ASSERT_GE(child_, 0);
    if (child_ != 0) return;
    {
      int times = 0;
      Screen().run(std::chrono::milliseconds(20), [&times](const Screen::Room& room) {
        return "look " + std::to_string(++times) + " of " + std::to_string(room.rows) +
               " rows from " + std::to_string(room.first) + "\n";
      });
    }
    termios modes{};
    const bool echoes = ::tcgetattr(STDIN_FILENO, &modes) == 0 && (modes.c_lflag & ECHO) != 0;
    ::_exit(terminal::is_one() && echoes ? 0 : 1);
  }
  void TearDown() override { ::close(terminal_); }

  /// The exit code.
  int wait_for_end() const {
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  int terminal_ = -1;
  pid_t child_ = -1;
};

TEST_F(ScreenTest, DrawsAgainAndEndsCleanlyWithCtrlC) {
  EXPECT_NE(read_until(terminal_, "look 3 of 9 rows").find("look 3 of 9 rows"), std::string::npos);
  ASSERT_EQ(::write(terminal_, "\x03", 1), 1);
  const std::string rest = read_until(terminal_, "\x1b[?25h");
  EXPECT_NE(rest.find("\x1b[?25h"), std::string::npos) << "the cursor is shown again";
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(ScreenTest, ScrollsWithTheArrowKeysAndEndsWithQ) {
  EXPECT_NE(read_until(terminal_, "q ends").find("q ends"), std::string::npos) << "it says so";
  ASSERT_EQ(::write(terminal_, "\x1b[B\x1b[B", 6), 6);
  EXPECT_NE(read_until(terminal_, "from 2").find("from 2"), std::string::npos);
  ASSERT_EQ(::write(terminal_, "\x1b[A", 3), 3);
  EXPECT_NE(read_until(terminal_, "from 1").find("from 1"), std::string::npos);
  ASSERT_EQ(::write(terminal_, "q", 1), 1);
  (void)read_until(terminal_, "\x1b[?25h");
  EXPECT_EQ(wait_for_end(), 0) << "with the terminal's modes as they were";
}

TEST_F(ScreenTest, DrawsAtOnceWhenTheWindowChanges) {
  (void)read_until(terminal_, "look 1");
  winsize size{30, 80, 0, 0};
  ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
  EXPECT_NE(read_until(terminal_, "of 29 rows").find("of 29 rows"), std::string::npos);
  ASSERT_EQ(::kill(child_, SIGTERM), 0);
  (void)read_until(terminal_, "\x1b[?25h");
  EXPECT_EQ(wait_for_end(), 0);
}

}  // namespace
}  // namespace connfate::cli
