// SPDX-License-Identifier: Apache-2.0
// Every offset and length of the file is checked before it is used: the file may be anything.
#include "cli/doctor/elf_file.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <system_error>

namespace connfate::cli {
namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t{256} << 20U;

template <typename T>
std::optional<T> copy_of(std::span<const std::byte> bytes, std::uint64_t offset = 0) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The zero-terminated text at `offset`; empty when it does not end.
std::string_view text_in(std::span<const std::byte> table, std::uint64_t offset) {
  if (offset >= table.size()) return {};
  const std::string_view text = as_text(table.subspan(offset));
  const std::size_t end = text.find('\0');
  return end == text.npos ? std::string_view() : text.substr(0, end);
}

bool is_ours(const Elf64_Ehdr& head) {
  constexpr unsigned char kOrder =
      std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
  return std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 && head.e_ident[EI_CLASS] == ELFCLASS64 &&
         head.e_ident[EI_DATA] == kOrder && head.e_shentsize == sizeof(Elf64_Shdr) &&
         head.e_phentsize == sizeof(Elf64_Phdr);
}

bool is_relative(std::uint64_t type) {
  return type == R_X86_64_RELATIVE || type == R_AARCH64_RELATIVE;
}

bool is_absolute(std::uint64_t type) {
  return type == R_X86_64_64 || type == R_AARCH64_ABS64;
}

}  // namespace

std::optional<ElfFile> ElfFile::read(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size > kLargest) return std::nullopt;
  ElfFile elf;
  elf.file_.resize(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(elf.file_.data()), static_cast<std::streamsize>(size));
  if (!in || !elf.parse()) return std::nullopt;
  return elf;
}

std::span<const std::byte> ElfFile::slice(std::uint64_t offset, std::uint64_t size) const {
  if (offset > file_.size() || size > file_.size() - offset) return {};
  return std::span(file_).subspan(offset, size);
}

bool ElfFile::parse() {
  const auto head = copy_of<Elf64_Ehdr>(file_);
  if (!head || !is_ours(*head)) return false;
  for (std::uint64_t i = 0; i < head->e_shnum; ++i) {
    const auto section = copy_of<Elf64_Shdr>(file_, head->e_shoff + i * sizeof(Elf64_Shdr));
    if (!section) return false;
    const bool empty = section->sh_type == SHT_NOBITS;
    sections_.push_back({section->sh_type, section->sh_link,
                         slice(section->sh_offset, empty ? 0 : section->sh_size)});
  }
  for (std::uint64_t i = 0; i < head->e_phnum; ++i) {
    const auto segment = copy_of<Elf64_Phdr>(file_, head->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return false;
    if (segment->p_type != PT_LOAD) continue;
    segments_.push_back({segment->p_vaddr, slice(segment->p_offset, segment->p_filesz)});
  }
  return true;
}

std::span<const std::byte> ElfFile::bytes_at(std::uint64_t address, std::size_t size) const {
  for (const Segment& segment : segments_) {
    if (address < segment.address) continue;
    const std::uint64_t offset = address - segment.address;
    if (offset > segment.content.size() || segment.content.size() - offset < size) continue;
    return segment.content.subspan(offset, size);
  }
  return {};
}

std::optional<std::uint64_t> ElfFile::symbol(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.type != SHT_DYNSYM || section.link >= sections_.size()) continue;
    const auto names = sections_[section.link].content;
    for (std::uint64_t at = 0; const auto entry = copy_of<Elf64_Sym>(section.content, at);
         at += sizeof(Elf64_Sym)) {
      if (entry->st_shndx != SHN_UNDEF && text_in(names, entry->st_name) == name) {
        return entry->st_value;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ElfFile::symbol_value(std::uint64_t index) const {
  for (const Section& section : sections_) {
    if (section.type != SHT_DYNSYM || index > section.content.size()) continue;
    const auto entry = copy_of<Elf64_Sym>(section.content, index * sizeof(Elf64_Sym));
    if (entry && entry->st_shndx != SHN_UNDEF) return entry->st_value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ElfFile::pointer_at(std::uint64_t address) const {
  for (const Section& section : sections_) {
    if (section.type != SHT_RELA) continue;
    for (std::uint64_t at = 0; const auto entry = copy_of<Elf64_Rela>(section.content, at);
         at += sizeof(Elf64_Rela)) {
      if (entry->r_offset != address) continue;
      const std::uint64_t type = ELF64_R_TYPE(entry->r_info);
      const auto addend = static_cast<std::uint64_t>(entry->r_addend);
      if (is_relative(type)) return addend;
      if (!is_absolute(type)) return std::nullopt;
      const auto base = symbol_value(ELF64_R_SYM(entry->r_info));
      return base ? std::optional(*base + addend) : std::nullopt;
    }
  }
  return value_at<std::uint64_t>(address);
}

std::optional<std::string> ElfFile::text_at(std::uint64_t address) const {
  for (const Segment& segment : segments_) {
    if (address < segment.address || address - segment.address >= segment.content.size()) continue;
    const std::string_view text = text_in(segment.content, address - segment.address);
    if (!text.empty()) return std::string(text);
  }
  return std::nullopt;
}

std::optional<std::string> ElfFile::text_with(std::string_view part) const {
  const std::string_view all = as_text(file_);
  const std::size_t found = all.find(part);
  if (found == all.npos) return std::nullopt;
  const std::size_t before = all.rfind('\0', found);
  const std::size_t first = before == all.npos ? 0 : before + 1;
  return std::string(all.substr(first, all.find('\0', found) - first));
}

}  // namespace connfate::cli
