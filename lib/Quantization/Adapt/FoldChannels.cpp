//===- FoldChannels.cpp - Few channels as columns of one ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_FOLDCHANNELS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Channels stand side by side in memory; from here on their tails are a small part of a window.
constexpr int64_t manyChannels = 16;

/// Would groups of neighbours run across the channels of one column into the next?
bool hasTails(nn::ConvOp conv, int64_t group) {
  RankedTensorType filter = typeOf(conv.getFilter());
  int64_t channels = filter.getDimSize(1);
  return isa<IntegerType>(filter.getElementType()) && conv.getGroup() == 1 && channels > 1 &&
         channels < manyChannels && channels % group != 0 && filter.getShape().back() > 1 &&
         conv.getDilations().back() == 1;
}

/// Dimension 1 behind all others.
SmallVector<int64_t> channelsLast(int64_t rank) {
  SmallVector<int64_t> order = {0};
  for (int64_t d = 2; d < rank; ++d)
    order.push_back(d);
  order.push_back(1);
  return order;
}

/// `v` in another order; what is in it already behind a transpose is not turned twice.
Value transposed(OpBuilder &b, Value v, ArrayRef<int64_t> order) {
  auto before = v.getDefiningOp<nn::TransposeOp>();
  bool undoes =
      before && llvm::all_of(llvm::enumerate(order), [&](auto pair) {
        return before.getPermutation()[pair.value()] == static_cast<int64_t>(pair.index());
      });
  return undoes ? before.getInput() : b.create<nn::TransposeOp>(v.getLoc(), v, order).getResult();
}

/// `v` as a tensor whose last dimension runs over columns and their channels, and that has one
/// channel.
Value folded(OpBuilder &b, Value v) {
  RankedTensorType type = typeOf(v);
  SmallVector<int64_t> order = channelsLast(type.getRank()), shape(type.getShape());
  shape.back() *= shape[1];
  shape[1] = 1;
  return b.create<nn::ReshapeOp>(v.getLoc(), RankedTensorType::get(shape, type.getElementType()),
                                 transposed(b, v, order));
}

void fold(nn::ConvOp conv) {
  OpBuilder b(conv);
  int64_t channels = typeOf(conv.getFilter()).getDimSize(1);
  interpreter::Tensor filter = constantValue(folded(b, conv.getFilter()));
  conv.getInputMutable().assign(folded(b, conv.getInput()));
  conv.getFilterMutable().assign(b.create<nn::ConstantOp>(conv.getLoc(), filter.toElements()));
  size_t last = conv.spatialRank() - 1;
  auto scaled = [&](ArrayRef<int64_t> numbers, std::initializer_list<size_t> which) {
    SmallVector<int64_t> result(numbers);
    for (size_t i : which)
      result[i] *= channels;
    return result;
  };
  conv.setStrides(scaled(conv.getStrides(), {last}));
  conv.setPads(scaled(conv.getPads(), {last, 2 * last + 1}));
}

struct FoldChannels : impl::FoldChannelsBase<FoldChannels> {
  using FoldChannelsBase::FoldChannelsBase;

  void runOnOperation() override {
    for (auto conv : llvm::to_vector(getOperation().getOps<nn::ConvOp>()))
      if (hasTails(conv, group) && constantValue(conv.getFilter()))
        fold(conv);
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
