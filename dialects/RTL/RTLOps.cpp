//===- RTLOps.cpp - Registration, and verifiers of single ops -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/RTL/RTLOps.h"

#include "nnc/Support/Printable.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nnc::rtl;

#include "dialects/RTL/RTLDialect.cpp.inc"
#include "dialects/RTL/RTLEnums.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/RTL/RTLOps.cpp.inc"

void RTLDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/RTL/RTLOps.cpp.inc"
      >();
}

Operation *RTLDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                           Location loc) {
  auto integer = dyn_cast<IntegerAttr>(value);
  if (integer && integer.getType() == type)
    return builder.create<ConstantOp>(loc, integer);
  return nullptr;
}

LogicalResult RTLDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == nameAttr && !isa<StringAttr>(attribute.getValue()))
    return op->emitError() << nameAttr << " must be a string";
  return success();
}

bool nnc::rtl::isBits(Type type) {
  return type.isSignlessInteger() && widthOf(type) >= 1 && widthOf(type) <= maxWidth;
}

//===----------------------------------------------------------------------===//
// Constants and registers
//===----------------------------------------------------------------------===//

/// Parses an integer that must fit into `type` as it stands behind it, signed or not.
static FailureOr<IntegerAttr> fitInteger(OpAsmParser &parser, SMLoc where, const APInt &value,
                                         Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return parser.emitError(where, "must have an integer type");
  unsigned width = integer.getWidth();
  // The parser leaves a leading zero at what is not negative.
  bool fits = value.isNegative() ? value.isSignedIntN(width) : value.isIntN(width);
  if (!fits)
    return parser.emitError(where, "does not fit into ") << width << " bits";
  return IntegerAttr::get(type, value.sextOrTrunc(width));
}

/// As fitInteger() reads it; one bit is 0 or 1, not -1.
static void printInteger(OpAsmPrinter &printer, TypedAttr attribute) {
  const APInt &value = cast<IntegerAttr>(attribute).getValue();
  printer << (value.getBitWidth() == 1 ? value.zext(2) : value);
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  APInt value;
  Type type;
  SMLoc where = parser.getCurrentLocation();
  if (parser.parseInteger(value) || parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonType(type))
    return failure();
  FailureOr<IntegerAttr> integer = fitInteger(parser, where, value, type);
  if (failed(integer))
    return failure();
  result.getOrAddProperties<Properties>().value = *integer;
  result.addTypes(type);
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printInteger(printer, getValue());
  printer.printOptionalAttrDict((*this)->getAttrs(), {"value"});
  printer << " : " << getType();
}

LogicalResult CommentOp::verify() {
  StringRef text = getText();
  if (text.empty() || nnc::printable(text) != text)
    return emitOpError("must be one printable line");
  StringRef tool = text.ltrim().take_until([](char c) { return !llvm::isAlpha(c); });
  if (llvm::is_contained({"verilator", "synopsys", "synthesis", "pragma"}, tool))
    return emitOpError("begins as a directive to a tool does, with '") << tool << "'";
  return success();
}

LogicalResult ConstantOp::verify() {
  if (!isa<IntegerAttr>(getValue()) || getValue().getType() != getType())
    return emitOpError("value is no integer of type ") << getType();
  return success();
}

ParseResult RegOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand next, enable;
  bool hasEnable = false, hasReset = false;
  APInt reset;
  SMLoc where;
  Type type;
  if (parser.parseOperand(next))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("enable"))) {
    hasEnable = true;
    if (parser.parseOperand(enable))
      return failure();
  }
  if (succeeded(parser.parseOptionalKeyword("reset"))) {
    hasReset = true;
    where = parser.getCurrentLocation();
    if (parser.parseInteger(reset))
      return failure();
  }
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type) ||
      parser.resolveOperand(next, type, result.operands) ||
      (hasEnable &&
       parser.resolveOperand(enable, parser.getBuilder().getI1Type(), result.operands)))
    return failure();
  if (hasReset) {
    FailureOr<IntegerAttr> value = fitInteger(parser, where, reset, type);
    if (failed(value))
      return failure();
    result.getOrAddProperties<Properties>().reset_value = *value;
  }
  result.addTypes(type);
  return success();
}

void RegOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getNext();
  if (getEnable())
    printer << " enable " << getEnable();
  if (TypedAttr reset = getResetValueAttr()) {
    printer << " reset ";
    printInteger(printer, reset);
  }
  printer.printOptionalAttrDict((*this)->getAttrs(), {"reset_value"});
  printer << " : " << getType();
}

LogicalResult RegOp::verify() {
  TypedAttr reset = getResetValueAttr();
  if (reset && (!isa<IntegerAttr>(reset) || reset.getType() != getType()))
    return emitOpError("reset value is no integer of type ") << getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Exact widths
//===----------------------------------------------------------------------===//

template <typename Op>
static LogicalResult verifyExtension(Op op) {
  if (widthOf(op.getResult()) < widthOf(op.getInput()))
    return op.emitOpError("extends ")
           << op.getInput().getType() << " to fewer bits, " << op.getType();
  return success();
}

LogicalResult SextOp::verify() { return verifyExtension(*this); }
LogicalResult ZextOp::verify() { return verifyExtension(*this); }

LogicalResult ExtractOp::verify() {
  int64_t low = static_cast<int32_t>(getLow()), end = low + widthOf(getResult());
  if (low < 0 || end > widthOf(getInput()))
    return emitOpError("reads bits ") << low << " to " << end - 1 << " of " << getInput().getType();
  return success();
}

LogicalResult ReplicateOp::verify() {
  if (widthOf(getResult()) % widthOf(getInput()))
    return emitOpError("result ") << getType() << " is no multiple of " << getInput().getType();
  return success();
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  uint64_t width = 0;
  for (Value input : adaptor.getInputs())
    width += isBits(input.getType()) ? widthOf(input) : 0;
  if (width < 1 || width > maxWidth)
    return emitOptionalError(location, "'rtl.concat' op makes ", width, " bits, not 1 to ",
                             maxWidth);
  types.push_back(IntegerType::get(context, width));
  return success();
}

/// Whether `values` are integers as bits in a row; their number is for the caller to check.
static LogicalResult verifyWords(Operation *op, ElementsAttr values) {
  auto type = dyn_cast<RankedTensorType>(values.getType());
  if (!type || type.getRank() != 1 || !isBits(type.getElementType()) ||
      !isa<DenseIntElementsAttr>(values))
    return op->emitOpError("needs its words as dense integers (tensor<NxiW>), got ")
           << values.getType();
  return success();
}

LogicalResult TableOp::verify() {
  if (failed(verifyWords(*this, getValues())))
    return failure();
  if (widthOf(getIndex()) > maxTableIndexWidth)
    return emitOpError("has an index of more than ") << maxTableIndexWidth << " bits";
  int64_t words = int64_t(1) << widthOf(getIndex());
  if (getValues().getNumElements() != words || getValues().getElementType() != getType())
    return emitOpError("needs ") << words << " values of " << getType() << ", got "
                                 << getValues().getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Memories
//===----------------------------------------------------------------------===//

static LogicalResult verifyDepth(Operation *op, int64_t depth) {
  if (depth < 2 || depth > maxMemoryDepth)
    return op->emitOpError("has ") << depth << " words, not 2 to " << maxMemoryDepth;
  return success();
}

LogicalResult RomOp::verify() {
  if (failed(verifyWords(*this, getContents())))
    return failure();
  return verifyDepth(*this, getContents().getNumElements());
}

LogicalResult RamOp::verify() { return verifyDepth(*this, getDepth()); }
