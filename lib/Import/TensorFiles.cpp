//===- TensorFiles.cpp - Tensors in .pb, .npy and .npz files -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Import/TensorFiles.h"

#include "ConstantInput.h"
#include "nnc/Support/OutputFolder.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

#include <zlib.h>

using namespace llvm;
using namespace mlir;

namespace nnc {

Expected<ElementsAttr> readTensor(StringRef path, MLIRContext &context) {
  TensorReader tensors(path, &context);
  return readTensorFile(path, tensors, &context);
}

//===----------------------------------------------------------------------===//
// .npz: a zip archive of .npy files
//===----------------------------------------------------------------------===//

namespace {

/// Reads the little-endian fields of a zip archive without leaving it.
class ZipReader {
public:
  explicit ZipReader(StringRef data) : data(data) {}
  bool has(uint64_t at, uint64_t bytes) const {
    return at <= data.size() && bytes <= data.size() - at;
  }
  uint64_t u16(uint64_t at) const {
    return has(at, 2) ? support::endian::read16le(data.data() + at) : 0;
  }
  uint64_t u32(uint64_t at) const {
    return has(at, 4) ? support::endian::read32le(data.data() + at) : 0;
  }
  StringRef bytes(uint64_t at, uint64_t count) const {
    return has(at, count) ? data.substr(at, count) : StringRef();
  }

  /// Where the central directory begins and how many entries it has.
  std::optional<std::pair<uint64_t, uint64_t>> directory() const {
    constexpr uint32_t endSignature = 0x06054b50;
    for (uint64_t back = 22; back <= data.size() && back < 22 + 65536; ++back)
      if (uint64_t end = data.size() - back; u32(end) == endSignature)
        return std::pair(u32(end + 16), u16(end + 10));
    return std::nullopt;
  }

private:
  StringRef data;
};

/// The `size` bytes that a deflated entry holds; none if it does not.
std::optional<std::string> inflated(StringRef data, uint64_t size) {
  constexpr uint64_t mostRatio = 1032; // of deflate: what claims more is no reason to allocate it
  if (size / mostRatio > data.size())
    return std::nullopt;
  std::string result(size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data.data()));
  stream.avail_in = data.size();
  stream.next_out = reinterpret_cast<Bytef *>(result.data());
  stream.avail_out = size;
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) // no header of zlib's own
    return std::nullopt;
  bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  return whole ? std::optional(std::move(result)) : std::nullopt;
}

} // namespace

Expected<std::vector<NamedTensor>> readNpz(StringRef path, MLIRContext &context) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError("cannot read '" + path + "': " + file.getError().message());
  ZipReader zip((*file)->getBuffer());
  auto bad = [&](const Twine &why) { return createStringError("'" + path + "' " + why); };
  auto directory = zip.directory();
  if (!directory)
    return bad("is no npz file");
  TensorReader tensors(path, &context);
  std::vector<NamedTensor> result;
  auto [at, count] = *directory;
  for (uint64_t i = 0; i < count; ++i) {
    constexpr uint32_t entrySignature = 0x02014b50;
    if (zip.u32(at) != entrySignature)
      return bad("is no npz file");
    StringRef name = zip.bytes(at + 46, zip.u16(at + 28));
    // The local header's own name and extra fields precede the data.
    uint64_t local = zip.u32(at + 42), stored = zip.u32(at + 20), size = zip.u32(at + 24);
    StringRef data = zip.bytes(local + 30 + zip.u16(local + 26) + zip.u16(local + 28), stored);
    std::optional<std::string> unpacked;
    enum Method { Stored = 0, Deflated = 8 };
    if (uint16_t method = zip.u16(at + 10); method == Deflated) {
      unpacked = inflated(data, size);
      if (!unpacked)
        return bad("is damaged: '" + name + "' does not unpack");
      data = *unpacked;
    } else if (method != Stored) {
      return bad("is compressed in a way that is not supported; save it with numpy.savez");
    }
    if (crc32(arrayRefFromStringRef(data)) != zip.u32(at + 16))
      return bad("is damaged: the checksum of '" + name + "' is wrong");
    name.consume_back(".npy");
    auto value = readNpyBytes(data, (path + ":" + name).str(), tensors, &context);
    if (!value)
      return value.takeError();
    result.push_back({name.str(), *value});
    at += 46 + zip.u16(at + 28) + zip.u16(at + 30) + zip.u16(at + 32);
  }
  return result;
}

std::optional<int64_t> countSamples(ArrayRef<int64_t> array, ArrayRef<int64_t> shape) {
  if (array == shape)
    return 1;
  if (array.empty())
    return std::nullopt;
  if (array.drop_front() == shape)
    return array.front();
  if (shape.empty() || array.drop_front() != shape.drop_front() || array.front() % shape.front())
    return std::nullopt;
  return array.front() / shape.front();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

Error writeTensor(StringRef path, StringRef name, RankedTensorType type, ArrayRef<char> bytes) {
  onnx::TensorProto proto;
  for (int64_t d : type.getShape())
    proto.add_dims(d);
  proto.set_data_type(nn::findElementType(type.getElementType())->onnx);
  proto.set_name(name.str());
  if (nn::findElementType(type.getElementType())->isSubByte())
    proto.set_raw_data(nn::packSubByte(bytes, type.getElementType()));
  else
    proto.set_raw_data(bytes.data(), bytes.size());
  return writeFile(path, proto.SerializeAsString());
}

} // namespace nnc
