//===- Composite.cpp - NumericSpec 8 -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Composites are the ops that Graph decomposes. They are evaluated as the
// sequences that it writes; batch_norm as the one for statistics that are constants.
//
//===----------------------------------------------------------------------===//
#include "Ops.h"

#include <cmath>

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

/// The type of x reduced over `axes`, which stay with size 1.
static RankedTensorType keptType(const Tensor &x, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> shape(x.getShape());
  for (int64_t axis : axes)
    shape[axis] = 1;
  return RankedTensorType::get(shape, x.getElementType());
}

/// A scalar f32 as a tensor that broadcasts to everything.
static Tensor scalar(float value, const Tensor &like) {
  Tensor tensor(RankedTensorType::get({}, like.getElementType()));
  tensor.mutableElements<float>()[0] = value;
  return tensor;
}

static Tensor centered(const Tensor &x, ArrayRef<int64_t> axes) {
  return sub(x, reduceMax(x, axes, keptType(x, axes)), x.getType());
}

Tensor nnc::interpreter::softmax(const Tensor &x, ArrayRef<int64_t> axes) {
  if (!x.getElementType().isF32())
    return Tensor();
  Tensor e = exp(centered(x, axes));
  Tensor s = reduceSum(e, axes, keptType(x, axes));
  Tensor r = div(scalar(1.0f, x), s, s.getType());
  return mul(e, r, x.getType());
}

Tensor nnc::interpreter::logSoftmax(const Tensor &x, ArrayRef<int64_t> axes) {
  if (!x.getElementType().isF32())
    return Tensor();
  Tensor d = centered(x, axes);
  Tensor s = reduceSum(exp(d), axes, keptType(x, axes));
  return sub(d, log(s), x.getType());
}

Tensor nnc::interpreter::layerNorm(nn::LayerNormOp op, const Tensor &x, const Tensor &scale,
                                   const Tensor &bias) {
  if (!x.getElementType().isF32())
    return Tensor();
  SmallVector<int64_t> axes;
  for (int64_t d = op.getAxis(); d < x.getRank(); ++d)
    axes.push_back(d);
  RankedTensorType type = x.getType(), kept = keptType(x, axes);
  Tensor d = sub(x, reduceMean(x, axes, kept), type);
  Tensor v = reduceMean(mul(d, d, type), axes, kept);
  Tensor t = sqrt(add(v, scalar(op.getEpsilon().convertToFloat(), x), kept));
  Tensor r = div(scalar(1.0f, x), t, kept);
  Tensor p = mul(mul(d, r, type), scale, type);
  return bias ? add(p, bias, type) : p;
}

Tensor nnc::interpreter::batchNorm(nn::BatchNormOp op, ArrayRef<Tensor> operands) {
  const Tensor &x = operands[0];
  if (!x.getElementType().isF32())
    return Tensor();
  auto at = [&](int i, int64_t c) { return static_cast<double>(operands[i].elements<float>()[c]); };
  SmallVector<int64_t> shape(x.getRank() - 1, 1);
  shape[0] = x.getShape()[1]; // channels, broadcast over batch and space
  RankedTensorType channels = RankedTensorType::get(shape, x.getElementType());
  Tensor factor(channels), offset(channels);
  for (int64_t c = 0; c < shape[0]; ++c) {
    double a = at(1, c) / std::sqrt(at(4, c) + op.getEpsilon().convertToDouble());
    factor.mutableElements<float>()[c] = static_cast<float>(a);
    offset.mutableElements<float>()[c] = static_cast<float>(at(2, c) - at(3, c) * a);
  }
  return add(mul(x, factor, x.getType()), offset, x.getType());
}
