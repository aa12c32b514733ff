//===- Folder.h - Re-checks what a compilation wrote -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Verify/Verify.h"

namespace nnc {

/// NAME.json of an output folder, and the contract that it states.
struct Manifest {
  std::string path;
  llvm::json::Object root;
  Contract contract;
};

/// Reads and checks the shape of NAME.json. Error: not JSON, not schema 1, a
/// field that is missing or of the wrong type.
llvm::Expected<Manifest> readManifest(llvm::StringRef path);

/// The manifest of a folder: its single *.json file that states a schema.
llvm::Expected<Manifest> findManifest(llvm::StringRef folder);

/// A file that was analysed.
struct VerifiedFile {
  std::string file;
  Findings findings;
};

/// The verdict about a folder: what was analysed and everything wrong.
struct FolderVerdict {
  std::vector<VerifiedFile> verified;
  std::vector<std::string> errors;
};

/// Checks every file that the manifest lists (bytes, SHA-256), analyses the
/// objects among them again, and compares sizes and proof statuses with what
/// the manifest says.
FolderVerdict verifyFolder(llvm::StringRef folder, const Manifest &manifest);

/// Analyses one file: an object, a library of either kind, or a program that
/// holds the network.
llvm::Expected<Findings> verifyFile(llvm::StringRef path, const Contract &contract);

} // namespace nnc
