//===- Diagnostics.cpp - How the user reads an error ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Diagnostics.h"

#include "dialects/NN/NNOps.h"
#include "nnc/Support/Printable.h"

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

/// FILE:LINE:COLUMN in the text `model`; empty for ONNX files, which have no
/// lines, and for places in another text, which `model` was printed from.
static std::string textPosition(Location loc, llvm::StringRef model) {
  auto file = loc->findInstanceOf<FileLineColLoc>();
  if (!file || file.getLine() == 0 || file.getFilename() != model || !model.ends_with(".mlir"))
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
  std::string text = diagnostic.str(), place = textPosition(diagnostic.getLocation(), model);
  auto names = nn::onnxNames(diagnostic.getLocation());
  // The importer's messages name their node themselves.
  if (!names.empty() && !llvm::StringRef(text).contains(("'" + names.front() + "'").str()))
    text = ("'" + names.front() + "' " + text).str();
  llvm::errs() << printable(place.empty() ? model : place) << ": " << word(diagnostic.getSeverity())
               << ": " << printable(text) << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    print(note);
}

std::string irText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

void reportErrors(llvm::Error errors, MLIRContext &context) {
  llvm::handleAllErrors(std::move(errors), [&](const llvm::ErrorInfoBase &info) {
    emitError(UnknownLoc::get(&context)) << info.message();
  });
}

} // namespace nnc
