// SPDX-License-Identifier: Apache-2.0
// What the header of the RST looks like, next to the other packets of the connection.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "witness/origin/origin_looks.hpp"
#include "witness/wire/header_continuity.hpp"

namespace connfate::witness {
namespace {

bool is_syn_in(const Packet& p) noexcept {
  return p.syn && p.direction == Direction::kIn;
}

/// One field that equals another packet's. `firm`: an ordinary client would not do that; with a
/// single packet of the client to compare with, it may be what the client always sends.
struct Copy {
  std::string statement;
  bool firm = true;
};

std::size_t packets_of_client(const OriginScene& scene) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(scene.before(), is_of_client));
}

std::optional<Copy> copied_id(const OriginScene& scene) {
  const Packet& rst = scene.rst();
  if (rst.ip_id.value_or(0) == 0) return std::nullopt;
  const Packet* found = nullptr;
  std::size_t same_of_client = 0;
  for (const Packet& p : scene.before()) {
    if (p.rst || p.ip_id != rst.ip_id) continue;
    found = &p;
    same_of_client += is_of_client(p) ? 1 : 0;
  }
  const std::size_t of_client = packets_of_client(scene);
  if (found == nullptr || (of_client > 1 && same_of_client == of_client)) return std::nullopt;
  return Copy{fmt::format("IP id {} as {}", *rst.ip_id,
                          found->syn ? "the SYN" : "an earlier packet of the connection"),
              of_client > 1 || same_of_client == 0};
}

/// The window of a SYN is not scaled, that of a later packet usually is. Equal to the SYN's it
/// tells only if no later packet of the client has it as well.
std::optional<Copy> copied_window_of_syn(const OriginScene& scene) {
  const Packet& rst = scene.rst();
  const Packet* syn = nullptr;
  for (const Packet& p : scene.before()) {
    if (p.rst || p.window != rst.window || rst.window == 0) continue;
    if (!p.syn) return std::nullopt;
    syn = &p;
  }
  if (syn == nullptr) return std::nullopt;
  return Copy{fmt::format("window {} as the SYN", rst.window),
              !is_of_client(*syn) || packets_of_client(scene) > 1};
}

/// A TCP that resets one of its own connections sends its timestamps along. The window of the last
/// packet without them is that packet's header written anew.
bool has_window_of_last_without_its_options(const OriginScene& scene) noexcept {
  const Packet& rst = scene.rst();
  const Packet* last = scene.last_of_client();
  return last != nullptr && !last->syn && last->timestamps && rst.ack && !rst.timestamps &&
         rst.window != 0 && rst.window == last->window;
}

bool acknowledges_isn_only(const OriginScene& scene) noexcept {
  return scene.rst().ack && std::ranges::any_of(scene.before(), [&scene](const Packet& p) {
           return p.syn && p.direction == Direction::kOut && p.seq == scene.rst().ack_number;
         });
}

bool has_seq_of_syn(const OriginScene& scene) noexcept {
  return std::ranges::any_of(scene.before(), [&scene](const Packet& p) {
    return is_syn_in(p) && p.seq == scene.rst().seq;
  });
}

template <typename Container>
std::string join(const Container& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::optional<Observed> look_copied_fields(const OriginScene& scene) {
  std::vector<std::string> copied;
  bool firm = false;
  const auto note = [&](std::optional<Copy> copy) {
    if (!copy) return;
    copied.push_back(std::move(copy->statement));
    firm = firm || copy->firm;
  };
  note(copied_id(scene));
  note(copied_window_of_syn(scene));
  if (has_window_of_last_without_its_options(scene)) {
    note(Copy{fmt::format("window {} as the client's last packet, without its timestamps",
                          scene.rst().window)});
  }
  if (acknowledges_isn_only(scene)) note(Copy{"acknowledges the SYN's own number"});
  if (has_seq_of_syn(scene)) note(Copy{"sequence number of the SYN"});
  if (copied.empty()) return std::nullopt;
  return Observed{firm ? Confidence::kModerate : Confidence::kWeak,
                  "header fields copied: " + join(copied), firm};
}

std::optional<Observed> look_text(const OriginScene& scene) {
  if (scene.rst().rst_text.empty()) return std::nullopt;
  return Observed{
      Confidence::kWeak,
      fmt::format("carries the text \"{}\", which nothing vouches for", scene.rst().rst_text)};
}

std::optional<Observed> look_common_traits(const OriginScene& scene) {
  const Packet& rst = scene.rst();
  const Packet* last = scene.last_of_client();
  std::vector<std::string> traits;
  if (scene.resets.size() > 1) traits.push_back(fmt::format("{} resets", scene.resets.size()));
  if (last != nullptr && last->timestamps && !rst.timestamps) traits.emplace_back("no timestamps");
  if (last != nullptr && last->dont_fragment != rst.dont_fragment) {
    traits.emplace_back("another DF bit");
  }
  if (last != nullptr && last->ip_id.value_or(0) != 0 && rst.ip_id == 0) {
    traits.emplace_back("IP id 0");
  }
  if (traits.empty()) return std::nullopt;
  return Observed{Confidence::kNone, "as on many genuine resets: " + join(traits)};
}

std::optional<Observed> look_continuity(const OriginScene& scene) {
  const auto found = header_continuity(scene.packets, scene.index, scene.host);
  if (found.statement.empty()) return std::nullopt;
  // Ids that count up a device on the path can see and go on with; a clock it must also keep.
  const bool copied = scene.distance.relation == Distance::Relation::kFar &&
                      scene.distance.is_nearer() && !scene.rst().timestamps;
  return Observed{copied ? Confidence::kModerate : found.confidence, found.statement};
}

}  // namespace connfate::witness
