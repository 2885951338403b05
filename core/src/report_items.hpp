// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides kItems, the one table that ties each tag of the report's wire format to its member, and
// the conversions between a member and the number of an item. Used by report.cpp alone: encode and
// decode are both derived from the table, so that they cannot drift apart.
// Surprising: the tags are the format. None is ever reused with another meaning.

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "connfate/report.hpp"
#include "wire_numbers.hpp"

namespace connfate::wire {

inline constexpr std::size_t kNumberSize = 8;
inline constexpr std::size_t kLengthSize = 2;
inline constexpr std::uint8_t kFirstText = 0x80;
inline constexpr std::uint8_t kRuleTag = 0x87;
inline constexpr std::uint8_t kNextReport = 0x00;

// A value as the number of an item, and back. from_number() says whether it is one of T's.

/// Longer than any connection (2000 years), and short enough for the rules' arithmetic, whichever
/// bytes were sent to us.
inline constexpr std::chrono::microseconds kLongestTime{std::int64_t{1} << 56};

constexpr std::uint64_t to_number(Bytes value) noexcept {
  return value.value;
}
constexpr std::uint64_t to_number(Segments value) noexcept {
  return value.value;
}
template <typename Period>
constexpr std::uint64_t to_number(std::chrono::duration<std::int64_t, Period> value) noexcept {
  return static_cast<std::uint64_t>(value.count());
}
template <std::integral T>
constexpr std::uint64_t to_number(T value) noexcept {
  return static_cast<std::uint64_t>(value);
}
template <Numbered E>
constexpr std::uint64_t to_number(E value) noexcept {
  return number_of(value);
}
constexpr std::uint64_t to_number(TcpState value) noexcept {
  return static_cast<std::uint64_t>(value);
}

template <std::integral T>
bool from_number(std::uint64_t number, T& value) noexcept {
  value = static_cast<T>(number);
  return number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
}
/// A number that this version does not know is none of a wrong report, but of a later version.
template <Numbered E>
bool from_number(std::uint64_t number, E& value) noexcept {
  for (std::uint8_t i = 0; i < std::numeric_limits<std::uint8_t>::max(); ++i) {
    value = static_cast<E>(i);
    if (number_of(value) == number) return true;
  }
  value = kUnknownOf<E>;
  return true;
}
/// A number that the kernel gave: newer ones may have more states.
inline bool from_number(std::uint64_t number, TcpState& value) noexcept {
  value = static_cast<TcpState>(number);
  return number <= std::numeric_limits<std::uint8_t>::max();
}
/// The one int is an errno: never 0.
inline bool from_number(std::uint64_t number, int& value) noexcept {
  value = static_cast<int>(number);
  return number > 0 && number <= static_cast<std::uint64_t>(std::numeric_limits<int>::max());
}
inline bool from_number(std::uint64_t number, Bytes& value) noexcept {
  return from_number(number, value.value);
}
inline bool from_number(std::uint64_t number, Segments& value) noexcept {
  return from_number(number, value.value);
}
template <typename Period>
bool from_number(std::uint64_t number,
                 std::chrono::duration<std::int64_t, Period>& value) noexcept {
  using Duration = std::chrono::duration<std::int64_t, Period>;
  value = Duration(static_cast<std::int64_t>(number));
  return number <= to_number(std::chrono::duration_cast<Duration>(kLongestTime));
}
template <typename T>
bool from_number(std::uint64_t number, std::optional<T>& value) noexcept {
  return from_number(number, value.emplace());
}

// Where a member lives. Reading: nullptr when that part of the report is not known. Decoding: the
// first of its items makes the part.

template <typename T>
const T* part(const std::optional<T>& whole) noexcept {
  return whole ? &*whole : nullptr;
}
template <typename T>
T* part(std::optional<T>& whole) noexcept {
  return whole ? &*whole : &whole.emplace();
}

inline constexpr auto kReport = [](auto& r) noexcept { return &r; };
inline constexpr auto kLocal = [](auto& r) noexcept { return &r.flow.local; };
inline constexpr auto kRemote = [](auto& r) noexcept { return &r.flow.remote; };
inline constexpr auto kObserved = [](auto& r) noexcept { return &r.observation; };
inline constexpr auto kVerdict = [](auto& r) noexcept { return &r.observation.verdict; };
inline constexpr auto kEvidence = [](auto& r) noexcept { return &r.observation.evidence; };
inline constexpr auto kView = [](auto& r) noexcept { return &r.observation.evidence.view; };
inline constexpr auto kError = [](auto& r) noexcept { return part(r.observation.evidence.error); };
inline constexpr auto kSnapshot = [](auto& r) noexcept {
  return part(r.observation.evidence.snapshot);
};

template <typename Owner, typename Class, typename Member>
struct Item {
  static constexpr bool kIsNumber = !std::is_same_v<Member, std::string_view> &&
                                    !std::is_same_v<Member, decltype(Endpoint::address)>;

  static constexpr bool kIsEnumeration = Numbered<Member>;

  constexpr Item(int wire_tag, Owner part_of, Member Class::*of,
                 std::size_t longest = kReportWordSize) noexcept
      : tag(static_cast<std::uint8_t>(wire_tag)), owner(part_of), member(of), limit(longest) {}

  /// Without it the report, or the part of it that holds the member, is refused.
  constexpr Item required() const noexcept {
    Item copy = *this;
    copy.is_required = true;
    return copy;
  }
  /// Of an enumeration: holds what readers of the first version do not know, and only that.
  constexpr Item late() const noexcept {
    Item copy = *this;
    copy.is_late = true;
    return copy;
  }
  /// Room that it takes at most.
  constexpr std::size_t size() const noexcept {
    return 1 + (kIsNumber ? kNumberSize : kLengthSize + limit);
  }

  std::uint8_t tag;
  Owner owner;
  Member Class::*member;
  std::size_t limit;  ///< of a text
  bool is_required = false;
  bool is_late = false;
};

/// In the order of the datagram. The time is last: a datagram that was cut short has none.
inline constexpr std::tuple kItems{
    Item{0x01, kReport, &Report::status},
    Item{0x02, kReport, &Report::lost},
    Item{0x03, kLocal, &Endpoint::port}.required(),
    Item{0x04, kRemote, &Endpoint::port}.required(),
    Item{0x05, kReport, &Report::duration},
    Item{0x80, kLocal, &Endpoint::address, 16}.required(),
    Item{0x81, kRemote, &Endpoint::address, 16}.required(),
    Item{0x82, kReport, &Report::server},
    Item{0x83, kReport, &Report::method},
    Item{0x84, kReport, &Report::uri, kReportTextSize},
    Item{0x85, kReport, &Report::host, kReportTextSize},
    Item{0x86, kReport, &Report::request_id},
    Item{kRuleTag, kReport, &Report::rule},

    Item{0x10, kVerdict, &Verdict::fate}.required(),
    Item{0x11, kVerdict, &Verdict::by},
    Item{0x12, kVerdict, &Verdict::phase},
    Item{0x13, kVerdict, &Verdict::close},

    Item{0x14, kObserved, &Observation::written},
    Item{0x15, kObserved, &Observation::acked},
    Item{0x16, kObserved, &Observation::unacked},
    Item{0x17, kObserved, &Observation::notsent},
    Item{0x18, kObserved, &Observation::retrans},
    Item{0x19, kObserved, &Observation::rwnd_limited},
    Item{0x1a, kObserved, &Observation::sndbuf_limited},
    Item{0x1b, kObserved, &Observation::busy},
    Item{0x1c, kObserved, &Observation::cookie},
    Item{0x1d, kObserved, &Observation::ttl},

    Item{0x20, kEvidence, &Evidence::output_queue},
    Item{0x21, kEvidence, &Evidence::written_to},
    Item{0x22, kEvidence, &Evidence::start},
    Item{0x23, kEvidence, &Evidence::end},
    Item{0x24, kEvidence, &Evidence::busy},
    Item{0x25, kEvidence, &Evidence::rwnd_limited},
    Item{0x28, kEvidence, &Evidence::refused},
    Item{0x26, kError, &SocketError::code}.required(),
    Item{0x27, kError, &SocketError::operation}.required(),

    Item{0x30, kView, &ServerView::transport},
    Item{0x31, kView, &ServerView::ended},
    Item{0x32, kView, &ServerView::request_received},
    Item{0x33, kView, &ServerView::response_started},
    Item{0x34, kView, &ServerView::complete},
    Item{0x35, kView, &ServerView::request_timed_out},
    Item{0x36, kView, &ServerView::timed_out},
    Item{0x37, kView, &ServerView::peer_closed},
    Item{0x38, kView, &ServerView::fin_seen},
    Item{0x39, kView, &ServerView::write_shut_down},
    Item{0x3a, kView, &ServerView::tunnel},
    Item{0x3b, kView, &ServerView::shared_stream},
    Item{0x3c, kView, &ServerView::stream_reset},
    Item{0x3d, kView, &ServerView::end_limit},
    Item{0x3e, kView, &ServerView::bytes_taken},
    Item{0x68, kView, &ServerView::reset_here},
    Item{0x69, kView, &ServerView::goodbye_seen},
    Item{0x6a, kView, &ServerView::reset_code},
    Item{0x6b, kView, &ServerView::end_hidden},
    Item{0x6c, kView, &ServerView::since_read},
    Item{0x6d, kView, &ServerView::closed_here},

    Item{0x40, kSnapshot, &TcpSnapshot::state}.required(),
    Item{0x41, kSnapshot, &TcpSnapshot::retransmits},
    Item{0x42, kSnapshot, &TcpSnapshot::probes},
    Item{0x43, kSnapshot, &TcpSnapshot::backoff},
    Item{0x44, kSnapshot, &TcpSnapshot::rto},
    Item{0x45, kSnapshot, &TcpSnapshot::rtt},
    Item{0x46, kSnapshot, &TcpSnapshot::rttvar},
    Item{0x47, kSnapshot, &TcpSnapshot::unacked},
    Item{0x48, kSnapshot, &TcpSnapshot::total_retrans},
    Item{0x49, kSnapshot, &TcpSnapshot::cwnd},
    Item{0x4a, kSnapshot, &TcpSnapshot::snd_mss},
    Item{0x4b, kSnapshot, &TcpSnapshot::last_data_sent},
    Item{0x4c, kSnapshot, &TcpSnapshot::last_data_recv},
    Item{0x4d, kSnapshot, &TcpSnapshot::last_ack_recv},
    Item{0x4e, kSnapshot, &TcpSnapshot::bytes_acked},
    Item{0x4f, kSnapshot, &TcpSnapshot::bytes_received},
    Item{0x50, kSnapshot, &TcpSnapshot::segs_in},
    Item{0x51, kSnapshot, &TcpSnapshot::notsent},
    Item{0x52, kSnapshot, &TcpSnapshot::min_rtt},
    Item{0x53, kSnapshot, &TcpSnapshot::delivery_rate},
    Item{0x54, kSnapshot, &TcpSnapshot::busy_time},
    Item{0x55, kSnapshot, &TcpSnapshot::rwnd_limited},
    Item{0x56, kSnapshot, &TcpSnapshot::sndbuf_limited},
    Item{0x57, kSnapshot, &TcpSnapshot::bytes_sent},
    Item{0x58, kSnapshot, &TcpSnapshot::bytes_retrans},
    Item{0x59, kSnapshot, &TcpSnapshot::snd_wnd},
    Item{0x5a, kSnapshot, &TcpSnapshot::total_rto_time},

    Item{0x60, kVerdict, &Verdict::fate}.late(),
    Item{0x61, kVerdict, &Verdict::by}.late(),
    Item{0x62, kVerdict, &Verdict::phase}.late(),
    Item{0x63, kVerdict, &Verdict::close}.late(),
    Item{0x64, kView, &ServerView::transport}.late(),
    Item{0x65, kError, &SocketError::operation}.late(),

    Item{0x7f, kReport, &Report::logged_at_us}.required(),
};

}  // namespace connfate::wire
