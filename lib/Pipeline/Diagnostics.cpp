//===- Diagnostics.cpp - How the user reads an error ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Diagnostics.h"

#include "dialects/NN/NNOps.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace nnc {

static llvm::StringRef word(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  return "error";
}

/// FILE:LINE:COLUMN of text files; empty for ONNX files, which have no lines.
static std::string textPosition(Location loc) {
  auto file = loc->findInstanceOf<FileLineColLoc>();
  if (!file || file.getLine() == 0 || !file.getFilename().getValue().ends_with(".mlir"))
    return "";
  return (file.getFilename().getValue() + ":" + llvm::Twine(file.getLine()) + ":" +
          llvm::Twine(file.getColumn()))
      .str();
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context, llvm::StringRef model, bool quiet)
    : ScopedDiagnosticHandler(context), model(model), quiet(quiet) {
  setHandler([this](Diagnostic &diagnostic) { print(diagnostic); });
}

void DiagnosticPrinter::print(Diagnostic &diagnostic) {
  if (quiet && diagnostic.getSeverity() == DiagnosticSeverity::Remark)
    return;
  std::string text = diagnostic.str(), place = textPosition(diagnostic.getLocation());
  auto names = nn::nodeNames(diagnostic.getLocation());
  llvm::errs() << (place.empty() ? model : place) << ": " << word(diagnostic.getSeverity()) << ": ";
  // The importer's messages name their node themselves.
  if (!names.empty() && !llvm::StringRef(text).contains(("'" + names.front() + "'").str()))
    llvm::errs() << "'" << names.front() << "' ";
  llvm::errs() << text << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    print(note);
}

} // namespace nnc
