// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the self-signed certificate of the test servers (P-256, valid for a day), made once per
// process. Failure: throws std::runtime_error.

#include <filesystem>

namespace connfate::harness {

/// Writes certificate.pem and key.pem into `directory`.
void write_certificate(const std::filesystem::path& directory);

}  // namespace connfate::harness
