// SPDX-License-Identifier: Apache-2.0
// A PROXY header is counted whole, however it is cut into pieces, and nothing else is one.
#include "connfate/proxy_header.hpp"

#include <gtest/gtest.h>

#include <string>

namespace connfate {
namespace {

using namespace std::string_literals;

const std::string kText = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n";
const std::string kBinary = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\7\xc0\0\2\1\xdc\x04\1\xbb"s;

Bytes size_in_pieces(const std::string& bytes, std::size_t piece) {
  ProxyHeader header;
  for (std::size_t at = 0; at < bytes.size(); at += piece) header.take(bytes.substr(at, piece));
  return header.size();
}

TEST(ProxyHeaderTest, IsCountedWholeInAnyPieces) {
  for (const std::string& header : {kText, kBinary}) {
    for (std::size_t piece = 1; piece <= header.size() + 4; ++piece) {
      EXPECT_EQ(size_in_pieces(header + "GET / HTTP/1.1\r\n\r\n", piece), Bytes{header.size()});
      EXPECT_EQ(size_in_pieces(header, piece), Bytes{header.size()});
    }
  }
}

TEST(ProxyHeaderTest, IsOverWhereTheRequestBegins) {
  for (const std::string& bytes : {kText, kBinary}) {
    ProxyHeader header;
    header.take(bytes.substr(0, bytes.size() - 1));
    EXPECT_FALSE(header.is_over());
    header.take(bytes.substr(bytes.size() - 1));
    EXPECT_TRUE(header.is_over());
  }
}

TEST(ProxyHeaderTest, ABinaryOneWithoutAddressesIsSixteenBytes) {
  EXPECT_EQ(size_in_pieces("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0GET /"s, 7), Bytes{16});
}

TEST(ProxyHeaderTest, ARequestIsNone) {
  for (const std::string& request :
       {"GET / HTTP/1.1\r\n"s, "POST /a HTTP/1.1\r\n"s, "PROXYING / HTTP/1.1\r\n"s,
        "\r\n\r\nGET /"s, "\x16\x03\x01\x02\x00\x01"s, "PROXY "s + std::string(200, 'x')}) {
    EXPECT_EQ(size_in_pieces(request, 5), Bytes{0}) << request;
  }
  EXPECT_EQ(ProxyHeader().size(), Bytes{0});
}

}  // namespace
}  // namespace connfate
