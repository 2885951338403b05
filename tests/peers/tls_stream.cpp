// SPDX-License-Identifier: Apache-2.0
#include "peers/tls_stream.hpp"

#include <openssl/bio.h>

#include <array>
#include <stdexcept>

namespace connfate::peers {

void offer_in_handshake(SSL* tls, const std::string& host, const std::string& alpn) {
  std::string name = host;
  if (SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) != 1) {
    throw std::runtime_error("peer: cannot set the TLS server name " + host);
  }
  if (alpn.empty()) return;
  std::string list(1, static_cast<char>(alpn.size()));
  list += alpn;
  const auto* wire = reinterpret_cast<const unsigned char*>(list.data());
  if (SSL_set_alpn_protos(tls, wire, static_cast<unsigned>(list.size())) != 0) {
    throw std::runtime_error("peer: cannot offer ALPN " + alpn);
  }
}

std::string agreed_alpn(const SSL* tls) {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(tls, &name, &length);
  return name == nullptr ? "" : std::string(reinterpret_cast<const char*>(name), length);
}

std::string close_notify_record(SSL* tls) {
  BIO* usual = SSL_get_wbio(tls);
  BIO_up_ref(usual);  // SSL_set0_wbio drops a reference; this one is handed back below
  BIO* record = BIO_new(BIO_s_mem());
  BIO_up_ref(record);
  SSL_set0_wbio(tls, record);
  SSL_shutdown(tls);
  SSL_set0_wbio(tls, usual);
  std::array<char, 256> bytes{};
  const int length = BIO_read(record, bytes.data(), static_cast<int>(bytes.size()));
  BIO_free(record);
  if (length <= 0) throw std::runtime_error("peer: TLS had no close_notify to send");
  return {bytes.data(), static_cast<std::size_t>(length)};
}

}  // namespace connfate::peers
