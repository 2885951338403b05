// SPDX-License-Identifier: Apache-2.0
#include "witness/web/access.hpp"

#include <gtest/gtest.h>

namespace connfate::witness {
namespace {

Access on_loopback() {
  Access access;
  access.hosts = {"status.example.org"};
  return access;
}

Access with_token() {
  Access access = on_loopback();
  access.needs_token = true;
  access.token = "0123456789abcdef";
  return access;
}

Admittance of_host(std::string_view host) {
  return on_loopback().of({.method = "GET", .host = host, .authorization = {}});
}

TEST(AccessTest, AnAddressALoopbackNameAndAnAllowedNameAreGood) {
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:9753", "[::1]", "[::1]:9753", "192.0.2.7:80", "localhost",
        "LOCALHOST:1234", "status.example.org", "Status.Example.ORG:443"}) {
    EXPECT_EQ(of_host(host), Admittance::kGranted) << host;
  }
}

/// A browser that was led here by a name of somebody else's says that name.
TEST(AccessTest, AnyOtherHostIsMisdirected) {
  for (const char* host :
       {"", "evil.example", "evil.example:9753", "localhost.evil.example", "127.0.0.1.evil.example",
        "status.example.org.evil.example", "[::1", "::1", "127.0.0.1:port", "127.0.0.1:99999999",
        "[evil.example]:80", "localhost:", "user@localhost"}) {
    EXPECT_EQ(of_host(host), Admittance::kMisdirected) << host;
  }
}

TEST(AccessTest, OnlyGet) {
  for (const char* method : {"POST", "HEAD", "DELETE", "get", ""}) {
    EXPECT_EQ(on_loopback().of({.method = method, .host = "localhost", .authorization = {}}),
              Admittance::kMethodNotAllowed)
        << method;
  }
}

TEST(AccessTest, TheTokenMustBeWhole) {
  const auto with = [](std::string_view authorization) {
    return with_token().of({.method = "GET", .host = "localhost", .authorization = authorization});
  };
  EXPECT_EQ(with("Bearer 0123456789abcdef"), Admittance::kGranted);
  EXPECT_EQ(with("bearer 0123456789abcdef"), Admittance::kGranted);  // RFC 9110, 11.1
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0",
        "Bearer 0123456789abcdeF", "Basic 0123456789abcdef", "0123456789abcdef"}) {
    EXPECT_EQ(with(wrong), Admittance::kUnauthorized) << wrong;
  }
}

TEST(AccessTest, AnEmptyTokenAdmitsNobody) {
  Access access = with_token();
  access.token.clear();
  EXPECT_EQ(access.of({.method = "GET", .host = "localhost", .authorization = "Bearer "}),
            Admittance::kUnauthorized);
}

}  // namespace
}  // namespace connfate::witness
