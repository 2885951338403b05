// SPDX-License-Identifier: Apache-2.0
#include "connfate/socket_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace connfate {
namespace {

struct ErrnoRow {
  int code;
  std::string_view symbol;
  ErrorKind kind;
};

constexpr ErrnoRow kErrnos[] = {
    {0, "-", ErrorKind::kNone},
    {-1, "-", ErrorKind::kNone},
    {100000, "-", ErrorKind::kNone},
    {EAGAIN, "EAGAIN", ErrorKind::kNone},
    {EINTR, "EINTR", ErrorKind::kNone},
    {EBADF, "EBADF", ErrorKind::kNone},
    {ENOTCONN, "ENOTCONN", ErrorKind::kNone},
    {ECONNRESET, "ECONNRESET", ErrorKind::kReset},
    {EPIPE, "EPIPE", ErrorKind::kPipe},
    {ETIMEDOUT, "ETIMEDOUT", ErrorKind::kTimeout},
    {EHOSTUNREACH, "EHOSTUNREACH", ErrorKind::kIcmp},
    {ENETUNREACH, "ENETUNREACH", ErrorKind::kIcmp},
    {ECONNREFUSED, "ECONNREFUSED", ErrorKind::kIcmp},
    {EACCES, "EACCES", ErrorKind::kIcmp},
    {EHOSTDOWN, "EHOSTDOWN", ErrorKind::kIcmp},
    {ENONET, "ENONET", ErrorKind::kIcmp},
    {ENOPROTOOPT, "ENOPROTOOPT", ErrorKind::kIcmp},
    {EPROTO, "EPROTO", ErrorKind::kIcmp},
    {ECONNABORTED, "ECONNABORTED", ErrorKind::kLocalKill},
};

TEST(SocketErrorTest, SymbolsAndKinds) {
  for (const ErrnoRow& row : kErrnos) {
    EXPECT_EQ(errno_symbol(row.code), row.symbol) << row.code;
    EXPECT_EQ(kind_of(row.code), row.kind) << row.symbol;
  }
}

TEST(SocketErrorTest, OperationTokens) {
  EXPECT_EQ(to_token(Operation::kRead), "read");
  EXPECT_EQ(to_token(Operation::kWrite), "write");
}

TEST(FirstErrorTest, KeepsTheFirstAndIgnoresTheRest) {
  FirstError error;
  EXPECT_FALSE(error.get());
  error.record(Operation::kRead, ECONNRESET);
  error.record(Operation::kWrite, EPIPE);
  ASSERT_TRUE(error.get());
  EXPECT_EQ(error.get()->code, ECONNRESET);
  EXPECT_EQ(error.get()->operation, Operation::kRead);
}

TEST(FirstErrorTest, ErrorsThatEndNothingAreNotTheFirst) {
  FirstError error;
  for (const int code : {0, EAGAIN, EINTR, EINVAL}) error.record(Operation::kRead, code);
  EXPECT_FALSE(error.get());
  error.record(Operation::kWrite, ETIMEDOUT);
  ASSERT_TRUE(error.get());
  EXPECT_EQ(error.get()->code, ETIMEDOUT);
  EXPECT_EQ(error.get()->operation, Operation::kWrite);
}

}  // namespace
}  // namespace connfate
