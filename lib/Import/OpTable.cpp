//===- OpTable.cpp - Which operators are imported, and how --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "OpTable.h"

#include "dialects/NN/ElementTypes.h"
#include "nnc/Import/Import.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {

// One line an operator:
// clang-format off

/// Sorted by name. The versions are those of the ONNX schemas.
static const OpEntry table[] = {
    // name, versions, types of the typed operands, inputs (least, most), outputs, limits, import
    {"Abs", {6, 13}, Numbers, First, 1, 1, 1, "", importAbs},
    {"Add", {7, 13, 14}, Numbers, FirstTwo, 2, 2, 1, "", importAdd},
    {"ArgMax", {1, 11, 12, 13}, Numbers | Bytes, First, 1, 1, 1, "", importArgMax},
    {"AveragePool", {7, 10, 11, 19, 22}, F32, First, 1, 1, 1, "1-D and 2-D", importAveragePool},
    {"BatchNormalization", {7, 9, 14, 15}, F32, All, 5, 5, 5, "inference only, first output only",
     importBatchNormalization},
    {"Cast", {6, 9, 13, 19, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "", importCast},
    {"CastLike", {15, 19, 21, 23, 24, 25}, AnySize, First, 2, 2, 1, "", importCastLike},
    {"Clip", {6, 11, 12, 13}, Numbers | Bytes, All, 1, 3, 1, "", importClip},
    {"Concat", {4, 11, 13}, Any, All, 1, ~0u, 1, "", importConcat},
    {"Constant", {1, 9, 11, 12, 13, 19, 21, 23, 24, 25}, Any, All, 0, 0, 1, "no strings, no sparse tensors",
     importConstant},
    {"ConstantOfShape", {9, 20, 21, 23, 24, 25}, I64, First, 1, 1, 1, "the shape must be known, at most 2^28 elements",
     importConstantOfShape},
    {"Conv", {1, 11, 22}, F32, FirstThree, 2, 3, 1, "1-D and 2-D", importConv},
    {"ConvInteger", {10}, Bytes, FirstTwo, 2, 4, 1, "1-D and 2-D", importConvInteger},
    {"DepthToSpace", {1, 11, 13}, Any, First, 1, 1, 1, "", importDepthToSpace},
    {"DequantizeLinear", {10, 13, 19, 21, 23, 24, 25}, Stored, First, 2, 3, 1, "float32 results", importDequantizeLinear},
    {"Div", {7, 13, 14}, Numbers, FirstTwo, 2, 2, 1, "", importDiv},
    {"Dropout", {7, 10, 12, 13, 22}, F32, First, 1, 3, 2, "inference only", importDropout},
    {"DynamicQuantizeLinear", {11}, F32, First, 1, 1, 3, "", importDynamicQuantizeLinear},
    {"Elu", {6, 22}, F32, First, 1, 1, 1, "", importElu},
    {"Erf", {9, 13}, F32, First, 1, 1, 1, "", importErf},
    {"Exp", {6, 13}, F32, First, 1, 1, 1, "", importExp},
    {"Expand", {8, 13}, Any, First, 2, 2, 1, "the shape must be known", importExpand},
    {"Flatten", {1, 9, 11, 13, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "", importFlatten},
    {"Gather", {1, 11, 13}, Any, First, 2, 2, 1, "", importGather},
    {"Gelu", {20}, F32, First, 1, 1, 1, "", importGelu},
    {"Gemm", {7, 9, 11, 13}, F32, FirstThree, 2, 3, 1, "", importGemm},
    {"GlobalAveragePool", {1, 22}, F32, First, 1, 1, 1, "", importGlobalAveragePool},
    {"GlobalMaxPool", {1, 22}, F32, First, 1, 1, 1, "", importGlobalMaxPool},
    {"HardSigmoid", {6, 22}, F32, First, 1, 1, 1, "", importHardSigmoid},
    {"HardSwish", {14, 22}, F32, First, 1, 1, 1, "", importHardSwish},
    {"Identity", {1, 13, 14, 16, 19, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "tensors only", importIdentity},
    // ONNX Runtime gave it to opsets below 17 under this domain, with the same meaning.
    {"LayerNormalization", {1, 17}, F32, FirstThree, 2, 3, 3, "", importLayerNormalization},
    {"LeakyRelu", {6, 16}, F32, First, 1, 1, 1, "", importLeakyRelu},
    {"Log", {6, 13}, F32, First, 1, 1, 1, "", importLog},
    {"LogSoftmax", {1, 11, 13}, F32, First, 1, 1, 1, "", importLogSoftmax},
    {"MatMul", {1, 9, 13}, F32, FirstTwo, 2, 2, 1, "", importMatMul},
    {"MatMulInteger", {10}, Bytes, FirstTwo, 2, 4, 1, "", importMatMulInteger},
    {"Max", {6, 8, 12, 13}, Numbers, All, 1, ~0u, 1, "", importMax},
    {"MaxPool", {1, 8, 10, 11, 12, 22}, F32 | Bytes, First, 1, 1, 2, "1-D and 2-D, the indices must be unused", importMaxPool},
    {"Min", {6, 8, 12, 13}, Numbers, All, 1, ~0u, 1, "", importMin},
    {"Mul", {7, 13, 14}, Numbers, FirstTwo, 2, 2, 1, "", importMul},
    {"Neg", {6, 13}, Numbers, First, 1, 1, 1, "", importNeg},
    {"PRelu", {7, 9, 16}, F32, FirstTwo, 2, 2, 1, "", importPRelu},
    {"Pad", {2, 11, 13, 18, 19, 21, 23, 24, 25}, Any, First, 1, 4, 1, "pads and value must be known", importPad},
    {"Pow", {7, 12, 13, 15}, F32, First, 2, 2, 1, "", importPow},
    {"QLinearConv", {10}, Bytes, First | 1 << 3, 8, 9, 1, "1-D and 2-D", importQLinearConv},
    {"QLinearMatMul", {10, 21}, Bytes, First | 1 << 3, 8, 8, 1, "", importQLinearMatMul},
    {"QuantizeLinear", {10, 13, 19, 21, 23, 24, 25}, F32, First, 2, 3, 1, "to integers of at most 16 bits", importQuantizeLinear},
    {"Reciprocal", {6, 13}, F32, First, 1, 1, 1, "", importReciprocal},
    {"ReduceMax", {1, 11, 12, 13, 18, 20}, Numbers | Bool, First, 1, 2, 1, "axes must be known", importReduceMax},
    {"ReduceMean", {1, 11, 13, 18}, F32, First, 1, 2, 1, "axes must be known", importReduceMean},
    {"ReduceMin", {1, 11, 12, 13, 18, 20}, Numbers | Bool, First, 1, 2, 1, "axes must be known", importReduceMin},
    {"ReduceSum", {1, 11, 13}, Numbers, First, 1, 2, 1, "axes must be known", importReduceSum},
    {"Relu", {6, 13, 14}, F32, First, 1, 1, 1, "", importRelu},
    {"Reshape", {5, 13, 14, 19, 21, 23, 24, 25}, AnySize, First, 2, 2, 1, "the shape must be known", importReshape},
    {"Resize", {10, 11, 13, 18, 19}, Any, First, 1, 4, 1,
     "scales, sizes and roi must be known; linear and cubic of float32", importResize},
    {"Selu", {6, 22}, F32, First, 1, 1, 1, "", importSelu},
    {"Shape", {1, 13, 15, 19, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "", importShape},
    {"Sigmoid", {6, 13}, F32, First, 1, 1, 1, "", importSigmoid},
    {"Size", {1, 13, 19, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "", importSize},
    {"Slice", {1, 10, 11, 13}, Any, First, 1, 5, 1, "starts, ends, axes and steps must be known", importSlice},
    {"Softmax", {1, 11, 13}, F32, First, 1, 1, 1, "", importSoftmax},
    {"Softplus", {1, 22}, F32, First, 1, 1, 1, "", importSoftplus},
    {"Softsign", {1, 22}, F32, First, 1, 1, 1, "", importSoftsign},
    {"SpaceToDepth", {1, 13}, Any, First, 1, 1, 1, "", importSpaceToDepth},
    {"Split", {2, 11, 13, 18}, Any, First, 1, 2, ~0u, "sizes must be known", importSplit},
    {"Sqrt", {6, 13}, F32, First, 1, 1, 1, "", importSqrt},
    {"Squeeze", {1, 11, 13, 21, 23, 24, 25}, AnySize, First, 1, 2, 1, "axes must be known", importSqueeze},
    {"Sub", {7, 13, 14}, Numbers, FirstTwo, 2, 2, 1, "", importSub},
    {"Sum", {6, 8, 13}, F32, All, 1, ~0u, 1, "", importSum},
    {"Tanh", {6, 13}, F32, First, 1, 1, 1, "", importTanh},
    {"Transpose", {1, 13, 21, 23, 24, 25}, AnySize, First, 1, 1, 1, "", importTranspose},
    {"Unsqueeze", {1, 11, 13, 21, 23, 24, 25}, AnySize, First, 1, 2, 1, "axes must be known", importUnsqueeze},
    {"Upsample", {7, 9}, Any, First, 1, 2, 1, "scales must be known; linear of float32", importUpsample},
    {"Where", {9, 16}, Any, All, 3, 3, 1, "", importWhere},
};

/// Those of com.microsoft.
static const OpEntry microsoftTable[] = {
    {"DequantizeLinear", {1}, Stored, First, 2, 3, 1, "float32 results", importDequantizeLinear},
    {"QGemm", {1}, Bytes, First | 1 << 3, 6, 9, 1, "alpha > 0", importQGemm},
    {"QLinearAdd", {1}, Bytes, First | 1 << 3, 2, 8, 1, "", importQLinearAdd},
    {"QLinearAveragePool", {1}, Bytes, First, 2, 5, 1, "1-D and 2-D", importQLinearAveragePool},
    {"QLinearConcat", {1}, Bytes, 1 << 2, 5, ~0u, 1, "", importQLinearConcat},
    {"QLinearGlobalAveragePool", {1}, Bytes, First, 4, 5, 1, "", importQLinearGlobalAveragePool},
    {"QLinearLeakyRelu", {1}, Bytes, First, 2, 5, 1, "", importQLinearLeakyRelu},
    {"QLinearMul", {1}, Bytes, First | 1 << 3, 2, 8, 1, "", importQLinearMul},
    {"QLinearSigmoid", {1}, Bytes, First, 2, 5, 1, "", importQLinearSigmoid},
    {"QLinearSoftmax", {1}, Bytes, First, 2, 5, 1, "", importQLinearSoftmax},
    {"QuantizeLinear", {1}, F32, First, 2, 3, 1, "to integers of at most 16 bits", importQuantizeLinear},
};

/// Those of QONNX, which FINN and Brevitas write under domains of their own.
static const OpEntry qonnxTable[] = {
    {"BipolarQuant", {1}, F32, First, 2, 2, 1, "the scale must be known", importBipolarQuant},
    {"IntQuant", {1}, F32, First, 4, 4, 1,
     "1 to 16 bits; scale, zero point and bit width must be known, zero points be integers", importQuant},
    {"MultiThreshold", {1}, F32, FirstTwo, 2, 2, 1, "the thresholds must be known", importMultiThreshold},
    {"Quant", {1}, F32, First, 4, 4, 1, "as IntQuant", importQuant},
    {"Trunc", {1, 2}, F32, First, 5, 6, 1, "as IntQuant; one scale, to at most as many bits", importTrunc},
};

/// Those of QONNX whose channels stand behind.
static const OpEntry channelsLastTable[] = {
    {"BatchNormalization", {1, 9, 14}, F32, All, 5, 5, 1, "inference only; 1-D and 2-D",
     importChannelsLastBatchNormalization},
    {"Conv", {1}, F32, FirstThree, 2, 3, 1, "1-D and 2-D", importChannelsLastConv},
    {"MaxPool", {1, 10}, F32, First, 1, 1, 1, "1-D and 2-D", importChannelsLastMaxPool},
};

// clang-format on

static bool isQonnxDomain(StringRef domain) {
  return is_contained({"qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas"},
                      domain);
}
static constexpr StringLiteral channelsLastDomain = "qonnx.custom_op.channels_last";

int OpEntry::version(int opset) const {
  int found = 0;
  for (int version : versions)
    if (version <= opset)
      found = version;
  return found;
}

static ArrayRef<OpEntry> tableOf(StringRef domain) {
  if (domain.empty() || domain == "ai.onnx")
    return table;
  if (isQonnxDomain(domain))
    return qonnxTable;
  if (domain == channelsLastDomain)
    return channelsLastTable;
  return domain == microsoftDomain ? ArrayRef<OpEntry>(microsoftTable) : ArrayRef<OpEntry>();
}

const OpEntry *findOp(StringRef domain, StringRef name) {
  ArrayRef<OpEntry> entries = tableOf(domain);
  const auto *it =
      lower_bound(entries, name, [](const OpEntry &e, StringRef n) { return e.name < n; });
  return it != entries.end() && it->name == name ? it : nullptr;
}

bool isKnownDomain(StringRef domain) { return !tableOf(domain).empty(); }

static void printTable(raw_ostream &os, ArrayRef<OpEntry> entries) {
  os << "| operator | defined in opsets | element types | limits |\n|---|---|---|---|\n";
  for (const OpEntry &entry : entries) {
    os << "| " << entry.name << " | ";
    interleaveComma(entry.versions, os);
    os << " | " << nn::elementTypeList(entry.types) << " | " << entry.limits << " |\n";
  }
}

std::string opsMarkdown() {
  std::string text;
  raw_string_ostream os(text);
  os << "# Operators\n\n"
     << "Generated from the importer's table (`lib/Import/OpTable.cpp`) by `nn-compile "
        "-print=ops`.\n"
     << "Opsets " << minOpset << " to " << maxOpset
     << " of the domain `ai.onnx`; all shapes must be known when we compile\n"
     << "(`-shape`). Numbers that shape a result must be constants after folding (`-const`).\n\n"
     << "Inputs and outputs of a network have elements. Inside of it a tensor may be empty: there "
        "is\n"
     << "nothing to compute, it is a constant. An output that nothing reads is no obstacle. What "
        "no\n"
     << "output of the network needs may be of any operator and type; where the file is malformed\n"
     << "there (operands missing, data of the wrong size), it is refused all the same.\n\n";
  printTable(os, table);
  os << "\nOf the domain `" << microsoftDomain << "`, as quantizers write them:\n\n";
  printTable(os, microsoftTable);
  os << "\nOf QONNX, in the domains `qonnx.custom_op.general`, `finn.custom_op.general` and "
        "`onnx.brevitas`\n([Quantization.md](Quantization.md#qonnx) says how they are meant):\n\n";
  printTable(os, qonnxTable);
  os << "\nOf the domain `" << channelsLastDomain << "`:\n\n";
  printTable(os, channelsLastTable);
  return text;
}

} // namespace nnc
