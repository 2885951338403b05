// SPDX-License-Identifier: Apache-2.0
#include "system/soak/small_disk.hpp"

#include <sys/mount.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

namespace connfate::harness {

SmallDisk::SmallDisk(std::size_t megabytes) : directory_("disk") {
  const std::string size = "mode=0777,size=" + std::to_string(megabytes) + "m";
  if (mount("small", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) != 0) {
    throw std::system_error(errno, std::system_category(), "mount tmpfs");
  }
}

SmallDisk::~SmallDisk() {
  umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() const {
  std::ofstream filler(path() / "filler", std::ios::binary);
  for (const std::string block(4096, 'x'); filler << block << std::flush;) continue;
}

void SmallDisk::release() const {
  std::filesystem::remove(path() / "filler");
}

}  // namespace connfate::harness
