//===- Expressions.cpp - Values as Verilog expressions ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Expressions.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace nnc::rtl;
using mlir::Operation;
using mlir::Value;

namespace nnc::hls {

std::string hexDigits(const APInt &value) {
  SmallString<32> hex;
  value.toString(hex, 16, /*Signed=*/false, /*formatAsCLiteral=*/false, /*UpperCase=*/false);
  return std::string(divideCeil(value.getBitWidth(), 4) - hex.size(), '0') + hex.str().str();
}

std::string literal(const APInt &value) {
  if (value.getBitWidth() == 1)
    return value.isZero() ? "1'b0" : "1'b1";
  return std::to_string(value.getBitWidth()) + "'h" + hexDigits(value);
}

std::string range(unsigned width) {
  return width == 1 ? "" : "[" + std::to_string(width - 1) + ":0] ";
}

/// The part of a net called `name` of `width` bits; a net of one bit has no parts.
static std::string partSelect(StringRef name, unsigned netWidth, unsigned low, unsigned width) {
  if (width == netWidth)
    return name.str();
  std::string bits = std::to_string(low);
  if (width > 1)
    bits = std::to_string(low + width - 1) + ":" + bits;
  return (name + "[" + bits + "]").str();
}

//===----------------------------------------------------------------------===//
// What gets no net
//===----------------------------------------------------------------------===//

/// Verilog selects bits from names only; a sign is selected, too.
static bool isSelectedFrom(Value value) {
  return any_of(value.getUsers(), [](Operation *user) { return isa<ExtractOp, SextOp>(user); });
}

/// Whether `op` is written where it is used. No text grows with the depth or the number of uses:
/// what may be long is written once, and only into what moves no more bits.
static bool isWrittenInPlace(Operation *op) {
  constexpr unsigned longConstant = 64;
  if (op->hasAttr(nameAttr))
    return false;
  if (isa<ExtractOp>(op))
    return true;
  if (op->getNumResults() != 1 || isSelectedFrom(op->getResult(0)))
    return false;
  Value result = op->getResult(0);
  if (isa<ConstantOp>(op))
    return widthOf(result) <= longConstant || result.hasOneUse();
  if (isa<ConcatOp>(op))
    return result.hasOneUse() && !(*result.user_begin())->hasTrait<Wiring>();
  if (!isa<SextOp, ZextOp, ReplicateOp>(op))
    return false;
  Operation *operand = op->getOperand(0).getDefiningOp();
  return !operand || isa<ExtractOp, ConstantOp>(operand) || !operand->hasTrait<Wiring>();
}

Expressions::Expressions(mlir::Block &block) {
  for (Operation &op : block)
    if (isWrittenInPlace(&op))
      inlined.insert(op.getResult(0));
}

void Expressions::setName(Value value, StringRef name) {
  nets[value] = {name.str(), BitVector(widthOf(value))};
}

//===----------------------------------------------------------------------===//
// Wiring
//===----------------------------------------------------------------------===//

std::string Expressions::select(Value value, unsigned low, unsigned width) {
  while (isInlined(value)) { // an extract: nothing else that bits are selected from is inlined
    auto extract = value.getDefiningOp<ExtractOp>();
    low += extract.getLow();
    value = extract.getInput();
  }
  Net &net = nets.find(value)->second;
  net.read.set(low, low + width);
  return partSelect(net.name, widthOf(value), low, width);
}

std::string Expressions::text(Value value) {
  if (!isInlined(value))
    return select(value, 0, widthOf(value));
  return wiring(value.getDefiningOp());
}

/// Appends what stands between the braces of a concatenation.
void Expressions::appendParts(Value value, SmallVectorImpl<std::string> &parts) {
  if (isInlined(value))
    return appendWiring(value.getDefiningOp(), parts);
  parts.push_back(text(value));
}

static std::string replicated(unsigned times, std::string text) {
  return times == 1 ? text : "{" + std::to_string(times) + "{" + text + "}}";
}

void Expressions::appendWiring(Operation *op, SmallVectorImpl<std::string> &parts) {
  TypeSwitch<Operation *>(op)
      .Case<ConstantOp>([&](ConstantOp constant) {
        parts.push_back(literal(cast<mlir::IntegerAttr>(constant.getValue()).getValue()));
      })
      .Case<ExtractOp>([&](ExtractOp extract) {
        parts.push_back(select(extract.getInput(), extract.getLow(), widthOf(extract)));
      })
      .Case<ConcatOp>([&](ConcatOp concat) {
        for (Value input : concat.getInputs())
          appendParts(input, parts);
      })
      .Case<ReplicateOp>([&](ReplicateOp replicate) {
        unsigned times = widthOf(replicate) / widthOf(replicate.getInput());
        parts.push_back(replicated(times, text(replicate.getInput())));
      })
      .Case<SextOp>([&](SextOp sext) {
        unsigned width = widthOf(sext.getInput()), more = widthOf(sext) - width;
        if (more)
          parts.push_back(replicated(more, select(sext.getInput(), width - 1, 1)));
        appendParts(sext.getInput(), parts);
      })
      .Case<ZextOp>([&](ZextOp zext) {
        if (unsigned more = widthOf(zext) - widthOf(zext.getInput()))
          parts.push_back(literal(APInt(more, 0)));
        appendParts(zext.getInput(), parts);
      });
}

std::string Expressions::wiring(Operation *op) {
  SmallVector<std::string> parts;
  appendWiring(op, parts);
  return parts.size() == 1 ? parts.front() : "{" + join(parts, ", ") + "}";
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// Whether `value` is the sum of an adder that nobody else reads, possibly with bits of zeros added
/// or taken off above.
static bool isPrivateSum(Value value) {
  while (value.hasOneUse()) {
    Operation *op = value.getDefiningOp();
    if (isa_and_nonnull<AddOp, SubOp>(op))
      return true;
    auto extract = dyn_cast_or_null<ExtractOp>(op);
    if (!isa_and_nonnull<ZextOp>(op) && !(extract && extract.getLow() == 0))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

/// yosys fuses adders that feed each other directly into trees of carry-save adders, twice the
/// cells of carry chains. Two inversions, which cost nothing, stand in its way.
std::string Expressions::addend(Value value) {
  return isPrivateSum(value) ? "~(~" + text(value) + ")" : text(value);
}

/// Signed where an operand was extended by its sign: synthesis sees the narrow multiplier then.
std::string Expressions::product(MulOp op) {
  std::string lhs = text(op.getLhs()), rhs = text(op.getRhs());
  bool isSigned = op.getLhs().getDefiningOp<SextOp>() || op.getRhs().getDefiningOp<SextOp>();
  return isSigned ? "$signed(" + lhs + ") * $signed(" + rhs + ")" : lhs + " * " + rhs;
}

static StringRef operatorOf(Predicate predicate) {
  switch (predicate) {
  case Predicate::eq:
    return "==";
  case Predicate::ne:
    return "!=";
  case Predicate::slt:
  case Predicate::ult:
    return "<";
  case Predicate::sle:
  case Predicate::ule:
    return "<=";
  case Predicate::sgt:
  case Predicate::ugt:
    return ">";
  case Predicate::sge:
  case Predicate::uge:
    return ">=";
  }
  llvm_unreachable("unknown predicate");
}

static bool isSigned(Predicate predicate) {
  return predicate == Predicate::slt || predicate == Predicate::sle ||
         predicate == Predicate::sgt || predicate == Predicate::sge;
}

static StringRef operatorOf(ReduceKind kind) {
  return kind == ReduceKind::And ? "&" : kind == ReduceKind::Or ? "|" : "^";
}

std::string Expressions::definition(Operation *op) {
  auto binary = [&](StringRef symbol) {
    return text(op->getOperand(0)) + " " + symbol.str() + " " + text(op->getOperand(1));
  };
  return TypeSwitch<Operation *, std::string>(op)
      .Case<AddOp>([&](AddOp add) { return addend(add.getLhs()) + " + " + addend(add.getRhs()); })
      .Case<SubOp>([&](SubOp sub) { return addend(sub.getLhs()) + " - " + addend(sub.getRhs()); })
      .Case<AndOp>([&](auto) { return binary("&"); })
      .Case<OrOp>([&](auto) { return binary("|"); })
      .Case<XorOp>([&](auto) { return binary("^"); })
      .Case<MulOp>([&](MulOp mul) { return product(mul); })
      .Case<NotOp>([&](NotOp n) { return "~" + text(n.getInput()); })
      .Case<ReduceOp>(
          [&](ReduceOp r) { return operatorOf(r.getKind()).str() + text(r.getInput()); })
      .Case<MuxOp>([&](MuxOp mux) {
        return text(mux.getCondition()) + " ? " + text(mux.getOnTrue()) + " : " +
               text(mux.getOnFalse());
      })
      .Case<ICmpOp>([&](ICmpOp compare) {
        StringRef symbol = operatorOf(compare.getPredicate());
        if (!isSigned(compare.getPredicate()))
          return binary(symbol);
        return "$signed(" + text(compare.getLhs()) + ") " + symbol.str() + " $signed(" +
               text(compare.getRhs()) + ")";
      })
      .Default([&](Operation *wired) { return wiring(wired); });
}

SmallVector<std::string> Expressions::unread() const {
  SmallVector<std::string> result;
  for (const auto &[value, net] : nets) {
    int width = net.read.size();
    for (int low = net.read.find_first_unset(); low >= 0;) {
      int end = net.read.find_next(low);
      end = end < 0 ? width : end;
      result.push_back(partSelect(net.name, width, low, end - low));
      low = end < width ? net.read.find_next_unset(end) : -1;
    }
  }
  return result;
}

} // namespace nnc::hls
