// SPDX-License-Identifier: Apache-2.0
#include "witness/process/account.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace connfate::witness {

std::optional<Account> find_account(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return Account{name, entry->pw_uid, entry->pw_gid};
}

std::optional<uid_t> find_uid(const std::string& text) {
  uid_t uid = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, uid);
  if (error == std::errc() && end == last) return uid;
  const auto account = find_account(text);
  return account ? std::optional(account->uid) : std::nullopt;
}

std::optional<Account> account_to_become(const std::string& user) {
  if (!user.empty()) return find_account(user);
  if (::geteuid() != 0) return std::nullopt;
  auto account = find_account("connfate");
  return account ? account : find_account("nobody");
}

std::vector<uid_t> default_senders(uid_t own) {
  std::vector<uid_t> uids{0, own};
  // Debian, nginx.org, Red Hat.
  for (const char* name : {"www-data", "nginx", "apache"}) {
    if (const auto account = find_account(name)) uids.push_back(account->uid);
  }
  return uids;
}

}  // namespace connfate::witness
