//===- PackHeader.cpp - NAME_pack.h: tensors as beats, and back ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PackageFacts.h"
#include "nnc/Target/HLS/Axis.h"

#include "dialects/NN/ElementTypes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc::hls {

namespace {

/// Integers that floats count exactly: beyond, nn_quantize would miss the ends.
constexpr unsigned maxQuantizedBits = 24;

class PackHeader {
public:
  PackHeader(const Core &core, raw_ostream &os)
      : core(core), os(os), up(StringRef(core.name).upper()) {}

  void write() {
    banner();
    sizes("IN", core.input);
    sizes("OUT", core.output);
    for (const Bus *bus : {&core.input, &core.output})
      for (const PortTensor &tensor : bus->tensors)
        order(tensor);
    access();
    conversions();
    pack();
    unpack();
    os << "#endif /* " << up << "_PACK_H */\n";
  }

private:
  void banner() {
    os << "/* SPDX-License-Identifier: 0BSD\n * Written by nn-compile.\n *\n"
       << " * Tensors as frames on the bus of " << core.name << ", and back. A frame is " << up
       << "_IN_BEATS beats of\n * " << up
       << "_IN_BEAT_BYTES bytes, as TDATA is in memory: the lowest byte first, zeros above the "
          "last\n"
       << " * lane. Tensors are row-major with one element in each variable, also those below "
          "eight\n"
       << " * bits. Floats are rounded as the network does. */\n"
       << "#ifndef " << up << "_PACK_H\n#define " << up << "_PACK_H\n\n"
       << "#include \"nn_runtime.h\"\n\n";
  }

  void sizes(StringRef side, const Bus &bus) {
    auto define = [&](StringRef what, uint64_t value) {
      os << "#define " << up << "_" << side << "_" << what << " " << value << "U\n";
    };
    define("BEATS", bus.beats);
    define("LANES", bus.lanes);
    define("LANE_BITS", bus.laneBits);
    define("BEAT_BYTES", axisWidth(bus) / 8);
    define("BYTES", uint64_t(bus.beats) * axisWidth(bus) / 8);
    os << "\n";
  }

  /// Which element of the tensor comes first, second, ... on the bus.
  void order(const PortTensor &tensor) {
    if (tensor.isRowMajor())
      return;
    os << "static const uint32_t " << core.name << "_order_" << tensor.cName << "["
       << tensor.order.size() << "] = {";
    for (auto [i, element] : enumerate(tensor.order))
      os << (i % 16 == 0 ? "\n  " : " ") << element << ",";
    os << "\n};\n\n";
  }

  void access() {
    os << formatv(R"(/* Sets one lane of a frame of zeros. */
static inline void {0}_put(uint8_t *frame, uint32_t element, uint64_t value) {{
  uint8_t *beat = frame + element / {1}_IN_LANES * {1}_IN_BEAT_BYTES;
  uint32_t bit = element % {1}_IN_LANES * {1}_IN_LANE_BITS, i;
  for (i = 0; i < {1}_IN_LANE_BITS; ++i, ++bit)
    beat[bit / 8] = (uint8_t)(beat[bit / 8] | (value >> i & 1U) << bit % 8);
}

/* One lane of a frame. */
static inline {2} {0}_get(const uint8_t *frame, uint32_t element) {{
  const uint8_t *beat = frame + element / {1}_OUT_LANES * {1}_OUT_BEAT_BYTES;
  uint32_t bit = element % {1}_OUT_LANES * {1}_OUT_LANE_BITS, i;
  uint64_t value = 0;
  for (i = 0; i < {1}_OUT_LANE_BITS; ++i, ++bit)
    value |= (uint64_t)(beat[bit / 8] >> bit % 8 & 1U) << i;
  return {3};
}

)",
                  core.name, up, core.output.isSigned ? "int64_t" : "uint64_t",
                  core.output.isSigned ? signedValue() : "value");
  }

  std::string signedValue() const {
    std::string sign = "((uint64_t)1 << (" + up + "_OUT_LANE_BITS - 1))";
    return "(int64_t)((value ^ " + sign + ") - " + sign + ")";
  }

  static bool isFloat(const PortTensor &tensor) { return tensor.dtype == "float32"; }

  /// Whether floats and the integers on the bus are turned into each other.
  static bool isQuantized(const PortTensor &tensor, const Bus &bus) {
    return tensor.scale && bus.laneBits <= maxQuantizedBits;
  }

  bool quantizes() const {
    auto any = [](const Bus &bus) {
      return any_of(bus.tensors, [&](const PortTensor &t) { return isQuantized(t, bus); });
    };
    return any(core.input) || any(core.output);
  }

  static std::string typeOf(const PortTensor &tensor, const Bus &bus) {
    if (isFloat(tensor) && (!tensor.scale || isQuantized(tensor, bus)))
      return "float";
    const nn::ElementType *element = nn::findElementType(StringRef(tensor.dtype));
    bool isInteger = element && element->kind != nn::ElementType::Float;
    bool isSigned = isInteger ? element->kind == nn::ElementType::Signed : bus.isSigned;
    uint64_t bits = PowerOf2Ceil(std::max(isInteger ? unsigned(element->bits) : bus.laneBits, 8u));
    return (isSigned ? "int" : "uint") + std::to_string(bits) + "_t";
  }

  /// Whether a variable of its type may hold integers that the core does not take.
  bool isLimited(const PortTensor &t) const {
    const nn::ElementType *element = nn::findElementType(StringRef(t.dtype));
    if (!element || element->kind == nn::ElementType::Float)
      return false;
    auto [least, most] = core.input.rangeOf(t);
    Bus type;
    type.laneBits = element->bits;
    type.isSigned = element->kind == nn::ElementType::Signed;
    return type.least() < least || type.most() > most;
  }

  static std::string literal(double scale) { return formatv("{0:e8}f", float(scale)).str(); }

  /// What is added to a number that was cut towards zero, and taken from it, by what was cut off.
  static std::pair<StringRef, StringRef> mendingOf(nn::RoundingMode rounding) {
    switch (rounding) {
    case nn::RoundingMode::HalfEven:
      llvm_unreachable("nn_quantize rounds so");
    case nn::RoundingMode::HalfAway:
      return {"rest >= 0.5f", "rest <= -0.5f"};
    case nn::RoundingMode::HalfToZero:
      return {"rest > 0.5f", "rest < -0.5f"};
    case nn::RoundingMode::Away:
      return {"rest > 0.0f", "rest < 0.0f"};
    case nn::RoundingMode::ToZero:
      return {"0", "0"};
    case nn::RoundingMode::Ceil:
      return {"rest > 0.0f", "0"};
    case nn::RoundingMode::Floor:
      return {"0", "rest < 0.0f"};
    }
    llvm_unreachable("a rounding mode without a rule");
  }

  /// nn.quantize of x in C, with its input floored (NumericSpec 2 and 9).
  void roundOtherwise(const PortTensor &t, int64_t least, int64_t most) {
    auto [up, down] = mendingOf(t.rounding);
    os << formatv(R"(  const float floored = 2.350988701644575e-38f, low = {0}.0f, high = {1}.0f;
  float t = x < floored && x > -floored ? 0.0f : x, rest;
  int32_t whole;
  t = nn_rounded((float)(t / {2}));
  t = t < floored && t > -floored ? 0.0f : t;
  t = t > low ? t : low;
  t = high > t ? t : high;
  whole = (int32_t)t;
  rest = (float)(t - (float)whole); /* exact */
  (void)rest;
  return whole + ({3}) - ({4}) + {5};
)",
                  least - t.zeroPoint, most - t.zeroPoint, literal(*t.scale), up, down,
                  t.zeroPoint);
  }

  void conversions() {
    if (quantizes())
      os << "#ifdef NN_QUANTIZE /* not under -ffast-math */\n";
    for (const PortTensor &t : core.input.tensors) {
      auto [least, most] = core.input.rangeOf(t);
      if (isQuantized(t, core.input)) {
        os << "static inline int32_t " << core.name << "_quantize_" << t.cName << "(float x) {\n";
        if (t.rounding == nn::RoundingMode::HalfEven)
          os << "  return nn_quantize(x, " << literal(*t.scale) << ", " << t.zeroPoint << ", "
             << least << ", " << most << ");\n";
        else
          roundOtherwise(t, least, most);
        os << "}\n\n";
      }
      if (isLimited(t))
        os << "static inline int64_t " << core.name << "_limit_" << t.cName
           << "(int64_t q) {\n  return q < " << least << " ? " << least << " : q > " << most
           << " ? " << most << " : q;\n}\n\n";
    }
    for (const PortTensor &t : core.output.tensors)
      if (isQuantized(t, core.output))
        os << "static inline float " << core.name << "_dequantize_" << t.cName
           << "(int32_t q) {\n  return nn_dequantize(q, " << literal(*t.scale) << ", "
           << t.zeroPoint << ");\n}\n\n";
  }

  std::string element(const PortTensor &tensor) const {
    return tensor.cName + "[" +
           (tensor.isRowMajor() ? "i" : core.name + "_order_" + tensor.cName + "[i]") + "]";
  }

  /// Where element `i` of a tensor is in the frame.
  static std::string place(uint64_t first) { return first ? std::to_string(first) + " + i" : "i"; }

  void pack() {
    os << "static inline void " << core.name << "_pack(";
    for (const PortTensor &t : core.input.tensors)
      os << "const " << typeOf(t, core.input) << " " << t.cName << "[" << t.order.size() << "], ";
    os << "uint8_t frame[" << up << "_IN_BYTES]) {\n  uint32_t i;\n  for (i = 0; i < " << up
       << "_IN_BYTES; ++i)\n    frame[i] = 0;\n";
    uint64_t first = 0;
    for (const PortTensor &t : core.input.tensors) {
      std::string value = element(t);
      if (isFloat(t) && isQuantized(t, core.input))
        value = core.name + "_quantize_" + t.cName + "(" + value + ")";
      else if (isLimited(t))
        value = core.name + "_limit_" + t.cName + "(" + value + ")";
      os << "  for (i = 0; i < " << t.order.size() << "; ++i)\n    " << core.name << "_put(frame, "
         << place(first) << ", (uint64_t)(int64_t)" << value << ");\n";
      first += t.order.size();
    }
    os << "}\n\n";
  }

  void unpack() {
    for (const PortTensor &t : core.output.tensors)
      if (!t.leftToCaller.empty())
        os << "/* " << t.cName
           << " is not yet the model's output: what follows is left to the caller, "
           << "see\n * left_to_caller in " << core.name << ".json. */\n";
    os << "static inline void " << core.name << "_unpack(const uint8_t frame[" << up
       << "_OUT_BYTES]";
    for (const PortTensor &t : core.output.tensors)
      os << ", " << typeOf(t, core.output) << " " << t.cName << "[" << t.order.size() << "]";
    os << ") {\n  uint32_t i;\n";
    uint64_t first = 0;
    for (const PortTensor &t : core.output.tensors) {
      std::string value = core.name + "_get(frame, " + place(first) + ")";
      bool isDequantized = isFloat(t) && isQuantized(t, core.output);
      if (isDequantized)
        value = core.name + "_dequantize_" + t.cName + "((int32_t)" + value + ")";
      else
        value = "(" + typeOf(t, core.output) + ")" + value;
      os << "  for (i = 0; i < " << t.order.size() << "; ++i)\n    " << element(t) << " = " << value
         << ";\n";
      first += t.order.size();
    }
    os << "}\n" << (quantizes() ? "#endif /* NN_QUANTIZE */\n\n" : "\n");
  }

  const Core &core;
  raw_ostream &os;
  std::string up;
};

} // namespace

std::string packHeader(const PackageFacts &facts) {
  std::string text;
  raw_string_ostream os(text);
  PackHeader(facts.core, os).write();
  return text;
}

} // namespace nnc::hls
