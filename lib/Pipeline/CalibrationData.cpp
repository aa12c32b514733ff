//===- CalibrationData.cpp - Inputs that ranges are measured on ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CalibrationData.h"

#include "Diagnostics.h"
#include "nnc/Import/TensorFiles.h"

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

namespace nnc {

static Error complain(StringRef path, const Twine &what) {
  return createStringError("-calibrate=" + path + ": " + what);
}

/// Every element must be a number: a NaN has no place in a range.
static Error checkFinite(StringRef path, const Port &port, const Tensor &array) {
  if (!array.getElementType().isF32())
    return Error::success();
  ArrayRef<float> values = array.elements<float>();
  const float *bad = find_if(values, [](float v) { return !std::isfinite(v); });
  if (bad == values.end())
    return Error::success();
  return complain(path, "'" + port.name + "' holds " + (std::isnan(*bad) ? "NaN" : "infinity") +
                            " at element " + Twine(bad - values.begin()) +
                            "; calibration needs finite numbers");
}

static Expected<Tensor> checkedArray(StringRef path, const Port &port, mlir::ElementsAttr value) {
  auto type = mlir::cast<mlir::RankedTensorType>(value.getType());
  std::string expected = "'" + port.name + "' is " + irText(port.type);
  if (type.getElementType() != port.type.getElementType())
    return complain(path, "holds " + irText(type) + ", wrong type: " + expected +
                              "; convert it with numpy's astype before it is saved");
  std::optional<int64_t> count = countSamples(type.getShape(), port.type.getShape());
  if (!count)
    return complain(path, "holds " + irText(type) + ", wrong shape: " + expected +
                              "; give one sample, or several along a leading axis");
  if (*count == 0)
    return complain(path, "'" + port.name + "' is empty; calibration needs at least one sample");
  Tensor array(type, nn::elementBytes(value)); // a copy: blobs come and go with the network's
  if (Error error = checkFinite(path, port, array))
    return std::move(error);
  return array;
}

Expected<CalibrationData::Source> CalibrationData::readArrays(StringRef path, ArrayRef<Port> inputs,
                                                              mlir::MLIRContext &context) {
  Expected<std::vector<NamedTensor>> arrays = readNpz(path, context);
  if (!arrays)
    return complain(path, toString(arrays.takeError()));
  Source source;
  for (const Port &port : inputs) {
    auto it = find_if(*arrays, [&](const NamedTensor &t) { return t.name == port.name; });
    if (it == arrays->end())
      return complain(path, "has no array '" + port.name + "', the name of an input; it has " +
                                (arrays->empty() ? "none" : "") +
                                join(map_range(*arrays, [](auto &a) { return a.name; }), ", "));
    Expected<Tensor> array = checkedArray(path, port, it->value);
    if (!array)
      return array.takeError();
    int64_t count = *countSamples(array->getShape(), port.type.getShape());
    if (!source.arrays.empty() && count != source.samples)
      return complain(path, "'" + port.name + "' has " + Twine(count) + " samples, '" +
                                inputs.front().name + "' has " + Twine(source.samples));
    source.samples = count;
    source.arrays.push_back(std::move(*array));
  }
  for (const NamedTensor &array : *arrays)
    if (none_of(inputs, [&](const Port &port) { return port.name == array.name; }))
      mlir::emitWarning(mlir::UnknownLoc::get(&context))
          << "-calibrate=" << path << ": '" << array.name << "' is no input and is not read";
  return source;
}

/// Why there are no samples in the folder `path`; empty: there may be.
static std::string folderProblem(StringRef path) {
  std::error_code code;
  bool isEmpty = true;
  for (sys::fs::directory_iterator it(path, code), end; it != end && !code; it.increment(code)) {
    StringRef name = sys::path::filename(it->path());
    if (name == "input_0.pb" || name.starts_with("test_data_set_"))
      return "";
    isEmpty = false;
  }
  return std::string(isEmpty ? "the folder is empty" : "the folder holds no samples") +
         ", expected input_0.pb (and one more for each other input), or folders test_data_set_0, "
         "test_data_set_1 with these";
}

Error CalibrationData::addFolder(StringRef path, mlir::MLIRContext &context) {
  if (std::string problem = folderProblem(path); !problem.empty())
    return complain(path, problem);
  Expected<std::vector<DataSet>> sets = loadData(path, "", inputs, {}, context);
  if (!sets)
    return complain(path, toString(sets.takeError()));
  for (DataSet &set : *sets) {
    for (auto [port, tensor] : zip_equal(inputs, set.inputs))
      if (Error error = checkFinite(path, port, tensor))
        return error;
    sources.push_back({std::move(set.inputs), 1});
    paths.insert(paths.end(), set.files.begin(), set.files.end());
  }
  return Error::success();
}

Expected<CalibrationData> CalibrationData::load(ArrayRef<std::string> paths, ArrayRef<Port> inputs,
                                                mlir::MLIRContext &context) {
  CalibrationData data;
  data.inputs = inputs.vec();
  if (inputs.empty() && !paths.empty())
    return createStringError("-calibrate: the network has no inputs");
  for (StringRef path : paths) {
    if (sys::fs::is_directory(path)) {
      if (Error error = data.addFolder(path, context))
        return std::move(error);
      continue;
    }
    if (!path.ends_with(".npz"))
      return complain(path, sys::fs::exists(path) ? "is neither an .npz file nor a folder"
                                                  : "there is no such file or folder");
    Expected<Source> source = readArrays(path, inputs, context);
    if (!source)
      return source.takeError();
    data.sources.push_back(std::move(*source));
    data.paths.push_back(path.str());
  }
  for (const Source &source : data.sources)
    data.samples += source.samples;
  return data;
}

std::vector<Tensor> CalibrationData::sample(int64_t i) const {
  const Source *source = sources.begin().base();
  for (; i >= source->samples; ++source)
    i -= source->samples;
  std::vector<Tensor> tensors;
  for (auto [port, array] : zip_equal(inputs, source->arrays)) {
    size_t bytes = array.bytes().size() / source->samples;
    tensors.emplace_back(port.type, array.bytes().slice(i * bytes, bytes));
  }
  return tensors;
}

} // namespace nnc
