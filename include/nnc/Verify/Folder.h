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

/// The paths of a folder's manifests: its *.json files that state a schema. Error: it has none.
llvm::Expected<std::vector<std::string>> findManifests(llvm::StringRef folder);

/// The single manifest of a folder.
llvm::Expected<Manifest> findManifest(llvm::StringRef folder);

/// The contract that a file states itself: the network's name from the symbol
/// NAME_run_v, its sizes and core from the data of NAME_model (without those,
/// sizes are unknown). `name` chooses among several networks. Error: none, or
/// more than one.
llvm::Expected<Contract> contractFromFile(llvm::StringRef path, llvm::StringRef name = "");

/// A file that was analysed.
struct VerifiedFile {
  std::string file;
  Findings findings;
};

/// The verdict about a folder or file: what was analysed, everything wrong and
/// what could not be compared.
struct FolderVerdict {
  std::vector<VerifiedFile> verified;
  std::vector<std::string> errors, notes;
};

/// Checks every file that the manifest lists (bytes, SHA-256), analyses the
/// objects among them again, and compares sizes, proof statuses, the header's
/// macros and the data of NAME_model with what the manifest says.
FolderVerdict verifyFolder(llvm::StringRef folder, const Manifest &manifest);

/// Analyses one file: an object, a shared library or a program that holds the
/// network, or each member of a static library that does.
llvm::Expected<std::vector<VerifiedFile>> verifyFile(llvm::StringRef path,
                                                     const Contract &contract);

/// Analyses one file without a description of its own, and compares what
/// NAME_model in it says with its code.
FolderVerdict verifyAlone(const Contract &contract, llvm::StringRef path);

/// Analyses one file and compares proof statuses, code and constants with what
/// the manifest says: an object's to the byte, of a linked file what linking
/// leaves alone.
FolderVerdict verifyFileOf(const Manifest &manifest, llvm::StringRef path);

} // namespace nnc
