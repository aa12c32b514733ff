//===- OutputFolder.h - Files that appear all at once or not at all ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace nnc {

/// A file of the output folder, as NAME.json lists it.
struct OutputFile {
  std::string kind; ///< key of `files` in NAME.json
  std::string path; ///< relative to the folder
  uint64_t bytes = 0;
  std::string sha256;
};

/// Collects the files of one compilation as temporaries beside their places;
/// commit() renames them, NAME.json last. Bytes that did not change keep their
/// file and its time. What an earlier NAME.json lists and this one does not is
/// removed, and nothing else: a file of that name which no manifest of the
/// folder lists is the user's and stops the commit, and so does one that the
/// manifest of another network lists, unless it has the same bytes. Without
/// commit() the folder is left as it was found. Files may stand in folders of their own
/// ("rtl/kws.v").
class OutputFolder {
public:
  /// `folder` need not exist; `name` is the network's.
  OutputFolder(llvm::StringRef folder, llvm::StringRef name);
  ~OutputFolder();
  OutputFolder(const OutputFolder &) = delete;
  OutputFolder &operator=(const OutputFolder &) = delete;

  /// A new empty temporary for `file`; add() or write() makes it part of the output.
  llvm::Expected<std::string> temporary(llvm::StringRef file);
  /// Takes over `temporaryPath`, which must be finished.
  void add(llvm::StringRef kind, llvm::StringRef file, llvm::StringRef temporaryPath);
  llvm::Error write(llvm::StringRef kind, llvm::StringRef file, llvm::StringRef contents);

  /// `file`, or `otherwise` where `file` is another network's.
  llvm::Expected<std::string> ownName(llvm::StringRef file, llvm::StringRef otherwise);

  /// Hashes the files, asks `manifest` for the text of NAME.json, and publishes all.
  llvm::Error commit(llvm::function_ref<std::string(llvm::ArrayRef<OutputFile>)> manifest);

  const std::string &path() const { return folder; }
  /// After commit(): names of all files, NAME.json included.
  std::vector<std::string> names() const;

private:
  llvm::Error create();
  llvm::Error createFolders(llvm::StringRef innermost);
  llvm::Error checkOwnership(const std::string &file, llvm::StringRef temporaryPath) const;
  bool isAnothers(const std::string &file) const;
  llvm::Error publish(llvm::StringRef file, llvm::StringRef temporaryPath);
  void readManifests();

  struct Pending {
    OutputFile file;
    std::string temporaryPath;
  };
  std::string folder, name;
  std::vector<Pending> pending;
  std::vector<std::string> temporaries;      ///< to be removed unless renamed
  std::vector<std::string> createdFolders;   ///< outermost first
  std::vector<std::string> oldFiles;         ///< what the old NAME.json lists
  std::map<std::string, std::string> listed; ///< files, and which manifest here lists them
  bool created = false, committed = false;
};

/// Writes all of `contents`; a full disk is an error, not an abort.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef contents);

} // namespace nnc
