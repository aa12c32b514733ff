//===- NodeImporter.cpp - What the import of one node needs -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace llvm;
using namespace mlir;
using onnx::AttributeProto;

namespace nnc {

//===----------------------------------------------------------------------===//
// Checks that hold for every operator
//===----------------------------------------------------------------------===//

LogicalResult NodeImporter::run() {
  if (std::string problem = arityProblem(entry, proto); !problem.empty())
    return fail(problem);
  if (mlir::failed(checkTypes()))
    return mlir::failure();
  if (mlir::failed(entry.import(*this)))
    return fail("cannot be imported");
  if (failed || mlir::failed(checkLeftovers()))
    return mlir::failure();
  return mlir::success();
}

std::string arityProblem(const OpEntry &entry, const onnx::NodeProto &node) {
  unsigned inputs = node.input_size(), outputs = node.output_size();
  while (inputs > 0 && node.input(inputs - 1).empty())
    --inputs; // trailing absent operands
  if (inputs > entry.maxInputs)
    return formatv("takes at most {0} inputs, has {1}", entry.maxInputs, inputs);
  if (outputs == 0 || outputs > entry.maxOutputs)
    return formatv("gives 1 to {0} outputs, has {1}", entry.maxOutputs, outputs);
  for (unsigned i = 0; i < entry.minInputs; ++i)
    if (i >= inputs || node.input(i).empty())
      return formatv("input {0} is missing", i);
  return "";
}

Value NodeImporter::via(LogicalResult (*import)(NodeImporter &), ArrayRef<Value> otherOperands,
                        std::optional<int> otherOpset) {
  if (!otherOperands.empty() && !otherOperands.front())
    return {}; // its making failed
  while (!otherOperands.empty() && !otherOperands.back())
    otherOperands = otherOperands.drop_back();
  llvm::SaveAndRestore saveOperands(operands, otherOperands);
  llvm::SaveAndRestore saveOpset(opset, otherOpset.value_or(opset));
  bool good = succeeded(import(*this));
  return good ? std::exchange(results[0], Value()) : Value();
}

static uint32_t typeBit(Type element) {
  const nn::ElementType *known = nn::findElementType(element);
  return known ? 1u << known->onnx : 0; // 0: no operator takes it
}

LogicalResult NodeImporter::checkTypes() {
  for (size_t i = 0; i < operands.size(); ++i)
    if (has(i) && i < 32 && (entry.typed >> i & 1) &&
        !(entry.types & typeBit(type(i).getElementType())))
      return fail(formatv("input {0} is {1}, supported: {2}", i, typeText(type(i)),
                          nn::elementTypeList(entry.types)));
  return mlir::success();
}

LogicalResult NodeImporter::checkLeftovers() {
  for (const AttributeProto &attribute : proto.attribute())
    if (!usedAttributes.contains(attribute.name()))
      return fail("has the unknown attribute '" + attribute.name() + "'");
  for (size_t i = 0; i < results.size(); ++i)
    if (wants(i) && !results[i])
      return fail(formatv("output {0} ('{1}') is not supported", i, proto.output(i)));
  return mlir::success();
}

/// `Conv-11, inputs f32[1,3,8,8], f32[4,3,3,3]`.
static std::string describe(StringRef op, int version, ArrayRef<Value> operands) {
  std::string text = (op + "-" + Twine(version)).str();
  for (auto [i, operand] : enumerate(operands.take_front(8)))
    text += (i                      ? ", "
             : operands.size() == 1 ? ", input "
                                    : ", inputs ") +
            (operand ? typeText(operand.getType()) : std::string("none"));
  return operands.size() > 8 ? text + ", …" : text;
}

void NodeImporter::report(const Twine &why, const Twine &help) {
  if (std::exchange(failed, true))
    return;
  InFlightDiagnostic diagnostic =
      emitError(loc) << describe(entry.name, entry.version(opset), ownOperands) << ": " << why;
  if (!help.isTriviallyEmpty())
    diagnostic.attachNote() << "help: " << help;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

ElementsAttr NodeImporter::known(size_t i) const {
  ElementsAttr value;
  if (has(i))
    matchPattern(operands[i], m_Constant(&value));
  return value;
}

/// The value of operand `i`, called `what`, of rank 0 or 1; null after a report.
ElementsAttr NodeImporter::knownList(size_t i, StringRef what) {
  ElementsAttr value = known(i);
  if (!value)
    report(formatv("{0} ('{1}') must be known when we compile, it is computed at run time", what,
                   proto.input(i)),
           "make it a constant: -const=" + Twine(proto.input(i)) +
               "=VALUE or FILE.npy where it is a graph input");
  else if (rank(i) > 1)
    report(what + " is " + typeText(type(i)) + ", expected a list");
  return failed ? ElementsAttr() : value;
}

SmallVector<int64_t> NodeImporter::ints(size_t i, StringRef what) {
  if (!has(i)) {
    report(what + " is missing");
    return {};
  }
  Type element = type(i).getElementType();
  if (!element.isInteger(64) && !element.isInteger(32)) {
    report(what + " is " + typeText(type(i)) + ", expected int64 or int32");
    return {};
  }
  ElementsAttr value = knownList(i, what);
  if (!value)
    return {};
  std::vector<char> bytes = nn::elementBytes(value);
  SmallVector<int64_t> numbers;
  for (int64_t at = 0, n = type(i).getNumElements(); at < n; ++at) {
    int32_t narrow;
    int64_t wide;
    if (element.isInteger(64))
      std::memcpy(&wide, bytes.data() + at * 8, 8);
    else
      std::memcpy(&narrow, bytes.data() + at * 4, 4), wide = narrow;
    numbers.push_back(wide);
  }
  return numbers;
}

SmallVector<float> NodeImporter::floats(size_t i, StringRef what) {
  if (!has(i)) {
    report(what + " is missing");
    return {};
  }
  if (!type(i).getElementType().isF32()) {
    report(what + " is " + typeText(type(i)) + ", expected float32");
    return {};
  }
  ElementsAttr value = knownList(i, what);
  if (!value)
    return {};
  std::vector<char> bytes = nn::elementBytes(value);
  SmallVector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const AttributeProto *NodeImporter::find(StringRef name) {
  usedAttributes.insert(name);
  const AttributeProto *found = nullptr;
  for (const AttributeProto &attribute : proto.attribute()) {
    if (name != attribute.name())
      continue;
    if (found)
      report("has attribute '" + name + "' twice");
    found = &attribute;
  }
  return found;
}

const AttributeProto *NodeImporter::find(StringRef name, AttributeProto::AttributeType type) {
  const AttributeProto *attribute = find(name);
  if (!attribute)
    return nullptr;
  if (!attribute->ref_attr_name().empty())
    report("attribute '" + name + "' refers to an attribute of a function");
  if (attribute->type() == type)
    return attribute;
  report("attribute '" + name + "' is " + AttributeProto::AttributeType_Name(attribute->type()) +
         ", expected " + AttributeProto::AttributeType_Name(type));
  return nullptr;
}

int64_t NodeImporter::intAttr(StringRef name, int64_t otherwise) {
  const AttributeProto *attribute = find(name, AttributeProto::INT);
  return attribute ? attribute->i() : otherwise;
}

float NodeImporter::floatAttr(StringRef name, float otherwise) {
  const AttributeProto *attribute = find(name, AttributeProto::FLOAT);
  return attribute ? attribute->f() : otherwise;
}

std::string NodeImporter::textAttr(StringRef name, StringRef otherwise) {
  const AttributeProto *attribute = find(name, AttributeProto::STRING);
  return attribute ? attribute->s() : otherwise.str();
}

SmallVector<int64_t> NodeImporter::intsAttr(StringRef name) {
  const AttributeProto *attribute = find(name, AttributeProto::INTS);
  return attribute ? SmallVector<int64_t>(attribute->ints().begin(), attribute->ints().end())
                   : SmallVector<int64_t>();
}

SmallVector<float> NodeImporter::floatsAttr(StringRef name) {
  const AttributeProto *attribute = find(name, AttributeProto::FLOATS);
  return attribute ? SmallVector<float>(attribute->floats().begin(), attribute->floats().end())
                   : SmallVector<float>();
}

ElementsAttr NodeImporter::tensorAttr(StringRef name) {
  const AttributeProto *attribute = find(name, AttributeProto::TENSOR);
  if (!attribute)
    return {};
  StringRef hint = proto.output_size() ? StringRef(proto.output(0)) : StringRef(proto.name());
  auto *tensor = const_cast<AttributeProto *>(attribute)->mutable_t(); // ours: its data moves out
  Expected<ElementsAttr> value = tensors.read(*tensor, hint);
  if (value)
    return *value;
  report("attribute '" + name + "': " + toString(value.takeError()));
  return {};
}

int64_t NodeImporter::normalAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank) {
    report(formatv("axis {0} is no dimension of rank {1}", axis, rank));
    return 0;
  }
  return axis < 0 ? axis + rank : axis;
}

SmallVector<int64_t> NodeImporter::normalAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> normal;
  for (int64_t axis : axes)
    normal.push_back(normalAxis(axis, rank));
  sort(normal);
  if (std::adjacent_find(normal.begin(), normal.end()) != normal.end())
    report("names an axis twice");
  return normal;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

bool NodeImporter::checkShape(ArrayRef<int64_t> shape) {
  std::string problem = shapeProblem(shape);
  if (!problem.empty())
    report("the result " + problem);
  return problem.empty();
}

/// Runs `fn` and collects what it reports, without the op's name in front.
static std::string collectErrors(MLIRContext *context, llvm::function_ref<LogicalResult()> fn) {
  std::string text;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    std::string message = diagnostic.str();
    size_t at = StringRef(message).starts_with("'nn.") ? message.find("' op ") : std::string::npos;
    text +=
        (text.empty() ? "" : "; ") + (at == std::string::npos ? message : message.substr(at + 5));
    return mlir::success();
  });
  if (mlir::failed(fn()) && text.empty())
    text = "has no valid result type";
  return text;
}

/// What `op` gives if that has no elements: a constant, there is nothing to compute.
Value NodeImporter::withoutElements(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (type.getNumElements() != 0)
    return {};
  return constant(nn::makeElements(type, {}));
}

Value NodeImporter::finishOp(OperationState &state, Infer infer) {
  if (failed)
    return {};
  MLIRContext *context = builder.getContext();
  SmallVector<Type> types;
  std::string problem =
      collectErrors(context, [&] { return infer ? infer(state, types) : mlir::success(); });
  if (problem.empty() && infer) {
    if (!checkShape(cast<RankedTensorType>(types.front()).getShape()))
      return {};
    state.types.assign(types.begin(), types.end());
  }
  if (!problem.empty()) {
    report(problem);
    return {};
  }
  Operation *op = builder.create(state);
  problem = collectErrors(context, [&] { return mlir::verify(op, /*verifyRecursively=*/false); });
  if (!problem.empty()) {
    op->erase();
    report(problem);
    return {};
  }
  if (Value known = withoutElements(op)) {
    op->erase();
    return known;
  }
  SmallVector<Value> folded;
  if (mlir::failed(builder.tryFold(op, folded)) || folded.empty())
    return op->getResult(0);
  op->erase();
  return folded.front();
}

Value NodeImporter::constant(ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get(values.size(), builder.getI64Type());
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(int64_t));
  return constant(nn::makeElements(type, bytes));
}

Value NodeImporter::scalar(float value) {
  return constant(DenseElementsAttr::get(RankedTensorType::get({}, f32()), value));
}

Value NodeImporter::filled(DenseElementsAttr value, ArrayRef<int64_t> shape) {
  Type element = value.getElementType();
  if (!checkShape(shape))
    return {};
  if (ShapedType::getNumElements(shape) <= nn::smallConstantElements)
    return constant(value.resizeSplat(RankedTensorType::get(shape, element)));
  return broadcast(constant(value.reshape(RankedTensorType::get({}, element))), shape);
}

Value NodeImporter::reshape(Value value, ArrayRef<int64_t> shape) {
  if (!value)
    return {};
  return createTyped<nn::ReshapeOp>(shape, cast<RankedTensorType>(value.getType()).getElementType(),
                                    value);
}

Value NodeImporter::transpose(Value value, ArrayRef<int64_t> permutation) {
  return value ? create<nn::TransposeOp>(value, permutation) : Value();
}

Value NodeImporter::broadcast(Value value, ArrayRef<int64_t> shape) {
  if (!value)
    return {};
  return createTyped<nn::BroadcastOp>(
      shape, cast<RankedTensorType>(value.getType()).getElementType(), value);
}

Value NodeImporter::slice(Value value, ArrayRef<int64_t> starts, ArrayRef<int64_t> steps,
                          ArrayRef<int64_t> sizes) {
  if (!value)
    return {};
  return createTyped<nn::SliceOp>(sizes, cast<RankedTensorType>(value.getType()).getElementType(),
                                  value, starts, steps);
}

} // namespace nnc
