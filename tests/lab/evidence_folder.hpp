// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what one needs to see why a story failed, in one folder: the packets at the client's and
// at the server's end, the access log, the witness' lines and messages, the server's error log.
// Kept only when asked for; otherwise it is gone with the object.

#include <filesystem>
#include <string>

#include "lab/way.hpp"
#include "lab/world.hpp"

namespace connfate::lab {

class EvidenceFolder {
 public:
  /// From now on packets are written down.
  EvidenceFolder(World& world, const Story& story, const Way& way);
  ~EvidenceFolder();
  EvidenceFolder(const EvidenceFolder&) = delete;
  EvidenceFolder& operator=(const EvidenceFolder&) = delete;

  /// Adds the logs; the folder stays. Its path.
  std::string keep();

  /// Folders of runs that were killed.
  static void remove_stale();

 private:
  World& world_;
  const Story& story_;
  Way way_;
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace connfate::lab
