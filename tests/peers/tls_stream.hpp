// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two things that Asio's TLS stream cannot do by itself. Internal to connection.cpp.

#include <openssl/ssl.h>

#include <string>

namespace connfate::peers {

/// Server name and ALPN of the coming handshake. Throws std::runtime_error.
void offer_in_handshake(SSL* tls, const std::string& host, const std::string& alpn);

/// The protocol agreed on; empty: none.
std::string agreed_alpn(const SSL* tls);

/// The record of our close_notify, to be sent by the caller. Asio's shutdown would go on to read,
/// and so take bytes out of the receive queue.
std::string close_notify_record(SSL* tls);

}  // namespace connfate::peers
