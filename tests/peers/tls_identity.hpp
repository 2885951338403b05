// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a fresh key and self-signed certificate, for the TLS servers of peers_test.

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace connfate::peers {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using TlsContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using TlsPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;

struct TlsIdentity {
  TlsIdentity();

  /// Both as PEM into one file, as nginx reads them.
  void write_pem(const std::string& file) const;
  TlsContextPtr server_context() const;

  KeyPtr key;
  CertificatePtr certificate;
};

}  // namespace connfate::peers
