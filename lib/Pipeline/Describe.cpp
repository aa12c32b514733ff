//===- Describe.cpp - A plan as facts for headers and reports ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Describe.h"

#include "IntegerProofs.h"

#include "dialects/NN/ElementTypes.h"

#include "nnc/Pipeline/Version.h"
#include "nnc/Support/CIdentifier.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace nnc {
namespace {

int64_t tensorBytes(RankedTensorType type) {
  return type.getNumElements() * nn::elementByteSize(type.getElementType());
}

/// A parameter called like a macro of NAME.h or nn_runtime.h would be replaced
/// by the macro's text.
std::string parameterName(llvm::StringRef tensor, llvm::StringRef network,
                          llvm::StringSet<> &taken) {
  std::string name = makeCIdentifier(tensor);
  if (llvm::StringRef text = name;
      text.starts_with("NN_") || text.starts_with(network.upper() + "_"))
    name = "t_" + name;
  return makeUniqueCIdentifier(name, taken);
}

/// Null dtype: an element type without a C ABI, reported.
template <typename BufferOp>
TensorFacts describeTensor(BufferOp op, llvm::StringRef network, llvm::StringSet<> &taken) {
  auto passed = cast<RankedTensorType>(op.getType()), type = passed;
  if (auto packed = op->template getAttrOfType<TypeAttr>(nn::packedAttr))
    type = cast<RankedTensorType>(packed.getValue());
  TensorFacts t;
  t.name = op.getName().str();
  t.cName = parameterName(t.name, network, taken);
  const nn::ElementType *element = nn::findElementType(type.getElementType());
  if (element && element->isSubByte() && type == passed) { // in a text
    op.emitError() << "'" << t.name << "' has elements of " << element->bits
                   << " bits, which callers pass as packed bytes (nn.packed)";
  } else if (element) {
    t.dtype = element->name.str();
    t.cType = element->cType.str();
    t.onnxType = element->onnx;
  } else {
    op.emitError() << "'" << t.name << "' has element type " << type.getElementType()
                   << ", which has no C type";
  }
  t.shape.assign(type.getShape().begin(), type.getShape().end());
  t.count = type.getNumElements();
  t.bytes = tensorBytes(passed);
  t.align = nn::elementByteSize(passed.getElementType());
  if (auto scale = op->template getAttrOfType<FloatAttr>(nn::scaleAttr))
    t.scale = scale.getValue().convertToFloat();
  if (auto zeroPoint = op->template getAttrOfType<IntegerAttr>(nn::zeroPointAttr))
    t.zeroPoint = zeroPoint.getInt();
  return t;
}

std::string shapeText(RankedTensorType type) {
  std::string text = llvm::join(
      llvm::map_range(type.getShape(), [](int64_t d) { return std::to_string(d); }), "x");
  return text.empty() ? "scalar" : text;
}

std::string attributeText(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  attribute.print(os);
  return text;
}

StepFacts describeStep(plan::StepOp step, bool isProved) {
  plan::KernelOp kernel = step.lookupKernel();
  StepFacts s;
  s.kernel = step.getKernel().str();
  s.algorithm = kernel.getAlgorithm().str();
  s.tile = attributeText(kernel.getTile());
  for (Attribute node : step.getNodes())
    s.nodes.push_back(cast<StringAttr>(node).getValue().str());
  if (std::optional<ArrayAttr> notes = step.getNotes())
    for (Attribute note : *notes)
      s.note += (s.note.empty() ? "" : "; ") + cast<StringAttr>(note).getValue().str();
  for (Operation &op : kernel.getBlock().without_terminator()) {
    s.ops.push_back(op.getName().stripDialect().str());
    s.macs += countMacs(&op);
  }
  for (auto [i, buffer] : llvm::enumerate(step.getReads())) {
    bool isConstant = isa<plan::ConstantOp>(buffer.getDefiningOp());
    (isConstant ? s.bytesConstant : s.bytesRead) += tensorBytes(kernel.operandType(i));
  }
  for (size_t i = 0; i < step.getWrites().size(); ++i)
    s.bytesWritten += tensorBytes(kernel.resultType(i));
  if (!step.getWrites().empty())
    s.shape = shapeText(kernel.resultType(0));
  describeIntegers(step, isProved, s);
  return s;
}

std::string firstNode(plan::StepOp step) {
  return step.getNodes().empty() ? step.getKernel().str()
                                 : cast<StringAttr>(step.getNodes()[0]).getValue().str();
}

/// The node of the first step that uses `buffer`, as its result if `writes`.
std::string userNode(Value buffer, bool writes) {
  std::string node;
  // Uses are listed last first.
  for (OpOperand &use : buffer.getUses())
    if (auto step = dyn_cast<plan::StepOp>(use.getOwner()))
      if (!writes || llvm::is_contained(step.getWrites(), buffer))
        node = firstNode(step);
  return node;
}

void describeBuffers(plan::ProgramOp program, const ConstantSection &section, NetworkFacts &facts) {
  llvm::StringSet<> taken = {"arena", "state", "inputs", "outputs", "first", "end"};
  std::map<int64_t, plan::InputOp> inputs; // by index: the order of the signature
  std::map<int64_t, plan::OutputOp> outputs;
  for (Operation &op : program.getBody().front()) {
    if (auto input = dyn_cast<plan::InputOp>(op))
      inputs[input.getIndex()] = input;
    else if (auto output = dyn_cast<plan::OutputOp>(op))
      outputs[output.getIndex()] = output;
    else if (auto slot = dyn_cast<plan::SlotOp>(op))
      facts.slots.push_back({int64_t(slot.getOffset()), int64_t(slot.getBytes()),
                             int64_t(slot.getFirst()), int64_t(slot.getLast()),
                             userNode(slot.getBuffer(), /*writes=*/true)});
  }
  for (auto &[index, input] : inputs)
    facts.inputs.push_back(describeTensor(input, facts.name, taken));
  for (auto &[index, output] : outputs)
    facts.outputs.push_back(describeTensor(output, facts.name, taken));
  for (plan::ConstantOp constant : section.order)
    facts.constants.push_back({section.offsets.lookup(constant), plan::packedBytes(constant),
                               userNode(constant.getBuffer(), /*writes=*/false)});
}

/// What the statuses of proofs do not cover, whoever checked them.
std::vector<std::string> assumptions(const NetworkFacts &facts) {
  std::vector<std::string> all = {
      "caches, interrupts, other cores, clock changes and the memory system are outside of the "
      "claims",
      "divide and square root of floats take the same time for all operands that the numeric "
      "spec lets through, with flush-to-zero set",
      "nobody writes to code, constants or arena during a run"};
  if (facts.usesMatrixRegisters)
    all.push_back("the operating system has given the process the matrix registers (" + facts.name +
                  "_request_matrices), and saves them");
  return all;
}

} // namespace

int64_t countMacs(Operation *op) {
  if (auto conv = dyn_cast<nn::ConvOp>(op)) {
    auto filter = cast<RankedTensorType>(conv.getFilter().getType());
    int64_t results = cast<RankedTensorType>(conv.getType()).getNumElements();
    return results * (filter.getNumElements() / std::max<int64_t>(filter.getDimSize(0), 1));
  }
  if (auto matmul = dyn_cast<nn::MatMulOp>(op)) {
    auto lhs = cast<RankedTensorType>(matmul.getLhs().getType());
    return cast<RankedTensorType>(matmul.getType()).getNumElements() * lhs.getShape().back();
  }
  return 0;
}

int64_t countMacs(ModuleOp network) {
  int64_t macs = 0;
  network.walk([&](Operation *op) { macs += countMacs(op); });
  return macs;
}

std::optional<NetworkFacts> describeProgram(const Compilation &c, plan::ProgramOp program,
                                            const ConstantSection &section) {
  NetworkFacts facts;
  facts.name = c.name;
  facts.modelFile = llvm::sys::path::filename(c.options.model).str();
  facts.target = c.target.target;
  facts.cpu = c.target.cpu;
  facts.cpuFeatures = c.target.cpuFeatures;
  facts.exactProfile = nameOf(profileOf(c)).str();
  facts.numericSpec = numericSpecVersion().str();
  facts.compiler = compilerVersion().str();
  facts.options = c.options.recorded;
  llvm::append_range(facts.options, c.options.recordedOfFiles);
  facts.arenaBytes = program.getArenaBytes();
  facts.arenaAlign = program.getArenaAlign();
  facts.romBytes = section.bytes;
  facts.quantization = c.quantizationFacts;
  bool isProved = static_cast<bool>(c.reference); // else the plan was read
  for (auto step : program.getBody().getOps<plan::StepOp>())
    facts.steps.push_back(describeStep(step, isProved));
  facts.usesMatrixRegisters = llvm::any_of(facts.steps, [](const StepFacts &step) {
    return llvm::StringRef(step.algorithm).starts_with("matrix.");
  });
  facts.assumptions = assumptions(facts);
  describeBuffers(program, section, facts);
  auto noType = [](const TensorFacts &t) { return t.dtype.empty(); };
  if (llvm::any_of(facts.inputs, noType) || llvm::any_of(facts.outputs, noType))
    return std::nullopt;
  if (facts.steps.size() > UINT16_MAX) {
    program.emitError() << facts.steps.size() << " steps, at most 65535 can be numbered";
    return std::nullopt;
  }
  return facts;
}

} // namespace nnc
