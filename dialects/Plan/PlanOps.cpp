//===- PlanOps.cpp - Registration and verifiers of the plan dialect ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Plan/PlanOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <set>

using namespace mlir;
using namespace nnc::plan;

#include "dialects/Plan/PlanDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Plan/PlanTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Plan/PlanOps.cpp.inc"

void PlanDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Plan/PlanTypes.cpp.inc"
      >();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Plan/PlanOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

LayoutAttr KernelOp::operandLayout(unsigned i) { return cast<LayoutAttr>(getOperandLayouts()[i]); }
LayoutAttr KernelOp::resultLayout(unsigned i) { return cast<LayoutAttr>(getResultLayouts()[i]); }
RankedTensorType KernelOp::operandType(unsigned i) {
  return cast<RankedTensorType>(getBlock().getArgument(i).getType());
}
RankedTensorType KernelOp::resultType(unsigned i) {
  return cast<RankedTensorType>(getTerminator()->getOperand(i).getType());
}

static LogicalResult verifyLayouts(KernelOp kernel, ArrayAttr layouts, TypeRange types,
                                   StringRef what) {
  if (layouts.size() != types.size())
    return kernel.emitOpError("has ")
           << types.size() << " " << what << "s and " << layouts.size() << " layouts for them";
  for (auto [i, layout, type] : llvm::enumerate(layouts, types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || cast<LayoutAttr>(layout).getRank() != tensor.getRank())
      return kernel.emitOpError("layout of ") << what << " " << i << " does not fit its rank";
    if (!cast<LayoutAttr>(layout).isWithinLimits(tensor.getShape()))
      return kernel.emitOpError("layout of ") << what << " " << i << " reaches over more than "
                                              << nnc::nn::maxElements << " elements";
  }
  return success();
}

LogicalResult KernelOp::verifyRegions() {
  if (!isa<nn::YieldOp>(getTerminator()))
    return emitOpError("body must end in nn.yield");
  if (failed(verifyLayouts(*this, getOperandLayouts(), getBlock().getArgumentTypes(), "operand")) ||
      failed(
          verifyLayouts(*this, getResultLayouts(), getTerminator()->getOperandTypes(), "result")))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// A page: more can hardly be asked of a caller.
static constexpr int64_t maxArenaAlign = 4096;

/// Caller's tensors are numbered 0, 1, …
template <typename PortOp>
static LogicalResult verifyPorts(ProgramOp program) {
  std::set<int64_t> indices;
  for (auto port : program.getBody().front().getOps<PortOp>()) {
    auto type = cast<RankedTensorType>(port.getType());
    if (std::string problem = nnc::nn::shapeProblem(type.getShape()); !problem.empty())
      return port.emitOpError("'") << port.getName() << "' " << problem;
    if (!type.getElementType().isIntOrFloat())
      return port.emitOpError("'") << port.getName() << "' holds no numbers";
    if (!indices.insert(port.getIndex()).second)
      return port.emitOpError("has the number ") << port.getIndex() << " of another one";
  }
  if (!indices.empty() &&
      (*indices.begin() != 0 || *indices.rbegin() + 1 != static_cast<int64_t>(indices.size())))
    return program.emitOpError("does not number its inputs or outputs from 0 on");
  return success();
}

/// All slots are inside of the arena, which is no larger than they need.
static LogicalResult verifyArena(ProgramOp program, ArrayRef<SlotOp> slots) {
  int64_t align = program.getArenaAlign(), bytes = program.getArenaBytes(), end = 0;
  if (align < 1 || align > maxArenaAlign || (align & (align - 1)) || bytes < 0)
    return program.emitOpError("needs a power of two up to ")
           << maxArenaAlign << " as arena_align and no negative arena_bytes";
  for (SlotOp slot : slots) {
    end = std::max(end, int64_t(slot.getOffset() + slot.getBytes()));
    if (end > bytes)
      return slot.emitOpError("lies outside of the arena of ") << bytes << " bytes";
  }
  if (bytes > nnc::nn::maxBytes || static_cast<uint64_t>(bytes) > llvm::alignTo(end, align))
    return program.emitOpError("has an arena of ") << bytes << " bytes, its slots end at " << end;
  return success();
}

LogicalResult ProgramOp::verifyRegions() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("takes its buffers from ops, not from arguments");
  for (Operation &op : getBody().front())
    if (!isa<InputOp, OutputOp, SlotOp, ConstantOp, StepOp>(op))
      return op.emitOpError("is neither a buffer nor a step of a program");
  SmallVector<SlotOp> slots(getBody().front().getOps<SlotOp>());
  if (failed(verifyPorts<InputOp>(*this)) || failed(verifyPorts<OutputOp>(*this)) ||
      failed(verifyArena(*this, slots)))
    return failure();
  llvm::sort(slots, [](SlotOp a, SlotOp b) { return a.getFirst() < b.getFirst(); });
  for (auto [i, a] : llvm::enumerate(slots))
    for (SlotOp b : ArrayRef(slots).drop_front(i + 1)) {
      if (b.getFirst() > a.getLast())
        break;
      if (a.getOffset() < b.getOffset() + b.getBytes() &&
          b.getOffset() < a.getOffset() + a.getBytes())
        return (b.emitOpError("overlaps a slot that is live at the same step")
                    .attachNote(a.getLoc())
                << "the other slot is here"),
               failure();
    }
  return success();
}

template <typename BufferOp>
static LogicalResult verifyPort(BufferOp op) {
  return success(llvm::all_of(op->getDiscardableAttrs(), [&](NamedAttribute attribute) {
    return succeeded(nnc::nn::verifyPortAttribute(op, attribute, op.getType()));
  }));
}

LogicalResult InputOp::verify() { return verifyPort(*this); }
LogicalResult OutputOp::verify() { return verifyPort(*this); }

LogicalResult SlotOp::verify() {
  auto isCount = [](int64_t n) { return n >= 0 && n <= nn::maxBytes; };
  if (!isCount(getOffset()) || !isCount(getBytes()))
    return emitOpError("must begin and end within ") << nn::maxBytes << " bytes";
  if (!isCount(getFirst()) || !isCount(getLast()) || getFirst() > getLast())
    return emitOpError("must be live from one step to the same or a later one");
  return success();
}

/// Packing may leave holes (whole blocks, rows in whole lines), but not much more of them than
/// weights.
static constexpr int64_t maxPackingFactor = 1024;

LogicalResult ConstantOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getValue().getType());
  if (!type || type.getRank() != getLayout().getRank())
    return emitOpError("layout does not fit the rank of its value");
  for (ArrayRef<int64_t> strides : {getLayout().getStrides(), getLayout().getBlockStrides()})
    if (llvm::any_of(strides, [](int64_t stride) { return stride < 0; }))
      return emitOpError("cannot be packed with negative strides");
  if (!getLayout().isWithinLimits(type.getShape()) ||
      getLayout().spanElements(type.getShape()) / maxPackingFactor >
          type.getNumElements() + maxPackingFactor)
    return emitOpError("is packed into far more memory than its ")
           << type.getNumElements() << " elements need";
  return nn::verifyElements(getValue(), getOperation());
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  ElementsAttr value;
  LayoutAttr layout;
  if (parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseAttribute(value, "value", result.attributes) || parser.parseKeyword("as") ||
      parser.parseAttribute(layout, "layout", result.attributes))
    return failure();
  result.addTypes(BufferType::get(parser.getContext()));
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer.printOptionalAttrDict((*this)->getAttrs(), {"value", "layout"});
  printer << ' ' << getValue() << " as " << getLayout();
}

int64_t nnc::plan::packedBytes(ConstantOp constant) {
  auto type = cast<RankedTensorType>(constant.getValue().getType());
  return constant.getLayout().spanElements(type.getShape()) *
         nn::elementByteSize(type.getElementType());
}

/// Elements of `size` bytes from row-major order to their layout, a run of the last dimension at a
/// time.
template <size_t size>
static void packElements(RankedTensorType type, LayoutAttr layout, const char *from, char *to) {
  int64_t rank = type.getRank(), run = rank ? type.getDimSize(rank - 1) : 1;
  SmallVector<int64_t> index(rank, 0), offsets(run, 0);
  for (int64_t i = 0; i < run && rank; ++i) {
    index.back() = i;
    offsets[i] = layout.elementOffset(index);
  }
  std::fill(index.begin(), index.end(), 0);
  int64_t runs = run ? type.getNumElements() / run : 0;
  for (int64_t r = 0; r < runs; ++r) {
    char *row = to + layout.elementOffset(index) * size;
    for (int64_t offset : offsets) {
      std::memcpy(row + offset * size, from, size);
      from += size;
    }
    for (int64_t d = rank - 1; d-- > 0 && ++index[d] == type.getDimSize(d);)
      index[d] = 0;
  }
}

/// The bytes of a constant: a blob's where they are, since weights are large, else in `expanded`.
static ArrayRef<char> bytesOf(ElementsAttr value, std::vector<char> &expanded) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      return blob->getData();
  expanded = nnc::nn::elementBytes(value);
  return expanded;
}

void nnc::plan::packConstant(ConstantOp constant, MutableArrayRef<char> out) {
  auto type = cast<RankedTensorType>(constant.getValue().getType());
  LayoutAttr layout = constant.getLayout();
  int64_t size = nn::elementByteSize(type.getElementType());
  std::vector<char> expanded;
  ArrayRef<char> bytes = bytesOf(constant.getValue(), expanded);
  std::fill(out.begin(), out.end(), 0);
  char *origin = out.data() + layout.originOffset() * size;
  switch (size) {
  case 1:
    return packElements<1>(type, layout, bytes.data(), origin);
  case 2:
    return packElements<2>(type, layout, bytes.data(), origin);
  case 4:
    return packElements<4>(type, layout, bytes.data(), origin);
  default:
    return packElements<8>(type, layout, bytes.data(), origin);
  }
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

KernelOp StepOp::lookupKernel() {
  auto module = (*this)->getParentOfType<ModuleOp>();
  return module ? module.lookupSymbol<KernelOp>(getKernel()) : KernelOp();
}

static ParseResult parseBuffers(OpAsmParser &parser,
                                SmallVectorImpl<OpAsmParser::UnresolvedOperand> &buffers,
                                SmallVectorImpl<int64_t> &offsets) {
  return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
    return failure(parser.parseOperand(buffers.emplace_back()) || parser.parseLSquare() ||
                   parser.parseInteger(offsets.emplace_back()) || parser.parseRSquare());
  });
}

ParseResult StepOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> reads, writes;
  SmallVector<int64_t> readOffsets, writeOffsets;
  FlatSymbolRefAttr kernel;
  ArrayAttr nodes;
  Builder &b = parser.getBuilder();
  if (parser.parseAttribute(kernel, "kernel", result.attributes) ||
      parseBuffers(parser, reads, readOffsets) || parser.parseArrow() ||
      parseBuffers(parser, writes, writeOffsets) || parser.parseKeyword("nodes") ||
      parser.parseAttribute(nodes, "nodes", result.attributes) ||
      parser.parseOptionalAttrDict(result.attributes))
    return failure();
  Type buffer = BufferType::get(parser.getContext());
  result.addAttribute("read_offsets", b.getDenseI64ArrayAttr(readOffsets));
  result.addAttribute("write_offsets", b.getDenseI64ArrayAttr(writeOffsets));
  auto &segments = result.getOrAddProperties<Properties>().operandSegmentSizes;
  segments = {static_cast<int>(reads.size()), static_cast<int>(writes.size())};
  return failure(parser.resolveOperands(reads, buffer, result.operands) ||
                 parser.resolveOperands(writes, buffer, result.operands));
}

static void printBuffers(OpAsmPrinter &printer, OperandRange buffers, ArrayRef<int64_t> offsets) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(buffers, offsets), printer, [&](auto pair) {
    printer << std::get<0>(pair) << '[' << std::get<1>(pair) << ']';
  });
  printer << ')';
}

void StepOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getKernelAttr() << " ";
  printBuffers(printer, getReads(), getReadOffsets());
  printer << " -> ";
  printBuffers(printer, getWrites(), getWriteOffsets());
  printer << " nodes " << getNodes();
  printer.printOptionalAttrDict((*this)->getAttrs(), {"kernel", "read_offsets", "write_offsets",
                                                      "nodes", "operandSegmentSizes"});
}

LogicalResult StepOp::verify() {
  if (getReads().size() != getReadOffsets().size() ||
      getWrites().size() != getWriteOffsets().size())
    return emitOpError("needs one byte offset per buffer");
  for (ArrayRef<int64_t> offsets : {getReadOffsets(), getWriteOffsets()})
    if (llvm::any_of(offsets, [](int64_t n) { return n < 0 || n > nn::maxBytes; }))
      return emitOpError("has a byte offset outside of any buffer");
  return success();
}
