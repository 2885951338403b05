// SPDX-License-Identifier: Apache-2.0
#include "peers/tls_identity.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include <cstdio>

namespace connfate::peers {

TlsIdentity::TlsIdentity()
    : key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")), certificate(X509_new()) {
  X509* x509 = certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key.get());
  const unsigned char name[] = "peer.test";
  X509_NAME* subject = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(x509, subject);
  X509_sign(x509, key.get(), EVP_sha256());
}

void TlsIdentity::write_pem(const std::string& file) const {
  const std::unique_ptr<std::FILE, FreeWith<std::fclose>> out(std::fopen(file.c_str(), "w"));
  PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_X509(out.get(), certificate.get());
}

TlsContextPtr TlsIdentity::server_context() const {
  TlsContextPtr context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  return context;
}

}  // namespace connfate::peers
