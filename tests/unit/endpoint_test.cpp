// SPDX-License-Identifier: Apache-2.0
#include "connfate/endpoint.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <unordered_set>
#include <vector>

namespace connfate {
namespace {

Endpoint endpoint(const char* text, std::uint16_t port = 0) {
  std::array<std::uint8_t, 16> bytes{};
  const bool ipv6 = std::string_view(text).find(':') != std::string_view::npos;
  EXPECT_EQ(::inet_pton(ipv6 ? AF_INET6 : AF_INET, text, bytes.data()), 1) << text;
  return Endpoint::from(std::span(bytes).first(ipv6 ? 16 : 4), port);
}

std::string text_of(const Endpoint& endpoint) {
  std::array<char, kAddressSize> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  write_address(endpoint, out);
  EXPECT_FALSE(out.overflowed());
  return std::string(out.view());
}

TEST(EndpointTest, IsWrittenAsUsual) {
  for (const char* text :
       {"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1",
        "2001:db8:0:1:1:1:1:1", "fe80::1:0:0:2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    EXPECT_EQ(text_of(endpoint(text)), text);
  }
}

TEST(EndpointTest, AnAddressOfADualStackListenerIsTheSame) {
  EXPECT_EQ(endpoint("::ffff:192.0.2.1", 80), endpoint("192.0.2.1", 80));
  EXPECT_EQ(text_of(endpoint("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_TRUE(endpoint("::ffff:192.0.2.1").is_ipv4());
  EXPECT_FALSE(endpoint("::1").is_ipv4());
  EXPECT_FALSE(endpoint("64:ff9b::192.0.2.1").is_ipv4());
}

TEST(EndpointTest, OtherLengthsGiveTheUnspecifiedAddress) {
  const std::array<std::uint8_t, 20> bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    if (size == 4 || size == 16) continue;
    EXPECT_EQ(Endpoint::from(std::span(bytes).first(size), 7), endpoint("::", 7)) << size;
  }
}

TEST(EndpointTest, AddressAndPortBothTellThemApart) {
  EXPECT_NE(endpoint("192.0.2.1", 80), endpoint("192.0.2.1", 81));
  EXPECT_NE(endpoint("192.0.2.1", 80), endpoint("192.0.2.2", 80));
  EXPECT_LT(endpoint("192.0.2.1", 81), endpoint("192.0.2.2", 80));
}

TEST(FlowTest, HashesDiffer) {
  std::unordered_set<std::size_t> hashes;
  const std::hash<Flow> hash;
  const Endpoint local = endpoint("192.0.2.1", 443);
  for (std::uint16_t port = 1; port <= 1000; ++port) {
    hashes.insert(hash({local, endpoint("198.51.100.7", port)}));
    hashes.insert(hash({endpoint("198.51.100.7", port), local}));  // and the other direction
  }
  EXPECT_EQ(hashes.size(), 2000U);
  EXPECT_EQ(hash({local, local}), hash({local, local}));
}

TEST(EndpointTest, ANetworkIsTheClientsWithoutItsOwnPart) {
  const auto network = [](const Endpoint& client) {
    std::array<char, kNetworkSize> buffer;
    CharWriter out(buffer.data(), buffer.size());
    write_network(client, out);
    EXPECT_FALSE(out.overflowed());
    return std::string(out.view());
  };
  EXPECT_EQ(network(Endpoint::from(std::array<std::uint8_t, 4>{203, 0, 113, 7}, 1)),
            "203.0.113.0/24");
  EXPECT_EQ(network(Endpoint::from(std::array<std::uint8_t, 16>{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2,
                                                                0, 0, 0, 0, 0, 0, 0, 3},
                                   1)),
            "2001:db8:1::/48");
  std::array<std::uint8_t, 16> widest;
  widest.fill(0xff);
  EXPECT_EQ(network(Endpoint::from(widest, 1)), "ffff:ffff:ffff::/48");
}

TEST(EndpointTest, ASocketsAddressIsTakenInEitherFamily) {
  sockaddr_storage storage{};
  auto& ipv4 = reinterpret_cast<sockaddr_in&>(storage);
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(8080);
  ASSERT_EQ(::inet_pton(AF_INET, "192.0.2.1", &ipv4.sin_addr), 1);
  const auto& address = reinterpret_cast<const sockaddr&>(storage);
  EXPECT_EQ(Endpoint::from(address),
            Endpoint::from(std::array<std::uint8_t, 4>{192, 0, 2, 1}, 8080));

  storage = {};
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(storage);
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(443);
  ASSERT_EQ(::inet_pton(AF_INET6, "::ffff:192.0.2.1", &ipv6.sin6_addr), 1);
  EXPECT_EQ(Endpoint::from(address),
            Endpoint::from(std::array<std::uint8_t, 4>{192, 0, 2, 1}, 443));

  storage = {};
  storage.ss_family = AF_UNIX;
  EXPECT_EQ(Endpoint::from(address), Endpoint{});
}

}  // namespace
}  // namespace connfate
