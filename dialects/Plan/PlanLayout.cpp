//===- PlanLayout.cpp - Where elements stand in a buffer -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Plan/PlanOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nnc::plan;

#define GET_ATTRDEF_CLASSES
#include "dialects/Plan/PlanAttrs.cpp.inc"

void PlanDialect::registerAttributes() { addAttributes<LayoutAttr>(); }

static void printList(AsmPrinter &printer, StringRef key, ArrayRef<int64_t> values) {
  printer << key << " = [";
  llvm::interleaveComma(values, printer);
  printer << "]";
}

void LayoutAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printList(printer, "strides", getStrides());
  std::pair<StringRef, ArrayRef<int64_t>> optional[] = {{"low", getLow()},
                                                        {"high", getHigh()},
                                                        {"blocks", getBlocks()},
                                                        {"block_strides", getBlockStrides()}};
  for (auto &[key, values] : optional)
    if (!values.empty()) {
      printer << ", ";
      printList(printer, key, values);
    }
  if (getFill() != 0)
    printer << ", fill = " << getFill();
  printer << ">";
}

Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> strides, low, high, blocks, blockStrides;
  int64_t fill = 0;
  auto parseField = [&]() -> ParseResult {
    StringRef key;
    if (parser.parseKeyword(&key) || parser.parseEqual())
      return failure();
    if (key == "fill")
      return parser.parseInteger(fill);
    SmallVector<int64_t> *list = llvm::StringSwitch<SmallVector<int64_t> *>(key)
                                     .Case("strides", &strides)
                                     .Case("low", &low)
                                     .Case("high", &high)
                                     .Case("blocks", &blocks)
                                     .Case("block_strides", &blockStrides)
                                     .Default(nullptr);
    if (!list)
      return parser.emitError(parser.getCurrentLocation(), "unknown layout field '") << key << "'";
    return parser.parseCommaSeparatedList(
        AsmParser::Delimiter::Square, [&] { return parser.parseInteger(list->emplace_back()); });
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, parseField))
    return {};
  return parser.getChecked<LayoutAttr>(parser.getContext(), strides, low, high, blocks,
                                       blockStrides, fill);
}

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> low,
                                 ArrayRef<int64_t> high, ArrayRef<int64_t> blocks,
                                 ArrayRef<int64_t> blockStrides, int64_t fill) {
  size_t rank = strides.size();
  for (ArrayRef<int64_t> list : {low, high, blocks, blockStrides})
    if (!list.empty() && list.size() != rank)
      return emitError() << "layout lists must be empty or have " << rank << " entries";
  if (low.empty() != high.empty() || blocks.empty() != blockStrides.empty())
    return emitError() << "low and high, blocks and block_strides come together";
  for (size_t d = 0; d < low.size(); ++d)
    if (low[d] < 0 || high[d] < 0 || (!blocks.empty() && blocks[d] > 1 && low[d] + high[d] > 0))
      return emitError() << "halo of dimension " << d << " must not be negative nor blocked";
  if (fill != 0 && (low.empty() || fill < INT16_MIN || fill > UINT16_MAX))
    return emitError() << "fill " << fill << " needs a halo and must be a number of 16 bits";
  if (llvm::any_of(blocks, [](int64_t b) { return b < 1; }))
    return emitError() << "blocks must be positive";
  for (ArrayRef<int64_t> list : {strides, low, high, blocks, blockStrides})
    for (int64_t n : list)
      if (n > nn::maxElements || n < -nn::maxElements)
        return emitError() << "layout holds " << n << ", at most " << nn::maxElements
                           << " elements are supported";
  return success();
}

LayoutAttr LayoutAttr::rowMajor(MLIRContext *context, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d])
    strides[d] = stride;
  return get(context, strides);
}

bool LayoutAttr::hasHalo() const {
  return llvm::any_of(getLow(), [](int64_t n) { return n > 0; }) ||
         llvm::any_of(getHigh(), [](int64_t n) { return n > 0; });
}

int64_t LayoutAttr::elementOffset(ArrayRef<int64_t> index) const {
  int64_t at = 0;
  for (auto [d, i] : llvm::enumerate(index)) {
    int64_t block = isBlocked() ? getBlocks()[d] : 1;
    at += block > 1 ? i / block * getStrides()[d] + i % block * getBlockStrides()[d]
                    : i * getStrides()[d];
  }
  return at;
}

int64_t LayoutAttr::originOffset() const {
  int64_t origin = 0;
  for (int64_t d = 0; d < getRank(); ++d)
    origin += lowHalo(d) * getStrides()[d];
  return origin;
}

bool LayoutAttr::isWithinLimits(ArrayRef<int64_t> shape) const {
  if (!nn::shapeProblem(shape).empty())
    return false;
  int64_t reach = 0; // no factor is more than 2^31: each product fits
  auto add = [&](int64_t count, int64_t stride) {
    reach = std::min(reach + count * std::abs(stride), nn::maxElements);
  };
  for (int64_t d = 0; d < getRank(); ++d) {
    int64_t block = isBlocked() ? getBlocks()[d] : 1;
    add(lowHalo(d), getStrides()[d]);
    add(highHalo(d), getStrides()[d]);
    add(std::max<int64_t>(shape[d] - 1, 0) / block, getStrides()[d]);
    if (block > 1)
      add(block - 1, getBlockStrides()[d]);
  }
  return reach < nn::maxElements;
}

int64_t LayoutAttr::spanElements(ArrayRef<int64_t> shape) const {
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t last = originOffset();
  for (int64_t d = 0; d < getRank(); ++d) {
    int64_t block = isBlocked() ? getBlocks()[d] : 1;
    // A blocked dimension is stored in whole blocks.
    last += block > 1
                ? (shape[d] - 1) / block * getStrides()[d] + (block - 1) * getBlockStrides()[d]
                : (shape[d] - 1 + highHalo(d)) * getStrides()[d];
  }
  return last + 1;
}

bool LayoutAttr::isRowMajor(ArrayRef<int64_t> shape) const {
  if (hasHalo() || llvm::any_of(getBlocks(), [](int64_t b) { return b > 1; }))
    return false;
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d])
    if (shape[d] != 1 && getStrides()[d] != stride)
      return false;
  return true;
}
