//===- KernelRegistry.cpp - All kernel families of one machine -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Kernels/KernelEmitter.h"
#include "nnc/Kernels/KernelFamily.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace nnc {

KernelRegistry::KernelRegistry(TargetModel target, int64_t scannedTableBytes)
    : model(std::move(target)) {
  families.push_back(createContractionFamily());
  families.push_back(createMatrixFamily());
  families.push_back(createDepthwiseFamily());
  families.push_back(createDenseFamily());
  families.push_back(createPoolFamily());
  families.push_back(createPointFamily(scannedTableBytes));
  families.push_back(createBlendFamily());
  families.push_back(createRowFamily());
  families.push_back(createThresholdFamily());
}

const KernelFamily *KernelRegistry::find(StringRef algorithm) const {
  StringRef name = algorithm.split('.').first;
  auto it = llvm::find_if(families, [&](auto &family) { return family->name() == name; });
  return it == families.end() ? nullptr : it->get();
}

std::vector<Candidate> KernelRegistry::candidates(nn::FusedOp group) const {
  std::vector<Candidate> found;
  for (const auto &family : families)
    family->candidates(group, model, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate &a, const Candidate &b) { return a.cycles < b.cycles; });
  return found;
}

DictionaryAttr KernelRegistry::completeTile(plan::KernelOp kernel) const {
  const KernelFamily *family = find(kernel.getAlgorithm());
  return family ? family->completeTile(kernel, model) : kernel.getTile();
}

bool KernelRegistry::mayAlias(plan::KernelOp kernel, unsigned operand) const {
  const KernelFamily *family = find(kernel.getAlgorithm());
  return family && family->mayAlias(kernel, operand);
}

LogicalResult KernelRegistry::generate(plan::KernelOp kernel, ModuleOp module) const {
  const KernelFamily *family = find(kernel.getAlgorithm());
  if (!family)
    return kernel.emitError("no kernel family is called '") << kernel.getAlgorithm() << "'";
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  size_t pointers = kernel.getOperandLayouts().size() + kernel.getResultLayouts().size();
  SmallVector<Type> types(pointers, LLVM::LLVMPointerType::get(b.getContext()));
  auto function =
      b.create<func::FuncOp>(kernel.getLoc(), kernel.getSymName(), b.getFunctionType(types, {}));
  function.setPrivate();
  b.setInsertionPointToStart(function.addEntryBlock());
  KernelEmitter emitter(b, kernel.getLoc(), model);
  if (failed(family->generate(kernel, function.getArguments(), emitter)))
    return failure();
  b.setInsertionPointToEnd(&function.getBody().back());
  b.create<func::ReturnOp>(kernel.getLoc());
  return success();
}

} // namespace nnc
