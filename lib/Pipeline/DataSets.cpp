//===- DataSets.cpp - Inputs and expected outputs ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Diagnostics.h"
#include "TensorIntegers.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Import/TensorFiles.h"
#include "nnc/Interpreter/Interpreter.h"
#include "nnc/Pipeline/Session.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <limits>
#include <type_traits>

using namespace llvm;

namespace nnc {

static std::string join(StringRef folder, const Twine &file) {
  SmallString<128> path(folder);
  sys::path::append(path, file);
  return path.str().str();
}

/// `value` through nn.quantize or nn.dequantize, `Op`, on the grid of `port`: a tensor of `type`,
/// by the oracle.
template <typename Op>
static Expected<Tensor> onGrid(const Tensor &value, const Port &port, mlir::RankedTensorType type) {
  mlir::OpBuilder b(type.getContext());
  mlir::Location loc = b.getUnknownLoc();
  auto constant = [&](mlir::ElementsAttr elements) {
    return mlir::OwningOpRef<nn::ConstantOp>(b.create<nn::ConstantOp>(loc, elements));
  };
  auto scalar = [&](mlir::Type element, mlir::Attribute number) {
    return constant(mlir::DenseElementsAttr::get(mlir::RankedTensorType::get({}, element), number));
  };
  mlir::Type stored =
      std::is_same_v<Op, nn::QuantizeOp> ? type.getElementType() : value.getElementType();
  auto x = constant(value.toElements()),
       scale = scalar(b.getF32Type(), b.getF32FloatAttr(port.scale)),
       zero = scalar(stored, b.getIntegerAttr(stored, port.zeroPoint));
  mlir::OwningOpRef<Op> op =
      b.create<Op>(loc, type, x->getResult(), scale->getResult(), zero->getResult());
  if constexpr (std::is_same_v<Op, nn::QuantizeOp>)
    op->setRounding(port.rounding);
  Expected<std::vector<Tensor>> results =
      interpreter::evaluateOp(*op, {value, Tensor::fromElements(scale->getValue()),
                                    Tensor::fromElements(zero->getValue())});
  if (!results)
    return results.takeError();
  return results->front();
}

/// What a file holds. A copy: the blob may be found again under the same name.
static Tensor copyOf(mlir::ElementsAttr value) {
  return Tensor(cast<mlir::RankedTensorType>(value.getType()), nn::elementBytes(value));
}

/// Bytes as elements below eight bits, for which numpy has no type; error: they hold more.
static Expected<Tensor> narrowed(const Tensor &value, mlir::RankedTensorType type, const Port &port,
                                 StringRef where) {
  const nn::ElementType &element = *nn::findElementType(type.getElementType());
  int64_t count = int64_t(1) << element.bits;
  int64_t least = element.kind == nn::ElementType::Signed ? -count / 2 : 0;
  std::vector<int64_t> integers = integersOf(value);
  for (int64_t integer : integers)
    if (integer < least || integer >= least + count)
      return createStringError("'" + where + "': '" + port.name + "' holds " + Twine(integer) +
                               ", which is no " + element.name + ": " + Twine(least) + " to " +
                               Twine(least + count - 1));
  return tensorOf(type, integers);
}

/// The tensor for a port, which must have its type; floats become integers of its grid.
static Expected<Tensor> checked(Tensor value, const Port &port, StringRef where) {
  mlir::RankedTensorType type = port.packed ? port.packed : port.type;
  if (port.scale != 0 && isa<mlir::IntegerType>(type.getElementType()) &&
      value.getType() ==
          mlir::RankedTensorType::get(type.getShape(), mlir::Float32Type::get(type.getContext()))) {
    Expected<Tensor> integers = onGrid<nn::QuantizeOp>(value, port, type);
    if (!integers)
      return integers.takeError();
    value = std::move(*integers);
  }
  const nn::ElementType *element = nn::findElementType(type.getElementType());
  if (element && element->isSubByte() && value.getElementType().isInteger(8) &&
      value.getShape() == type.getShape()) {
    Expected<Tensor> elements = narrowed(value, type, port, where);
    if (!elements)
      return elements.takeError();
    value = std::move(*elements);
  }
  if (value.getType() != type)
    return createStringError("'" + where + "' holds " + irText(value.getType()) + ", '" +
                             port.name + "' is " + irText(type));
  if (!port.packed)
    return value;
  std::string packed = nn::packSubByte(value.bytes(), type.getElementType());
  return Tensor(port.type, ArrayRef<char>(packed.data(), packed.size()));
}

Tensor elementsOf(const Port &port, const Tensor &tensor) {
  if (!port.packed)
    return tensor;
  std::string bytes =
      nn::unpackSubByte(tensor.bytes(), port.packed.getElementType(), port.packed.getNumElements());
  return Tensor(port.packed, ArrayRef<char>(bytes.data(), bytes.size()));
}

Expected<Tensor> convert(const Tensor &value, const Port &from, const Port &to) {
  bool isSameType = irText(value.getType()) == irText(to.type);
  if (!isSameType && value.getShape() == to.type.getShape() && !from.packed && !to.packed) {
    auto floats = mlir::RankedTensorType::get(to.type.getShape(),
                                              mlir::Float32Type::get(to.type.getContext()));
    if (value.getElementType().isF32() && to.scale != 0)
      return onGrid<nn::QuantizeOp>(Tensor(floats, value.bytes()), to, to.type);
    if (value.getElementType().isInteger() && from.scale != 0 && to.type == floats) {
      // The two may be of networks in different contexts.
      auto own = mlir::RankedTensorType::get(from.type.getShape(),
                                             mlir::Float32Type::get(from.type.getContext()));
      Expected<Tensor> result =
          onGrid<nn::DequantizeOp>(Tensor(from.type, value.bytes()), from, own);
      return result ? Expected<Tensor>(Tensor(floats, result->bytes())) : result.takeError();
    }
  }
  if (!isSameType)
    return createStringError("input '" + from.name + "' is " + irText(value.getType()) + ", '" +
                             to.name + "' of the other form " + irText(to.type));
  return Tensor(to.type, value.bytes());
}

//===----------------------------------------------------------------------===//
// Folders and .npz files
//===----------------------------------------------------------------------===//

/// input_J.pb and output_J.pb; expected outputs may be missing.
static Expected<DataSet> loadFolder(StringRef folder, ArrayRef<Port> inputs, ArrayRef<Port> outputs,
                                    mlir::MLIRContext &context) {
  DataSet set;
  set.name = sys::path::filename(folder).str();
  auto read = [&](StringRef stem, size_t j, const Port &port) -> Expected<Tensor> {
    std::string path = join(folder, stem + Twine(j) + ".pb");
    Expected<mlir::ElementsAttr> value = readTensor(path, context);
    return value ? checked(copyOf(*value), port, path) : value.takeError();
  };
  for (auto [j, port] : enumerate(inputs)) {
    Expected<Tensor> tensor = read("input_", j, port);
    if (!tensor)
      return tensor.takeError();
    set.inputs.push_back(*tensor);
    set.files.push_back(join(folder, "input_" + Twine(j) + ".pb"));
  }
  for (auto [j, port] : enumerate(outputs)) {
    set.expected.emplace_back();
    if (!sys::fs::exists(join(folder, "output_" + Twine(j) + ".pb")))
      continue;
    Expected<Tensor> tensor = read("output_", j, port);
    if (!tensor)
      return tensor.takeError();
    set.expected.back() = *tensor;
  }
  return set;
}

/// The test_data_set_* folders of `folder`, by number.
static std::vector<std::string> findSets(StringRef folder) {
  std::vector<std::pair<unsigned, std::string>> found;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code; it.increment(code)) {
    StringRef name = sys::path::filename(it->path());
    unsigned number;
    if (name.consume_front("test_data_set_") && !name.getAsInteger(10, number))
      found.push_back({number, it->path()});
  }
  llvm::sort(found);
  std::vector<std::string> paths;
  for (auto &[number, path] : found)
    paths.push_back(path);
  return paths;
}

static Expected<std::vector<DataSet>> loadFolders(ArrayRef<std::string> folders,
                                                  ArrayRef<Port> inputs, ArrayRef<Port> outputs,
                                                  mlir::MLIRContext &context) {
  std::vector<DataSet> sets;
  for (const std::string &folder : folders) {
    Expected<DataSet> set = loadFolder(folder, inputs, outputs, context);
    if (!set)
      return set.takeError();
    sets.push_back(std::move(*set));
  }
  return sets;
}

/// The samples for a port that `array` holds: one tensor, or several along a leading axis.
static Expected<std::vector<Tensor>> samplesOf(mlir::ElementsAttr array, const Port &port,
                                               StringRef path) {
  auto type = cast<mlir::RankedTensorType>(array.getType());
  ArrayRef<int64_t> shape = (port.packed ? port.packed : port.type).getShape();
  std::optional<int64_t> count = countSamples(type.getShape(), shape);
  if (count == 0)
    return createStringError("'" + path + "': '" + port.name + "' is empty");
  if (!count) // checked() says what is wrong with it
    shape = type.getShape(), count = 1;
  Tensor all = copyOf(array);
  auto sample = mlir::RankedTensorType::get(shape, type.getElementType());
  size_t size = all.bytes().size() / *count;
  std::vector<Tensor> samples;
  for (int64_t i = 0; i < *count; ++i) {
    Expected<Tensor> tensor =
        checked(Tensor(sample, all.bytes().slice(i * size, size)), port, path);
    if (!tensor)
      return tensor.takeError();
    samples.push_back(std::move(*tensor));
  }
  return samples;
}

/// A set for each sample: arrays by the names of inputs and outputs.
static Expected<std::vector<DataSet>> loadNpz(StringRef path, ArrayRef<Port> inputs,
                                              ArrayRef<Port> outputs, mlir::MLIRContext &context) {
  Expected<std::vector<NamedTensor>> arrays = readNpz(path, context);
  if (!arrays)
    return arrays.takeError();
  std::vector<std::vector<Tensor>> columns; // of inputs and outputs; empty: not in the file
  size_t count = 0;
  for (const Port &port : concat<const Port>(inputs, outputs)) {
    auto it = find_if(*arrays, [&](const NamedTensor &t) { return t.name == port.name; });
    bool isInput = columns.size() < inputs.size();
    columns.emplace_back();
    if (it == arrays->end() && isInput)
      return createStringError("'" + path + "' has no array '" + port.name + "'");
    if (it == arrays->end())
      continue;
    Expected<std::vector<Tensor>> samples = samplesOf(it->value, port, path);
    if (!samples)
      return samples.takeError();
    if (count && samples->size() != count)
      return createStringError("'" + path + "': the samples of '" + port.name + "' are " +
                               Twine(samples->size()) + ", those of the arrays before it " +
                               Twine(count));
    count = samples->size();
    columns.back() = std::move(*samples);
  }
  std::vector<DataSet> sets(std::max<size_t>(1, count));
  for (auto [i, set] : enumerate(sets)) {
    set.name = sys::path::filename(path).str();
    if (count > 1)
      set.name += "[" + std::to_string(i) + "]";
    for (auto [j, column] : enumerate(columns))
      (j < inputs.size() ? set.inputs : set.expected)
          .push_back(column.empty() ? Tensor() : column[i]);
  }
  return sets;
}

//===----------------------------------------------------------------------===//
// Made-up data
//===----------------------------------------------------------------------===//

static float extremeFloat(uint64_t random) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  constexpr float values[] = {0.0f,
                              -0.0f,
                              1.0f,
                              -1.0f,
                              1e-40f,
                              -1e-40f,
                              inf,
                              -inf,
                              std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::lowest(),
                              0x1p-126f,
                              -0x1p-126f,
                              std::numeric_limits<float>::quiet_NaN(),
                              0x1p-41f,
                              3.5f,
                              -7.25f};
  return values[random % std::size(values)];
}

/// An element of `bits` bits, of which a T may have more.
template <typename T>
static T makeElement(uint64_t random, Pattern pattern, unsigned bits) {
  bool isExtreme = pattern == Pattern::Extremes;
  if constexpr (std::is_same_v<T, bool>)
    return random & 1;
  else if constexpr (std::is_floating_point_v<T>)
    return isExtreme ? extremeFloat(random) : float(int64_t(random % 65536) - 32768) / 32768.0f;
  else if (unsigned unused = 8 * sizeof(T) - bits; isExtreme)
    return (random % 2 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min()) >> unused;
  else // Wide integers are indices more often than numbers.
    return static_cast<T>(sizeof(T) <= 2 ? random : random % 8) >> unused;
}

std::vector<Tensor> makeInputs(ArrayRef<Port> inputs, Pattern pattern) {
  uint64_t state = 0x9e3779b97f4a7c15;
  auto random = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 33;
  };
  std::vector<Tensor> tensors;
  for (const Port &port : inputs) {
    Tensor &t = tensors.emplace_back(port.type);
    if (pattern == Pattern::Zeros)
      continue;
    nn::visitElementType(port.type.getElementType(), [&](auto zero) {
      using T = decltype(zero);
      for (T &v : t.mutableElements<T>())
        v = makeElement<T>(random(), pattern, port.type.getElementTypeBitWidth());
    });
  }
  return tensors;
}

Expected<std::vector<DataSet>> loadData(StringRef path, StringRef model, ArrayRef<Port> inputs,
                                        ArrayRef<Port> outputs, mlir::MLIRContext &context) {
  if (path.ends_with(".npz"))
    return loadNpz(path, inputs, outputs, context);
  if (!path.empty()) {
    std::vector<std::string> folders = findSets(path);
    if (folders.empty())
      folders = {path.str()};
    return loadFolders(folders, inputs, outputs, context);
  }
  std::vector<std::string> folders = findSets(sys::path::parent_path(model));
  if (!folders.empty() && sys::fs::exists(join(folders[0], "input_0.pb")))
    return loadFolders(folders, inputs, outputs, context);
  std::vector<DataSet> sets;
  for (auto [name, pattern] :
       {std::pair("random", Pattern::Random), std::pair("zeros", Pattern::Zeros),
        std::pair("extremes", Pattern::Extremes)})
    sets.push_back({name, makeInputs(inputs, pattern), std::vector<Tensor>(outputs.size())});
  return sets;
}

} // namespace nnc
