//===- Agreement.h - Whether the files of a network agree --------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Verify/Folder.h"

namespace nnc {

/// An error for each contradiction within NAME.json, and for what that of a
/// whole folder must state.
void checkManifest(const Manifest &manifest, bool isWhole, FolderVerdict &verdict);

/// An error for each contradiction between NAME_model and the code beside it.
void checkModel(llvm::StringRef name, const VerifiedFile &file, FolderVerdict &verdict);

/// An error for each way in which a file is not what the manifest says: proofs,
/// code and constants, measured sizes, NAME_model.
void compareFile(const Manifest &manifest, const VerifiedFile &file, FolderVerdict &verdict);

/// An error for each macro of a header that says other than the manifest.
void compareHeader(const Manifest &manifest, llvm::StringRef file, llvm::StringRef text,
                   FolderVerdict &verdict);

} // namespace nnc
