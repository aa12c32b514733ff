//===- NNDialect.cpp - Registration, constants and groups ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/NNSearchOps.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace nnc::nn;

#include "dialects/NN/NNDialect.cpp.inc"
#include "dialects/NN/NNEnums.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/NN/NNOps.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/NN/NNSearchOps.cpp.inc"

void NNDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/NN/NNOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/NN/NNSearchOps.cpp.inc"
      >();
}

Operation *NNDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                          Location loc) {
  if (auto elements = dyn_cast<ElementsAttr>(value); elements && elements.getType() == type)
    return builder.create<ConstantOp>(loc, elements);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

std::string nnc::nn::shapeProblem(ArrayRef<int64_t> shape) {
  if (static_cast<int64_t>(shape.size()) > maxRank)
    return llvm::formatv("has {0} dimensions, at most {1} are supported", shape.size(), maxRank);
  int64_t count = 1;
  for (int64_t size : shape) {
    if (size < 0)
      return llvm::formatv("has the negative dimension {0}", size);
    if (size > maxElements || count * size > maxElements)
      return llvm::formatv("has more than {0} elements", maxElements);
    count *= size;
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

int64_t nnc::nn::elementByteSize(Type elementType) {
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

/// Packs one byte per bool into the bit order that dense attributes store.
static DenseElementsAttr makeBools(RankedTensorType type, ArrayRef<char> bytes) {
  SmallVector<bool> values(bytes.size());
  llvm::transform(bytes, values.begin(), [](char c) { return c != 0; });
  return DenseElementsAttr::get(type, values);
}

std::string nnc::nn::contentKey(StringRef nameHint, ArrayRef<char> bytes) {
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  std::string key = nameHint.take_front(64).str();
  std::replace_if(
      key.begin(), key.end(), [](char c) { return !llvm::isAlnum(c) && c != '.'; }, '_');
  return key + llvm::formatv("_{0:x-16}{1:x-16}", hash.high64, hash.low64).str();
}

ElementsAttr nnc::nn::makeElements(RankedTensorType type, ArrayRef<char> bytes,
                                   StringRef nameHint) {
  if (type.getElementType().isInteger(1))
    return makeBools(type, bytes);
  if (type.getNumElements() <= smallConstantElements)
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  return DenseResourceElementsAttr::get(type, contentKey(nameHint, bytes),
                                        HeapAsmResourceBlob::allocateAndCopyInferAlign(bytes));
}

std::vector<char> nnc::nn::elementBytes(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    ArrayRef<char> data = blob ? blob->getData() : ArrayRef<char>();
    return {data.begin(), data.end()};
  }
  auto dense = cast<DenseElementsAttr>(value);
  std::vector<char> bytes;
  if (dense.getElementType().isInteger(1)) {
    for (bool bit : dense.getValues<bool>())
      bytes.push_back(bit);
    return bytes;
  }
  ArrayRef<char> raw = dense.getRawData();
  for (int64_t i = 0, n = dense.isSplat() ? dense.getNumElements() : 1; i < n; ++i)
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  // MLIR's parser leaves the bits above a narrow integer 0, whatever its sign is.
  unsigned width = dense.getElementType().getIntOrFloatBitWidth();
  if (width < 8 && dense.getElementType().isSignlessInteger())
    for (char &byte : bytes)
      byte = llvm::SignExtend32(static_cast<uint8_t>(byte), width);
  return bytes;
}

LogicalResult nnc::nn::verifyElements(ElementsAttr value, Operation *owner) {
  ShapedType type = value.getShapedType();
  if (!type.getElementType().isIntOrFloat() ||
      !isa<DenseResourceElementsAttr, DenseIntOrFPElementsAttr>(value))
    return owner->emitOpError("holds neither numbers nor the name of a resource with numbers");
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return success();
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  int64_t bytes = type.getNumElements() * elementByteSize(type.getElementType());
  if (!blob)
    return owner->emitOpError("names the resource '")
           << resource.getRawHandle().getKey() << "', which is missing";
  if (static_cast<int64_t>(blob->getData().size()) != bytes)
    return owner->emitOpError("needs ")
           << bytes << " bytes, its resource has " << blob->getData().size();
  return success();
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  ElementsAttr value;
  if (parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseAttribute(value, "value", result.attributes))
    return failure();
  result.addTypes(value.getType());
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer.printOptionalAttrDict((*this)->getAttrs(), /*elidedAttrs=*/{"value"});
  printer << ' ';
  printer.printAttribute(getValue());
}

LogicalResult ConstantOp::verify() {
  if (getValue().getType() != getType())
    return emitOpError("holds a value of type ")
           << getValue().getType() << ", its result is " << getType();
  return verifyElements(getValue(), getOperation());
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// Groups and locations
//===----------------------------------------------------------------------===//

LogicalResult FusedOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getArgumentTypes() != getInputs().getTypes())
    return emitOpError("body takes other types than the operands have");
  if (block.getTerminator()->getOperandTypes() != getResultTypes())
    return emitOpError("body yields other types than the results have");
  return success();
}

/// What stands inside of the name of a tensor, where that of a node has its file.
static constexpr StringLiteral tensorMark = "tensor";

Location nnc::nn::tensorLoc(StringAttr name, Location file) {
  return NameLoc::get(name, NameLoc::get(StringAttr::get(name.getContext(), tensorMark), file));
}

static bool isTensorName(NameLoc loc) {
  auto mark = dyn_cast<NameLoc>(loc.getChildLoc());
  return mark && mark.getName() == tensorMark;
}

static void collectNames(Location loc, bool ofNodesOnly, llvm::SetVector<StringRef> &names) {
  if (auto fused = dyn_cast<FusedLoc>(loc)) {
    for (Location part : fused.getLocations())
      collectNames(part, ofNodesOnly, names);
  } else if (auto name = dyn_cast<NameLoc>(loc); name && !(ofNodesOnly && isTensorName(name))) {
    names.insert(name.getName());
  }
}

static SmallVector<StringRef> namesIn(Location loc, bool ofNodesOnly) {
  llvm::SetVector<StringRef> names;
  collectNames(loc, ofNodesOnly, names);
  return names.takeVector();
}

SmallVector<StringRef> nnc::nn::nodeNames(Location loc) { return namesIn(loc, true); }

std::string nnc::nn::quotedName(Operation *op) {
  SmallVector<StringRef> names = nodeNames(op->getLoc());
  if (names.empty())
    names.push_back(op->getName().getStringRef());
  return "'" + llvm::join(names, "', '") + "'";
}

SmallVector<StringRef> nnc::nn::onnxNames(Location loc) { return namesIn(loc, false); }

//===----------------------------------------------------------------------===//
// Classes of ops
//===----------------------------------------------------------------------===//

bool nnc::nn::isRequantization(Operation *op) {
  auto rescale = dyn_cast<RescaleOp>(op);
  return isa<RequantizeOp>(op) || (rescale && rescale.getType().getElementTypeBitWidth() <= 16);
}

bool nnc::nn::isQuantized(Operation *op) {
  return isa<QuantizeOp, DequantizeOp, RequantizeOp, RescaleOp, ProportionOp>(op) ||
         (op->hasTrait<Contraction>() && getElementTypeOrSelf(op->getResult(0)).isInteger());
}
