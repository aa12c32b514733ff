//===- CompleteTiles.cpp - What depends on layouts is chosen last -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_COMPLETETILES
#include "nnc/Schedule/Passes.h.inc"

namespace {

struct CompleteTiles : impl::CompleteTilesBase<CompleteTiles> {
  CompleteTiles() : chooser(&stated) {}
  explicit CompleteTiles(const KernelChooser &chooser) : chooser(&chooser) {}
  CompleteTiles(const CompleteTiles &other)
      : CompleteTilesBase(other),
        chooser(other.chooser == &other.stated ? &stated : other.chooser) {}

  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<plan::KernelOp>())
      kernel.setTileAttr(chooser->completeTile(kernel));
  }

  StatedChooser stated;
  const KernelChooser *chooser;
};

} // namespace

std::unique_ptr<Pass> createCompleteTiles(const KernelChooser &chooser) {
  return std::make_unique<CompleteTiles>(chooser);
}

} // namespace nnc
