//===- FlowOps.cpp - Registration, types ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Flow/FlowOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nnc::flow;

static ParseResult parseRaster(AsmParser &parser, SmallVector<int64_t> &raster) {
  int64_t size;
  OptionalParseResult first = parser.parseOptionalInteger(size);
  if (!first.has_value())
    return success();
  if (failed(*first))
    return failure();
  raster.push_back(size);
  while (succeeded(parser.parseOptionalComma())) {
    if (parser.parseInteger(size))
      return failure();
    raster.push_back(size);
  }
  return success();
}

static void printRaster(AsmPrinter &printer, ArrayRef<int64_t> raster) {
  llvm::interleaveComma(raster, printer);
}

#include "dialects/Flow/FlowDialect.cpp.inc"
#include "dialects/Flow/FlowEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Flow/FlowTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Flow/FlowOps.cpp.inc"

void FlowDialect::initialize() {
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Flow/FlowOps.cpp.inc"
      >();
}

void FlowDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Flow/FlowTypes.cpp.inc"
      >();
}

namespace nnc::flow {

unsigned widthFor(int64_t least, int64_t most) {
  if (least >= 0)
    return std::max(1u, 64 - unsigned(llvm::countl_zero(uint64_t(most))));
  uint64_t magnitude = std::max<uint64_t>(uint64_t(-(least + 1)), most < 0 ? 0 : uint64_t(most));
  return 65 - unsigned(llvm::countl_zero(magnitude));
}

BusRange busRangeOf(ArrayRef<StreamType> types) {
  BusRange range{types.front().getLeast(), types.front().getMost()};
  for (StreamType type : types) {
    range.least = std::min(range.least, type.getLeast());
    range.most = std::max(range.most, type.getMost());
  }
  return range;
}

SmallVector<int64_t> integersOf(ElementsAttr elements) {
  SmallVector<int64_t> all;
  all.reserve(elements.getNumElements());
  bool isUnsigned = elements.getElementType().isUnsignedInteger();
  for (const APInt &value : elements.getValues<APInt>())
    all.push_back(isUnsigned ? int64_t(value.getZExtValue()) : value.getSExtValue());
  return all;
}

unsigned StreamType::laneWidth() const { return widthFor(getLeast(), getMost()); }

int64_t StreamType::beats() const {
  int64_t count = 1;
  for (int64_t size : getRaster())
    count *= size;
  return count;
}

StreamType StreamType::with(int64_t lanes, int64_t least, int64_t most) const {
  return get(getContext(), getRaster(), lanes, least, most);
}

LogicalResult StreamType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> raster, int64_t lanes, int64_t least,
                                 int64_t most) {
  constexpr int64_t limit = int64_t(1) << 61;
  if (raster.size() > 2 || llvm::any_of(raster, [](int64_t size) { return size < 1; }))
    return emitError() << "a raster has up to two dimensions of at least one position";
  if (lanes < 1 || least > most || least < -limit || most > limit)
    return emitError() << "a stream has lanes, and a range of up to 62 bits";
  if (lanes * int64_t(widthFor(least, most)) > int64_t(rtl::maxWidth))
    return emitError() << "a beat of " << lanes << " lanes is wider than " << rtl::maxWidth
                       << " bits";
  return success();
}

OutputOp NetworkOp::getOutputs() { return cast<OutputOp>(getBlock().getTerminator()); }

int64_t NetworkOp::beats() {
  auto inputs = getBlock().getOps<InputOp>();
  return inputs.empty() ? 1 : (*inputs.begin()).getType().beats();
}

} // namespace nnc::flow
