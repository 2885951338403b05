// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ElfFile: what a 64-bit ELF file of this host's byte order says without being run or
// loaded: its dynamic symbols, the initialised data they name, and its strings. Used to compare a
// module with its server before anybody loads it.
// Surprising: a pointer in a shared object's data is only a relocation; pointer_at() applies those
// that need no other file.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::cli {

class ElfFile {
 public:
  /// nullopt when the file cannot be read, or is none of the kind.
  static std::optional<ElfFile> read(const std::filesystem::path& file);

  /// The address of a defined dynamic symbol.
  std::optional<std::uint64_t> symbol(std::string_view name) const;

  template <typename T>
  std::optional<T> value_at(std::uint64_t address) const {
    const auto bytes = bytes_at(address, sizeof(T));
    if (bytes.empty()) return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::optional<std::uint64_t> pointer_at(std::uint64_t address) const;
  std::optional<std::string> text_at(std::uint64_t address) const;

  /// The first text of the file that holds `part`, from the zero byte before it to that behind it.
  std::optional<std::string> text_with(std::string_view part) const;

 private:
  struct Section {
    std::uint32_t type = 0;
    std::uint32_t link = 0;
    std::span<const std::byte> content;
  };
  struct Segment {
    std::uint64_t address = 0;
    std::span<const std::byte> content;
  };

  bool parse();
  std::span<const std::byte> slice(std::uint64_t offset, std::uint64_t size) const;
  std::span<const std::byte> bytes_at(std::uint64_t address, std::size_t size) const;
  std::optional<std::uint64_t> symbol_value(std::uint64_t index) const;

  std::vector<std::byte> file_;
  std::vector<Section> sections_;
  std::vector<Segment> segments_;
};

}  // namespace connfate::cli
