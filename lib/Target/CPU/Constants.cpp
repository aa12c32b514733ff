//===- Constants.cpp - The read-only bytes of a network ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/CPU/Constants.h"

#include "llvm/Support/MathExtras.h"

#include <vector>

using namespace mlir;

namespace nnc {

ConstantSection layoutConstants(plan::ProgramOp program) {
  ConstantSection section;
  llvm::DenseMap<std::pair<Attribute, Attribute>, int64_t> known;
  for (auto constant : program.getBody().getOps<plan::ConstantOp>()) {
    auto [at, isNew] =
        known.try_emplace({constant.getValue(), constant.getLayout()}, section.bytes);
    section.offsets[constant] = at->second;
    if (!isNew)
      continue;
    section.order.push_back(constant);
    section.bytes += llvm::alignTo(plan::packedBytes(constant), ConstantSection::alignment);
  }
  return section;
}

llvm::Error packConstants(const ConstantSection &section,
                          llvm::function_ref<llvm::Error(int64_t, llvm::ArrayRef<char>)> write) {
  std::vector<char> packed;
  for (plan::ConstantOp constant : section.order) {
    int64_t bytes = plan::packedBytes(constant);
    packed.assign(llvm::alignTo(bytes, ConstantSection::alignment), 0);
    plan::packConstant(constant, llvm::MutableArrayRef<char>(packed).take_front(bytes));
    if (llvm::Error error = write(section.offsets.lookup(constant), packed))
      return error;
  }
  return llvm::Error::success();
}

} // namespace nnc
