//===- Inputs.cpp - Arguments of the function: types, shapes, constants -------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ConstantInput.h"
#include "GraphImporter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

const onnx::ValueInfoProto *GraphImporter::valueInfo(StringRef name) const {
  for (const auto *list : {&graph.input(), &graph.value_info(), &graph.output()})
    for (const auto &info : *list)
      if (name == info.name())
        return &info;
  return nullptr;
}

/// An unknown first dimension is a batch if nothing else of the input is unknown and its
/// symbol, if it has one, names first dimensions only.
bool GraphImporter::isBatch(StringRef symbol, ArrayRef<int64_t> shape) const {
  if (is_contained(shape.drop_front(), ShapedType::kDynamic))
    return false;
  if (symbol.empty())
    return true;
  for (const auto &input : graph.input())
    for (const auto &[d, dim] : enumerate(input.type().tensor_type().shape().dim()))
      if (d != 0 && dim.dim_param() == symbol)
        return false;
  return true;
}

/// All dimensions of an input that nothing fixes, in one message.
bool GraphImporter::failUnknown(StringRef name, const onnx::TensorShapeProto &proto,
                                ArrayRef<int64_t> shape) {
  std::string unknown, symbols;
  unsigned count = 0;
  bool allNamed = true;
  llvm::StringSet<> seen;
  for (auto [d, dim] : enumerate(proto.dim())) {
    if (shape[d] != ShapedType::kDynamic)
      continue;
    StringRef symbol = dim.dim_param();
    unknown += (count++ ? ", " : "") + std::to_string(d);
    allNamed &= !symbol.empty();
    if (symbol.empty())
      continue;
    unknown += (" ('" + symbol + "')").str();
    if (seen.insert(symbol).second)
      symbols += ("-shape=" + symbol + "=SIZE ").str();
  }
  return fail("input '" + name + "' has " +
                  (count > 1 ? "unknown dimensions " : "an unknown dimension ") + unknown,
              (allNamed ? symbols + "or " : "") + "-shape=" + name + ":1x…");
}

/// Dimensions of `shape` that neither the file nor -shape=SYMBOL= fixes: 1 for a batch, else
/// refused.
bool GraphImporter::fillDimensions(StringRef name, const onnx::TensorShapeProto &proto,
                                   MutableArrayRef<int64_t> shape) {
  for (auto [d, dim] : enumerate(proto.dim())) {
    if (dim.has_dim_value() && dim.dim_value() != -1) // exporters write -1 for an unknown size
      shape[d] = dim.dim_value();
    else if (auto it = options.symbols.find(dim.dim_param()); it != options.symbols.end())
      shape[d] = it->second;
    if (shape[d] < 0 && shape[d] != ShapedType::kDynamic)
      return fail(formatv("input '{0}' has the negative dimension {1}", name, shape[d]));
  }
  for (auto [d, dim] : enumerate(proto.dim())) {
    if (shape[d] != ShapedType::kDynamic)
      continue;
    StringRef symbol = dim.dim_param();
    if (d != 0 || !isBatch(symbol, shape))
      return failUnknown(name, proto, shape);
    shape[d] = 1;
    emitRemark(fileLoc) << "batch dimension of input '" << name
                        << "' is 1 (-shape=" << (symbol.empty() ? name + ":1x…" : symbol + "=SIZE")
                        << " chooses another)";
  }
  return true;
}

/// -shape=INPUT:… must say what the model and -shape=SYMBOL= say.
bool GraphImporter::checkGivenShape(StringRef name, const onnx::TensorShapeProto &proto,
                                    ArrayRef<int64_t> shape) {
  bool fits = static_cast<int>(shape.size()) == proto.dim_size();
  for (int d = 0; fits && d < proto.dim_size(); ++d)
    fits = !proto.dim(d).has_dim_value() || proto.dim(d).dim_value() < 0 ||
           proto.dim(d).dim_value() == shape[d];
  if (!fits)
    return fail("-shape of input '" + name + "' contradicts the shape in the model");
  for (auto [dim, size] : zip(proto.dim(), shape))
    if (auto it = options.symbols.find(dim.dim_param());
        it != options.symbols.end() && it->second != size)
      return fail("-shape of input '" + name + "' contradicts -shape=" + it->first + "=" +
                  Twine(it->second));
  return true;
}

std::optional<SmallVector<int64_t>> GraphImporter::inputShape(StringRef name,
                                                              const onnx::TypeProto *type) {
  auto given = options.inputShapes.find(name.str());
  bool isGiven = given != options.inputShapes.end();
  SmallVector<int64_t> shape;
  if (!type || !type->tensor_type().has_shape()) {
    if (!isGiven) {
      fail("the shape of input '" + name + "' is not known", "-shape=" + name + ":1x…");
      return std::nullopt;
    }
    shape = llvm::to_vector(given->second);
  } else if (const auto &proto = type->tensor_type().shape(); isGiven) {
    shape = llvm::to_vector(given->second);
    if (!checkGivenShape(name, proto, shape))
      return std::nullopt;
  } else {
    shape.assign(proto.dim_size(), ShapedType::kDynamic);
    if (!fillDimensions(name, proto, shape))
      return std::nullopt;
  }
  if (std::string problem = shapeProblem(shape); !problem.empty()) {
    fail("input '" + name + "' " + problem);
    return std::nullopt;
  }
  return shape;
}

/// An argument of the function, or a null value once its problem has been reported.
bool GraphImporter::addInput(StringRef name, const onnx::ValueInfoProto *info) {
  values[name] = Value();
  if (!checkPortName(name, "input"))
    return false;
  const onnx::TypeProto *type = info && info->has_type() ? &info->type() : nullptr;
  if (type && !type->has_tensor_type())
    return fail("input '" + name +
                "' is no tensor (sequences, optionals, maps and sparse tensors are not supported)");
  if (!type && !is_contained(options.inputs, name))
    return fail("input '" + name + "' has no type");
  Expected<Type> element =
      elementType(type ? type->tensor_type().elem_type() : onnx::TensorProto::FLOAT, context);
  if (!element)
    return fail("input '" + name + "': " + toString(element.takeError()));
  std::optional<SmallVector<int64_t>> shape = inputShape(name, type);
  if (!shape)
    return false;
  if (is_contained(*shape, 0))
    return fail("input '" + name +
                "' has no elements; empty tensors are not supported at run time");
  values[name] = addArgument(name, RankedTensorType::get(*shape, *element));
  return true;
}

/// What the network reads as `type`: an argument, or what is packed in one.
Value GraphImporter::addArgument(StringRef name, RankedTensorType type) {
  StringAttr given = builder.getStringAttr(name);
  Value argument = function.getBody().front().addArgument(
      nn::isPacked(type) ? nn::packedType(type) : type, nn::tensorLoc(given, fileLoc));
  NamedAttrList &attributes = argumentAttributes.emplace_back();
  attributes.set(nn::nameAttr, given);
  if (!nn::isPacked(type))
    return argument;
  attributes.set(nn::packedAttr, TypeAttr::get(type));
  return nn::createUnpacked(builder, argument, type);
}

/// Whether the numbers of -const are as many as they like: the input is a list whose length
/// nothing fixes, or nothing is known of its shape.
bool GraphImporter::takesItsShape(StringRef name, const onnx::TypeProto *type) {
  if (options.inputShapes.count(name.str()))
    return false;
  if (!type || !type->tensor_type().has_shape())
    return true;
  const auto &dims = type->tensor_type().shape().dim();
  return dims.size() == 1 && (!dims[0].has_dim_value() || dims[0].dim_value() == -1) &&
         !options.symbols.count(dims[0].dim_param());
}

bool GraphImporter::addConstantInput(StringRef name, const onnx::ValueInfoProto *info,
                                     StringRef text) {
  values[name] = Value();
  const onnx::TypeProto *type = info ? &info->type() : nullptr;
  std::optional<SmallVector<int64_t>> shape;
  if (!text.empty() && !isTensorFile(text) && !takesItsShape(name, type))
    if (shape = inputShape(name, type); !shape)
      return false;
  Expected<ElementsAttr> value = readConstantInput(text, type, std::move(shape), tensors, context);
  if (!value)
    return fail("-const=" + name + ": " + toString(value.takeError()));
  Location loc = nn::tensorLoc(builder.getStringAttr(name), fileLoc);
  auto dense = dyn_cast<DenseElementsAttr>(*value);
  if (dense && dense.isSplat() && dense.getNumElements() > nn::smallConstantElements) {
    auto scalar = RankedTensorType::get({}, dense.getElementType());
    Value number = builder.create<nn::ConstantOp>(loc, dense.resizeSplat(scalar));
    values[name] = builder.create<nn::BroadcastOp>(loc, dense.getType(), number);
    return true;
  }
  values[name] = builder.create<nn::ConstantOp>(loc, *value);
  return true;
}

bool GraphImporter::addInputs() {
  bool good = true;
  auto add = [&](StringRef name) {
    const Source &source = sources.find(name)->second;
    auto constant = options.constants.find(name.str());
    bool isConstant = constant != options.constants.end();
    if (isConstant && (!constant->second.empty() || !source.initializer))
      good &= addConstantInput(name, valueInfo(name), constant->second);
    else if (!source.initializer)
      good &= addInput(name, valueInfo(name));
  };
  if (options.inputs.empty())
    for (const auto &input : graph.input())
      add(input.name());
  for (const std::string &name : options.inputs)
    add(name);
  return good;
}

} // namespace nnc
