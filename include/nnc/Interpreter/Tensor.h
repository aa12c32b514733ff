//===- Tensor.h - A tensor's type and bytes --------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"

#include <memory>

namespace nnc::interpreter {

/// A value of the interpreter: static type and row-major bytes (bool: one byte
/// an element, 0 or 1). Copies share the bytes; a tensor is written only by the
/// function that made it.
class Tensor {
public:
  Tensor() = default;
  /// All zeros.
  explicit Tensor(mlir::RankedTensorType type);
  /// A copy of `bytes`, of which there are type.getNumElements() times the element's size.
  Tensor(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes);

  /// The value of a constant. The bytes of a resource are shared with its blob, which must live
  /// as long as the tensor.
  static Tensor fromElements(mlir::ElementsAttr value);
  /// A constant of this value (a resource above nn::smallConstantElements, which shares the
  /// tensor's bytes: they are not to be written any more).
  mlir::ElementsAttr toElements(llvm::StringRef nameHint = "weight") const;

  explicit operator bool() const { return static_cast<bool>(type); }
  mlir::RankedTensorType getType() const { return type; }
  llvm::ArrayRef<int64_t> getShape() const { return type.getShape(); }
  mlir::Type getElementType() const { return type.getElementType(); }
  int64_t getRank() const { return type.getRank(); }
  int64_t getNumElements() const { return type.getNumElements(); }
  /// Bytes of one element.
  int64_t getElementSize() const;

  llvm::ArrayRef<char> bytes() const;
  llvm::MutableArrayRef<char> mutableBytes();
  /// The elements, of which T must be the C type.
  template <typename T>
  llvm::ArrayRef<T> elements() const {
    return llvm::ArrayRef<T>(reinterpret_cast<const T *>(data), getNumElements());
  }
  template <typename T>
  llvm::MutableArrayRef<T> mutableElements() {
    return llvm::MutableArrayRef<T>(reinterpret_cast<T *>(mutableBytes().data()), getNumElements());
  }
  /// The same bytes under another type with as many bytes.
  Tensor withType(mlir::RankedTensorType other) const;

private:
  mlir::RankedTensorType type;
  std::shared_ptr<char> owned; // null where the bytes are a constant's
  const char *data = nullptr;
};

/// How two tensors of one type differ. All NaNs are equal; zeros of unlike sign differ.
struct Difference {
  int64_t count = 0;      // elements that are not bit-equal
  int64_t first = -1;     // row-major position of the first of them
  uint64_t maxUlp = 0;    // floats: representable values between; NaN against a number: all ones
  double maxAbsolute = 0; // infinite where only one is NaN or infinite
};
Difference compare(const Tensor &got, const Tensor &expected);

/// The same type and the same bits, NaNs apart.
bool bitEqual(const Tensor &got, const Tensor &expected);

/// numpy's allclose with equal NaNs: |got - expected| <= absolute + relative * |expected|;
/// integers and bools must be equal. Returns the first position that fails, -1 if none does.
int64_t firstNotClose(const Tensor &got, const Tensor &expected, double relative, double absolute);

/// One element as text: hexadecimal floats where `exact`, else the shortest decimal.
std::string elementText(const Tensor &tensor, int64_t position, bool exact = false);

} // namespace nnc::interpreter
