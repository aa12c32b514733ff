//===- DependencyFile.h - What the output depends on, for make and ninja ------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include <optional>
#include <string>

namespace nnc {

/// `target: dependencies` in make's syntax.
std::string dependencyText(llvm::StringRef target, llvm::ArrayRef<std::string> dependencies);

/// Whether the file at `path` is a dependencyText() of a target called like one of `names`.
bool isDependencyFile(llvm::StringRef path, llvm::ArrayRef<std::string> names);

/// A file that is written in two steps, so that all that can fail has been
/// tried before anything else is published. Without publish() it stays as it was.
class DependencyFile {
public:
  DependencyFile() = default;
  ~DependencyFile();
  DependencyFile(const DependencyFile &) = delete;
  DependencyFile &operator=(const DependencyFile &) = delete;

  /// Writes `text` beside `path`, or holds it where `path` is no file ("-", a device).
  llvm::Error prepare(llvm::StringRef path, llvm::StringRef text);
  llvm::Error publish();

private:
  std::string path, text;
  std::optional<llvm::sys::fs::TempFile> temporary;
};

} // namespace nnc
