//===- Evaluate.cpp - -nn-evaluate: values for tests ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Interpreter/Interpreter.h"
#include "nnc/Interpreter/Passes.h"

#include "llvm/Support/raw_ostream.h"

namespace nnc::interpreter {
#define GEN_PASS_DEF_EVALUATE
#include "nnc/Interpreter/Passes.h.inc"
} // namespace nnc::interpreter

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

static void print(StringRef name, ArrayRef<Tensor> results) {
  for (const Tensor &result : results) {
    llvm::outs() << "@" << name << ": " << result.getType() << " = [";
    for (int64_t i = 0, n = result.getNumElements(); i < n; ++i)
      llvm::outs() << (i ? ", " : "") << elementText(result, i);
    llvm::outs() << "]\n";
  }
}

namespace {
struct Evaluate : public nnc::interpreter::impl::EvaluateBase<Evaluate> {
  void runOnOperation() override {
    std::vector<Tensor> values; // of the function before
    for (Operation &op : getOperation().getBodyRegion().front()) {
      auto network = dyn_cast<func::FuncOp>(op);
      auto program = dyn_cast<plan::ProgramOp>(op);
      if (!program && (!network || network.getNumArguments() != 0 || network.isExternal()))
        continue;
      auto results = program ? evaluate(program, values) : evaluate(network, {});
      if (!results) {
        op.emitError(llvm::toString(results.takeError()));
        return signalPassFailure();
      }
      values = std::move(*results);
      print(SymbolTable::getSymbolName(&op).getValue(), values);
    }
  }
};
} // namespace
