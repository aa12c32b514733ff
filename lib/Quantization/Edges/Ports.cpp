//===- Ports.cpp - What the caller's tensors stand for ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Ports.h"

#include "../Constants.h"
#include "nnc/Quantization/Inputs.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {

bool rearranges(Operation *op) {
  return isa<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp, nn::BroadcastOp, nn::UnpackOp,
             nn::PackOp>(op);
}

/// The grid of a quantize or dequantize.
static llvm::Expected<Grid> gridOf(Operation *op, Type stored) {
  std::optional<float> scale = constantFloat(op->getOperand(1));
  std::optional<int64_t> zeroPoint = constantInteger(op->getOperand(2));
  if (!hasOneElement(op->getOperand(1)) || !hasOneElement(op->getOperand(2)))
    return llvm::createStringError(nn::quotedName(op) + " has a scale for each slice");
  if (!scale || !zeroPoint)
    return llvm::createStringError(nn::quotedName(op) +
                                   " has a scale that is known at run time only");
  if (!std::isnormal(*scale) || *scale < 0) // in a text: the importer refuses it
    return llvm::createStringError(nn::quotedName(op) + " has no valid scale");
  return Grid{stored, *scale, *zeroPoint};
}

/// The grid on which `op` reads operand 0.
static llvm::Expected<Grid> gridOfReader(Operation *op, Roundings roundings) {
  auto quantize = dyn_cast<nn::QuantizeOp>(op);
  if (quantize && quantize.getRounding() != nn::RoundingMode::HalfEven &&
      roundings == Roundings::HalfEven)
    return llvm::createStringError(nn::quotedName(op) + " does not round halves to even");
  if (quantize) {
    llvm::Expected<Grid> grid = gridOf(op, quantize.getType().getElementType());
    if (grid)
      grid->rounding = quantize.getRounding();
    return grid;
  }
  if (auto dequantize = dyn_cast<nn::DequantizeOp>(op))
    return gridOf(op, dequantize.getInput().getType().getElementType());
  if (isa<func::ReturnOp>(op))
    return llvm::createStringError("it is an output as well");
  return llvm::createStringError(nn::quotedName(op) + " reads it as it is");
}

/// The one grid on which `argument` is read, through the ops that `pass` says.
static llvm::Expected<Grid> gridOfReaders(BlockArgument argument, Roundings roundings,
                                          llvm::function_ref<bool(Operation *)> pass) {
  std::optional<Grid> grid;
  SmallVector<Value> pending = {argument};
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    auto readers = llvm::to_vector(value.getUsers()); // the last one first
    for (Operation *reader : llvm::reverse(readers)) {
      if (pass(reader)) {
        pending.push_back(reader->getResult(0));
        continue;
      }
      llvm::Expected<Grid> next = gridOfReader(reader, roundings);
      if (!next)
        return next.takeError();
      if (grid && *grid != *next)
        return llvm::createStringError("it is read with several scales, zero points or types");
      grid = *next;
    }
  }
  if (!grid)
    return llvm::createStringError("nothing reads it");
  return *grid;
}

llvm::Expected<Grid> gridOfArgument(BlockArgument argument, Roundings roundings) {
  return gridOfReaders(argument, roundings, rearranges);
}

std::string whyFloats(BlockArgument argument) {
  auto isOfNoNode = [](Operation *op) { return rearranges(op) || isa<nn::Floor0Op>(op); };
  llvm::Expected<Grid> grid = gridOfReaders(argument, Roundings::All, isOfNoNode);
  return grid ? "its readers agree on a grid" : llvm::toString(grid.takeError());
}

/// The grid that `argument` has been described by.
static std::optional<Grid> statedGrid(BlockArgument argument) {
  auto network = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  unsigned i = argument.getArgNumber();
  auto scale = network.getArgAttrOfType<FloatAttr>(i, nn::scaleAttr);
  auto zero = network.getArgAttrOfType<IntegerAttr>(i, nn::zeroPointAttr);
  if (!scale || !zero)
    return std::nullopt;
  return Grid{typeOf(argument).getElementType(), scale.getValue().convertToFloat(), zero.getInt()};
}

llvm::Expected<Grid> gridOfResult(Value value) {
  while (value.getDefiningOp() && rearranges(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  Operation *op = value.getDefiningOp();
  if (auto dequantize = dyn_cast_or_null<nn::DequantizeOp>(op))
    return gridOf(op, dequantize.getInput().getType().getElementType());
  if (isa_and_nonnull<nn::QuantizeOp>(op))
    return gridOf(op, typeOf(value).getElementType());
  if (auto argument = dyn_cast<BlockArgument>(value); argument && !isFloat(value))
    if (std::optional<Grid> grid = statedGrid(argument))
      return *grid;
  return llvm::createStringError(op ? nn::quotedName(op) + " is no DequantizeLinear"
                                    : std::string("it is an input"));
}

template <typename Set>
static void describe(func::FuncOp network, llvm::Expected<Grid> grid, Set set) {
  if (!grid)
    return llvm::consumeError(grid.takeError());
  Builder b(network.getContext());
  set(nn::scaleAttr, b.getF32FloatAttr(grid->scale));
  set(nn::zeroPointAttr, b.getI32IntegerAttr(grid->zeroPoint));
  if (grid->rounding != nn::RoundingMode::HalfEven)
    set(nn::roundingAttr, b.getStringAttr(nn::stringifyRoundingMode(grid->rounding)));
}

void describeArgument(func::FuncOp network, unsigned i, llvm::Expected<Grid> grid) {
  describe(network, std::move(grid),
           [&](StringRef name, Attribute value) { network.setArgAttr(i, name, value); });
}

void describeResult(func::FuncOp network, unsigned i, llvm::Expected<Grid> grid) {
  describe(network, std::move(grid),
           [&](StringRef name, Attribute value) { network.setResultAttr(i, name, value); });
}

} // namespace nnc::quantization
