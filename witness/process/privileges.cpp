// SPDX-License-Identifier: Apache-2.0
#include "witness/process/privileges.hpp"

#include <cap-ng.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <stdexcept>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {
namespace {

bool has(unsigned capability) noexcept {
  return capng_have_capability(CAPNG_EFFECTIVE, capability) != 0;
}

void change_user(const Account& account) {
  unsigned flags = CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_AMBIENT;
  if (has(CAP_SETPCAP)) flags |= CAPNG_CLEAR_BOUNDING;
  capng_clear(CAPNG_SELECT_ALL);
  const int error = capng_change_id(static_cast<int>(account.uid), static_cast<int>(account.gid),
                                    static_cast<capng_flags_t>(flags));
  if (error != 0) {
    throw std::runtime_error(
        fmt::format("cannot become user {} (libcap-ng: {})", account.name, error));
  }
}

void drop_capabilities() {
  capng_clear(CAPNG_SELECT_ALL);
  if (capng_apply(CAPNG_SELECT_CAPS) != 0 || capng_apply(CAPNG_SELECT_AMBIENT) != 0) {
    throw std::runtime_error("cannot drop the capabilities");
  }
}

void require_nothing_left() {
  if (capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) {
    throw std::runtime_error("capabilities are left after dropping them");
  }
}

}  // namespace

Privileges held_privileges() noexcept {
  if (capng_get_caps_process() != 0) return {};
  return {.capture = has(CAP_NET_RAW),
          .large_buffers = has(CAP_NET_ADMIN),
          .change_user = has(CAP_SETUID) && has(CAP_SETGID)};
}

void drop_privileges(const std::optional<Account>& account) {
  const Privileges held = held_privileges();
  const bool is_another = account && account->uid != ::geteuid();
  if (is_another && !held.change_user) {
    throw std::runtime_error(
        fmt::format("cannot become user {}: start as root, or leave out --user", account->name));
  }
  if (is_another) change_user(*account);
  drop_capabilities();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_errno("PR_SET_NO_NEW_PRIVS");
  require_nothing_left();
}

}  // namespace connfate::witness
