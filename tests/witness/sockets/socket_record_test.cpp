// SPDX-License-Identifier: Apache-2.0
#include "witness/sockets/socket_record.hpp"

#include <gtest/gtest.h>

#include "unit/tcp_info_answer.hpp"
#include "witness/diag_message.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::TcpInfoAnswer;
using fixture::DiagMessage;
namespace tcpi = connfate::fixture::tcpi;

constexpr std::uint8_t kIpv4 = 2;
constexpr std::uint8_t kIpv6 = 10;
constexpr std::uint16_t kInfo = 2;
constexpr std::uint16_t kProtocol = 10;
constexpr std::array<std::uint8_t, 4> kServer{198, 51, 100, 1};
constexpr std::array<std::uint8_t, 4> kClient{192, 0, 2, 7};
constexpr std::array<std::uint8_t, 16> kServer6{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
                                                0,    0, 0,   0,    0, 0, 0, 1};

DiagMessage message() {
  return DiagMessage(kIpv4).local(kServer, 443).remote(kClient, 40000).cookie(0x1122334455667788);
}

TEST(SocketRecordTest, SaysWhichSocketItWas) {
  const auto record = decode_inet_diag(message().bytes());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->cookie, 0x1122334455667788U);
  EXPECT_EQ(record->flow.local, Endpoint::from(kServer, 443));
  EXPECT_EQ(record->flow.remote, Endpoint::from(kClient, 40000));
  EXPECT_FALSE(record->is_wiped());
}

TEST(SocketRecordTest, SaysWhatWasLeftInItsQueues) {
  const auto record = decode_inet_diag(message().queues(4907, 68033).bytes());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->unread, Bytes{4907});
  EXPECT_EQ(record->unacked, Bytes{68033});
}

TEST(SocketRecordTest, HasTheSnapshotWhenTheKernelSendsOne) {
  TcpInfoAnswer info;
  info.set(TcpState::kClose).set(tcpi::kBytesAcked, 1001);
  const auto record = decode_inet_diag(message().attribute(kInfo, info.bytes()).bytes());
  ASSERT_TRUE(record && record->snapshot);
  EXPECT_EQ(record->snapshot->bytes_acked, Bytes{1001});
  EXPECT_FALSE(decode_inet_diag(message().bytes())->snapshot);
}

TEST(SocketRecordTest, FindsTheSnapshotBehindOtherAttributes) {
  const std::array odd{std::byte{1}, std::byte{2}, std::byte{3}};
  const std::array tcp{std::byte{6}};
  auto bytes = message().attribute(99, odd).attribute(kProtocol, tcp);
  EXPECT_TRUE(decode_inet_diag(bytes.attribute(kInfo, TcpInfoAnswer().bytes()).bytes())->snapshot);
}

TEST(SocketRecordTest, ReadsBothAddressFamilies) {
  const auto ipv6 = DiagMessage(kIpv6).local(kServer6, 80).remote(kServer6, 81);
  const auto record = decode_inet_diag(ipv6.bytes());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flow.local, Endpoint::from(kServer6, 80));
  EXPECT_FALSE(record->flow.local.is_ipv4());
}

TEST(SocketRecordTest, AMappedAddressIsTheIpv4Address) {
  std::array<std::uint8_t, 16> mapped{};
  mapped[10] = mapped[11] = 0xff;
  std::ranges::copy(kClient, mapped.begin() + 12);
  const auto record = decode_inet_diag(DiagMessage(kIpv6).remote(mapped, 40000).bytes());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flow.remote, Endpoint::from(kClient, 40000));
}

TEST(SocketRecordTest, IsWipedAfterAnAbortWithoutLinger) {
  const auto record = decode_inet_diag(DiagMessage(kIpv4).local(kServer, 443).cookie(7).bytes());
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->is_wiped());
  EXPECT_EQ(record->cookie, 7U);
}

TEST(SocketRecordTest, KeepsTheStateOfALookUp) {
  EXPECT_EQ(decode_inet_diag(message().state(8).bytes())->state, TcpState::kCloseWait);
}

TEST(SocketRecordTest, RefusesWhatIsNoTcpSocket) {
  const std::array udp{std::byte{17}};
  EXPECT_FALSE(decode_inet_diag(message().attribute(kProtocol, udp).bytes()));
  EXPECT_FALSE(decode_inet_diag(DiagMessage(1).bytes()));  // AF_UNIX
}

TEST(SocketRecordTest, RefusesACutHeader) {
  const auto whole = message();
  for (std::size_t size = 0; size < whole.bytes().size(); ++size) {
    EXPECT_FALSE(decode_inet_diag(whole.bytes().first(size))) << size;
  }
}

TEST(SocketRecordTest, ACutAttributeIsNoAttribute) {
  auto whole = message().attribute(kInfo, TcpInfoAnswer().bytes());
  const auto record = decode_inet_diag(whole.bytes().first(whole.bytes().size() - 1));
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->snapshot);
}

}  // namespace
}  // namespace connfate::witness
