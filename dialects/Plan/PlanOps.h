//===- PlanOps.h - The plan dialect in C++ ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "mlir/IR/SymbolTable.h"

#include "dialects/Plan/PlanDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Plan/PlanTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Plan/PlanAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/Plan/PlanOps.h.inc"

namespace nnc::plan {

/// Bytes of a constant as it stands in read-only memory.
int64_t packedBytes(ConstantOp constant);

/// Writes a constant's packed bytes into `out`, which has packedBytes() bytes.
void packConstant(ConstantOp constant, llvm::MutableArrayRef<char> out);

} // namespace nnc::plan
