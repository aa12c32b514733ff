//===- ExternalData.cpp - Weights in files beside the model -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Tensor.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace nnc {

namespace {

/// Where a tensor's bytes lie.
struct Place {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};

} // namespace

static Expected<Place> readPlace(const onnx::TensorProto &tensor) {
  Place place;
  for (const auto &entry : tensor.external_data()) {
    uint64_t number = 0;
    StringRef key = entry.key(), value = entry.value();
    if (key == "location")
      place.location = value.str();
    if ((key == "offset" || key == "length") && value.getAsInteger(10, number))
      return createStringError("external data: " + key + " '" + value +
                               "' is not a number of bytes");
    if (key == "offset")
      place.offset = number;
    if (key == "length")
      place.length = number;
  }
  if (place.location.empty())
    return createStringError("external data has no location");
  return place;
}

/// The model may name files in its own folder and below, nothing else.
static Error checkLocation(StringRef location) {
  bool upward = any_of(make_range(path::begin(location), path::end(location)),
                       [](StringRef part) { return part == ".."; });
  if (path::is_absolute(location) || upward || !isPrint(location.front()) ||
      any_of(location, [](unsigned char c) { return c < ' '; }))
    return createStringError("external data '" + location + "' is outside of the model's folder");
  return Error::success();
}

/// The file's real path, which must lie below the model's real folder (links resolved).
static Expected<std::string> resolve(StringRef modelPath, StringRef location) {
  SmallString<256> folder, file;
  SmallString<256> beside(path::parent_path(modelPath).empty() ? "."
                                                               : path::parent_path(modelPath));
  SmallString<256> wanted = beside;
  path::append(wanted, location);
  if (std::error_code error = fs::real_path(wanted, file))
    return createStringError("external data '" + location + "': " + error.message());
  if (fs::real_path(beside, folder))
    return createStringError("cannot resolve '" + beside + "'");
  folder += path::get_separator();
  if (!StringRef(file).starts_with(folder))
    return createStringError("external data '" + location + "' is outside of the model's folder");
  return file.str().str();
}

Expected<TensorReader::File> TensorReader::open(StringRef location) {
  if (Error error = checkLocation(location))
    return error;
  File &known = files[location];
  if (known)
    return known;
  Expected<std::string> real = resolve(modelPath, location);
  if (!real)
    return real.takeError();
  fs::file_status status;
  if (fs::status(*real, status) || status.type() != fs::file_type::regular_file)
    return createStringError("external data '" + location + "' is not a regular file");
  if (status.getSize() == 0)
    return createStringError("external data '" + location + "' is empty");
  Expected<fs::file_t> handle = fs::openNativeFileForRead(*real);
  if (!handle)
    return handle.takeError();
  auto close = make_scope_exit([&] { fs::closeFile(*handle); });
  std::error_code error;
  auto file = std::make_shared<fs::mapped_file_region>(*handle, fs::mapped_file_region::readonly,
                                                       status.getSize(), 0, error);
  if (error)
    return createStringError("external data '" + location + "': " + error.message());
  noteRead(*real);
  return known = std::move(file);
}

Expected<TensorReader::Mapped> TensorReader::external(const onnx::TensorProto &tensor,
                                                      int64_t bytes) {
  Expected<Place> place = readPlace(tensor);
  if (!place)
    return place.takeError();
  if (place->length && static_cast<int64_t>(*place->length) != bytes)
    return createStringError(
        formatv("external data '{0}': the tensor needs {1} bytes, length is {2}", place->location,
                bytes, *place->length));
  if (bytes == 0)
    return Mapped{};
  Expected<File> file = open(place->location);
  if (!file)
    return file.takeError();
  uint64_t size = (*file)->size();
  if (place->offset > size || size - place->offset < static_cast<uint64_t>(bytes))
    return createStringError(
        formatv("external data '{0}': the tensor needs {1} bytes from offset {2}, the file has {3}",
                place->location, bytes, place->offset, size));
  return Mapped{*file, ArrayRef((*file)->const_data() + place->offset, bytes)};
}

} // namespace nnc
