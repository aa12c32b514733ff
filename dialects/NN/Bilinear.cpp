//===- Bilinear.cpp - Two integers to one ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/Bilinear.h"

#include "dialects/NN/NNOps.h"

#include <algorithm>

using namespace mlir;

namespace nnc::nn {

int64_t Bilinear::operator()(int64_t a, int64_t b) const {
  int64_t sum = a * left + b * right + a * b * product + offset;
  if (ties != Ties::Down) { // a tie stays where it is if it likes the number below
    bool isEven = (sum >> shift & 1) == 0;
    sum += (int64_t(1) << (shift - 1)) - (isEven == (ties == Ties::Even));
  }
  return std::clamp(sum >> shift, levels.least, levels.most);
}

constexpr int64_t numbers = 8;

static RankedTensorType typeIn(MLIRContext *context) {
  return RankedTensorType::get(numbers, IntegerType::get(context, 64));
}

std::optional<Bilinear> bilinearOf(Operation *op) {
  auto stated = op->getAttrOfType<DenseIntElementsAttr>(bilinearAttr);
  if (!stated || stated.getType() != typeIn(op->getContext())) // a text may state anything
    return std::nullopt;
  auto n = llvm::to_vector(stated.getValues<int64_t>());
  return Bilinear{n[0], n[1], n[2], n[3], static_cast<int>(n[4]), {n[5], n[6]}, Ties(n[7])};
}

void setBilinear(Operation *op, const Bilinear &form) {
  int64_t all[numbers] = {form.left,  form.right,        form.product,     form.offset,
                          form.shift, form.levels.least, form.levels.most, int64_t(form.ties)};
  op->setDiscardableAttr(bilinearAttr,
                         DenseElementsAttr::get(typeIn(op->getContext()), ArrayRef<int64_t>(all)));
}

} // namespace nnc::nn
