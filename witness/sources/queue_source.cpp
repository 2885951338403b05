// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/queue_source.hpp"

#include <linux/gen_stats.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kAnswer = 32768;

/// Within TCA_STATS2 (gnet_stats_copy_queue(), net/core/gen_stats.c, 6.1).
int add_queue(const nlattr* attribute, void* drops) {
  if (mnl_attr_get_type(attribute) != TCA_STATS_QUEUE) return MNL_CB_OK;
  gnet_stats_queue queue{};
  if (mnl_attr_get_payload_len(attribute) < sizeof queue) return MNL_CB_OK;
  std::memcpy(&queue, mnl_attr_get_payload(attribute), sizeof queue);
  *static_cast<std::uint64_t*>(drops) += queue.drops;
  return MNL_CB_OK;
}

int add_qdisc(const nlattr* attribute, void* drops) {
  if (mnl_attr_get_type(attribute) != TCA_STATS2) return MNL_CB_OK;
  return mnl_attr_parse_nested(attribute, add_queue, drops);
}

}  // namespace

QueueSource::QueueSource() : socket_(open_netlink(NETLINK_ROUTE)), buffer_(kAnswer) {}

void QueueSource::ask() {
  std::array<std::byte, MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(tcmsg))> buffer{};
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = RTM_GETQDISC;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = ++sequence_;
  mnl_nlmsg_put_extra_header(header, sizeof(tcmsg));
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) {
    throw_errno("asking the kernel about the queues");
  }
}

/// The kernel has answered before sendto() returned: there is nothing to wait for.
bool QueueSource::read_answer(std::uint64_t& drops) {
  const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
  if (length < 0) throw_errno("reading the kernel's answer about the queues");
  int rest = static_cast<int>(length);
  const auto* header = reinterpret_cast<const nlmsghdr*>(buffer_.data());
  for (; is_whole(header, rest); header = mnl_nlmsg_next(header, &rest)) {
    if (header->nlmsg_seq != sequence_) continue;  // of a request that failed half-way
    if (header->nlmsg_type == NLMSG_ERROR || header->nlmsg_type == NLMSG_DONE) return false;
    if (header->nlmsg_type != RTM_NEWQDISC) continue;
    mnl_attr_parse(header, sizeof(tcmsg), add_qdisc, &drops);
  }
  return true;
}

std::uint64_t QueueSource::read_drops() {
  std::uint64_t drops = 0;
  ask();
  while (read_answer(drops)) {
  }
  return drops;
}

}  // namespace connfate::witness
