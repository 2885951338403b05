// SPDX-License-Identifier: Apache-2.0
#include "harness/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "harness/temporary_directory.hpp"

namespace connfate::harness {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long kOneDay = 24 * 60 * 60;

struct Pem {
  std::string certificate;
  std::string key;
};

void check(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  check(key != nullptr, "EVP_EC_gen");
  return key;
}

Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  check(x != nullptr && X509_set_version(x, X509_VERSION_3) == 1, "X509_new");
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -kOneDay);
  X509_gmtime_adj(X509_getm_notAfter(x), kOneDay);
  constexpr unsigned char kName[] = "connfate.test";
  X509_NAME* name = X509_get_subject_name(x);
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName, -1, -1, 0) == 1, "subject");
  check(X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1, "issuer");
  check(X509_sign(x, key, EVP_sha256()) > 0, "X509_sign");
  return certificate;
}

std::string text_of(BIO* memory) {
  char* start = nullptr;
  const long size = BIO_get_mem_data(memory, &start);
  return {start, static_cast<std::size_t>(size)};
}

Pem make_pem() {
  const Key key = make_key();
  const Certificate certificate = make_certificate(key.get());
  const Memory certificate_text(BIO_new(BIO_s_mem()), &BIO_free);
  const Memory key_text(BIO_new(BIO_s_mem()), &BIO_free);
  check(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1, "write certificate");
  check(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1,
        "write key");
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace

void write_certificate(const std::filesystem::path& directory) {
  static const Pem pem = make_pem();
  write_file(directory / "certificate.pem", pem.certificate);
  write_file(directory / "key.pem", pem.key);
}

}  // namespace connfate::harness
