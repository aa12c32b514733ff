//===- Timing.cpp - When the beats of a stream are there -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Timing.h"

using namespace mlir;

namespace nnc::dataflow {

Timing timingOf(Value stream) {
  auto schedule = stream.getDefiningOp()->getAttrOfType<DenseI64ArrayAttr>("schedule");
  ArrayRef<int64_t> all = schedule.asArrayRef();
  return {all.front(), llvm::SmallVector<int64_t, 2>(all.drop_front())};
}

Raster rasterOf(flow::StreamType type, const Timing &timing) {
  ArrayRef<int64_t> sizes = type.getRaster();
  Raster raster;
  if (sizes.empty())
    return raster;
  raster.columns = sizes.back();
  raster.columnPitch = timing.pitches.back();
  raster.rowPitch = raster.columns * raster.columnPitch;
  if (sizes.size() == 2) {
    raster.rows = sizes.front();
    raster.rowPitch = timing.pitches.front();
  }
  return raster;
}

} // namespace nnc::dataflow
