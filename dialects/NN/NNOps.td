//===- NNOps.td - The ops of the nn dialect --------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_NN_OPS
#define NNC_NN_OPS

include "dialects/NN/NNDialect.td"

//===----------------------------------------------------------------------===//
// Constants and structure
//===----------------------------------------------------------------------===//

def NN_ConstantOp : NN_Op<"constant", [ConstantLike]> {
  let summary = "A tensor known when we compile.";
  let description = [{
    More than 64 elements are held as a `dense_resource` blob, which is neither
    uniqued nor printed by value.

    ```mlir
    %axes = nn.constant dense<[0, 2]> : tensor<2xi64>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs NN_Tensor:$result);
  let builders = [OpBuilder<(ins "::mlir::ElementsAttr":$value),
                            [{ build($_builder, $_state, value.getType(), value); }]>];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasFolder = 1;
}

def NN_FusedOp : NN_Op<"fused", [IsolatedFromAbove,
                                 SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "A group of ops that becomes one step of the plan.";
  let description = [{
    Its meaning is that of its body, so forming a group cannot change an
    answer. The body's arguments are the operands, in order.

    ```mlir
    %y = nn.fused(%x, %w) : (tensor<1x4xf32>, tensor<4x8xf32>) -> tensor<1x8xf32> {
    ^bb0(%a: tensor<1x4xf32>, %b: tensor<4x8xf32>):
      %0 = nn.matmul %a, %b : (tensor<1x4xf32>, tensor<4x8xf32>) -> tensor<1x8xf32>
      %1 = nn.relu %0 : tensor<1x8xf32>
      nn.yield %1 : tensor<1x8xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<NN_Tensor>:$inputs);
  let results = (outs Variadic<NN_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`(` $inputs `)` attr-dict `:` functional-type(operands, results) $body";
  let hasRegionVerifier = 1;
}

def NN_YieldOp : NN_Op<"yield", [Terminator, ReturnLike]> {
  let summary = "Ends a group: its operands are the group's results.";
  let description = "See `nn.fused` for an example.";
  let arguments = (ins Variadic<NN_Tensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ }]>];
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

def NN_ConvOp : NN_InferredOp<"conv", [NN_Contraction]> {
  let summary = "Convolution over one or more spatial dimensions.";
  let description = [{
    `input` is N x C x spatial, `filter` is O x C/group x window, `bias` is O.
    `pads` are all begins, then all ends, one per spatial dimension.
    Constraints, named in diagnostics:
    (conv_c1) input and filter have the same rank, at least 3;
    (conv_c2) strides, dilations have one entry per spatial dimension, pads two;
    (conv_c3) input channels = filter channels * group;
    (conv_c4) output channels are a multiple of group;
    (conv_c5) bias has one element per output channel;
    (conv_c6) the dilated window fits into the padded input.
    (conv_c7) input, filter and bias have one element type, or input and filter
    are integers of up to 16 bits each, sums and bias being i32;
    (conv_c8) `pad_value` is a value of an integer input's type.

    Taps in the padding count as +0, or as `pad_value` where the input is an
    integer: an input that stands for x - zero point is padded with its zero point.

    ```mlir
    %y = nn.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
                             pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
       : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins NN_Tensor:$input, NN_Tensor:$filter, Optional<NN_Tensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$pads, I64Attr:$group,
                       DefaultValuedOptionalAttr<I64Attr, "0">:$pad_value);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input `,` $filter (`,` $bias^)? attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = [{
    /// Channels and filters as many as groups: one filter per channel.
    bool isDepthwise();
    int64_t spatialRank() { return getInput().getType().getRank() - 2; }
  }];
}

def NN_MatMulOp : NN_InferredOp<"matmul", [NN_Contraction]> {
  let summary = "Product of matrices, batched by numpy's rule.";
  let description = [{
    `lhs` is [batch x] M x K, `rhs` is [batch x] K x N; `bias`, if given, has N
    elements and starts the accumulator. Both operands have rank 2 or more.
    Element types are one for all, or integers of up to 16 bits whose sums are i32.

    ```mlir
    %y = nn.matmul %x, %w, %b
       : (tensor<1x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins NN_Tensor:$lhs, NN_Tensor:$rhs, Optional<NN_Tensor>:$bias);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs (`,` $bias^)? attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

def NN_AddOp : NN_BinaryOp<"add", [Commutative]> {
  let summary = "Sum of two tensors.";
  let description = "Example: `%c = nn.add %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>`";
}
def NN_SubOp : NN_BinaryOp<"sub"> {
  let summary = "Difference of two tensors.";
  let description = "Example: `%c = nn.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>`";
}
def NN_MulOp : NN_BinaryOp<"mul", [Commutative]> {
  let summary = "Product of two tensors, element by element.";
  let description = "Example: `%c = nn.mul %a, %b : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>`";
}
def NN_DivOp : NN_BinaryOp<"div"> {
  let summary = "Quotient of two tensors.";
  let description = [{
    Floats are divided with correct rounding, integers truncate towards zero.
    Example: `%c = nn.div %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>`
  }];
}
def NN_PowOp : NN_BinaryOp<"pow"> {
  let summary = "The first operand to the power of the second.";
  let description = [{
    Graph rewrites the constant exponents 0, 1, 2, 3, 0.5 and -1.
    Example: `%c = nn.pow %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>`
  }];
}
def NN_MinOp : NN_BinaryOp<"min"> {
  let summary = "The lesser of two elements: `a < b ? a : b`.";
  let description = "Example: `%c = nn.min %a, %b : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>`";
}
def NN_MaxOp : NN_BinaryOp<"max"> {
  let summary = "The greater of two elements: `a > b ? a : b`.";
  let description = "Example: `%c = nn.max %a, %b : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>`";
}

def NN_SelectOp : NN_InferredOp<"select", [NN_Elementwise]> {
  let summary = "Takes each element from one of two tensors (ONNX Where).";
  let description = [{
    ```mlir
    %c = nn.select %mask, %a, %b
       : (tensor<4xi1>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins NN_BoolTensor:$condition, NN_Tensor:$onTrue, NN_Tensor:$onFalse);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$condition `,` $onTrue `,` $onFalse attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def NN_ReluOp : NN_UnaryOp<"relu"> {
  let summary = "`0 > x ? +0 : x`.";
  let description = "Example: `%y = nn.relu %x : tensor<4xf32>`";
}
def NN_LeakyReluOp : NN_UnaryOp<"leaky_relu"> {
  let summary = "`0 > x ? x * alpha : x`.";
  let description = "Example: `%y = nn.leaky_relu %x {alpha = 1.000000e-01 : f32} : tensor<4xf32>`";
  let arguments = (ins NN_FloatTensor:$input, F32Attr:$alpha);
}
def NN_ClipOp : NN_UnaryOp<"clip"> {
  let summary = "Limits each element to [min, max].";
  let description = [{
    `t = x < min ? min : x`, then `t > max ? max : t`; the bounds have the
    element type of the tensor.
    Example: `%y = nn.clip %x {min = 0.0 : f32, max = 6.0 : f32} : tensor<4xf32>`
  }];
  let arguments = (ins NN_Tensor:$input, TypedAttrInterface:$min, TypedAttrInterface:$max);
  let hasVerifier = 1;
}
def NN_Floor0Op : NN_UnaryOp<"floor0"> {
  let summary = "Magnitudes below 2^exponent become +0.";
  let description = [{
    Keeps subnormal numbers out by construction (NumericSpec): exponent -40 on
    operands of multiply-accumulates, -125 on what enters from outside. NaN passes.
    Example: `%y = nn.floor0 %x {exponent = -40 : i64} : tensor<4xf32>`
  }];
  let arguments = (ins NN_FloatTensor:$input, I64Attr:$exponent);
}

class NN_FunctionOp<string mnemonic, string what> : NN_UnaryOp<mnemonic> {
  let summary = what;
  let description = "Example: `%y = nn." # mnemonic # " %x : tensor<4xf32>`";
}
def NN_SigmoidOp : NN_FunctionOp<"sigmoid", "1 / (1 + exp(-x)).">;
def NN_TanhOp : NN_FunctionOp<"tanh", "Hyperbolic tangent.">;
def NN_ExpOp : NN_FunctionOp<"exp", "e to the power of x.">;
def NN_LogOp : NN_FunctionOp<"log", "Natural logarithm.">;
def NN_SqrtOp : NN_FunctionOp<"sqrt", "Square root, correctly rounded.">;
def NN_ErfOp : NN_FunctionOp<"erf", "Error function.">;
def NN_NegOp : NN_FunctionOp<"neg", "Negation; the sign of zero and NaN flips.">;

def NN_CastOp : NN_Op<"cast", [NN_Elementwise, SameOperandsAndResultShape]> {
  let summary = "Converts the element type.";
  let description = [{
    float to int truncates, saturates and takes NaN to the least integer (int32 and int64;
    narrower ones keep the low bits of the int32);
    int to float rounds to nearest even; int to int wraps; to bool is `x != 0`.
    Example: `%y = nn.cast %x : tensor<4xi64> to tensor<4xf32>`
  }];
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Quantization: integers that stand for (q - zero_point) * scale
//===----------------------------------------------------------------------===//

def NN_RoundingModeAttr : I64EnumAttr<"RoundingMode", "how a quotient becomes an integer", [
    I64EnumAttrCase<"HalfEven", 0, "half_even">, I64EnumAttrCase<"HalfAway", 1, "half_away">,
    I64EnumAttrCase<"HalfToZero", 2, "half_to_zero">, I64EnumAttrCase<"Away", 3, "away">,
    I64EnumAttrCase<"ToZero", 4, "to_zero">, I64EnumAttrCase<"Ceil", 5, "ceil">,
    I64EnumAttrCase<"Floor", 6, "floor">]> {
  let cppNamespace = "::nnc::nn";
}

def NN_QuantizeOp : NN_Op<"quantize", [NN_Elementwise]> {
  let summary = "The integers that stand for floats.";
  let description = [{
    `round(clamp(input / scale)) + zero_point`; the bounds of the clamp are
    those of the result's type less the zero point. NaN gives the least. `scale` and `zero_point`
    broadcast to the input. `rounding` says to which integer, QONNX' name in parentheses:

    - the nearest one, halves to the even one: `half_even` (0, the default; ROUND), away from zero, as
      in TFLite: `half_away` (1; HALF_UP), or towards zero: `half_to_zero` (2; HALF_DOWN);
    - the next one away from zero: `away` (3; UP), towards zero: `to_zero` (4; DOWN), above:
      `ceil` (5; CEIL), below: `floor` (6; FLOOR).

    ```mlir
    %q = nn.quantize %x, %s, %z
       : (tensor<1x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4xui8>
    ```

    Where floats were integers before, `nn-prove-elementwise` leaves what it proved. Either may be
    ignored, and dropped:

    - `nn.bilinear`, tensor<8xi64>: numbers `[A, B, M, R, s, least, most, ties]` such that the
      result is `clamp(round((x * A + y * B + x * y * M + R) / 2^s), least, most)` for all pairs of
      the integers x and y that the floats depend on, in 64-bit arithmetic; `0 <= s <= 40`.
      x is the one that a reader meets first who starts here and reads the operands of each op from
      left to right, each with its own operands first. It rounds down (`ties` = 0), or, where
      `1 <= s`, to the nearest integer, and halves to even (1) or odd (2) ones;
    - `nn.obstacle`: why there is no such form.
  }];
  let arguments = (ins NN_FloatTensor:$input, NN_FloatTensor:$scale, NN_NarrowTensor:$zero_point,
                       DefaultValuedOptionalAttr<NN_RoundingModeAttr,
                                                 "::nnc::nn::RoundingMode::HalfEven">:$rounding);
  let results = (outs NN_NarrowTensor:$result);
  let assemblyFormat = "$input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def NN_DequantizeOp : NN_Op<"dequantize", [NN_Elementwise]> {
  let summary = "The floats that integers stand for.";
  let description = [{
    `flush(float(input - zero_point) * scale)`, the difference in int32, which wraps; the
    conversion and the product are rounded once each. `scale` and `zero_point` broadcast to the input.

    ```mlir
    %x = nn.dequantize %q, %s, %z
       : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
    ```
  }];
  let arguments = (ins NN_QuantizedTensor:$input, NN_FloatTensor:$scale, NN_QuantizedTensor:$zero_point);
  let results = (outs NN_FloatTensor:$result);
  let assemblyFormat = "$input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def NN_RequantizeOp : NN_Op<"requantize", [NN_Elementwise]> {
  let summary = "Accumulators as integers of a narrower type and another scale.";
  let description = [{
    `round_half_even(clamp(float(input) * scale)) + zero_point`, clamped as in `nn.quantize`;
    conversion and product are rounded once each. `scale` is input scale / result scale;
    `scale` and `zero_point` broadcast to the input.

    ```mlir
    %q = nn.requantize %acc, %s, %z
       : (tensor<1x4x8x8xi32>, tensor<4x1x1xf32>, tensor<i8>) -> tensor<1x4x8x8xi8>
    ```

    `nn-prove-requantization` leaves what it proved, for targets without floats. They may be
    ignored, and dropped. Channels are those of the contraction whose sums the input holds; where
    scale or zero point vary along other dimensions, too, one row per combination, row-major.

    - `nn.accumulators`, tensor<Cx2xi64>: the least and the most sum that each channel reaches.
    - `nn.affine`, tensor<Cx3xi64>: rows `[M, R, s]` such that, with `least` and `most` the
      bounds of the result's type,
      `clamp((input * M + R) >> s, least - zero_point, most - zero_point) + zero_point`
      is the result for every sum that the channel reaches, in 64-bit arithmetic;
      `0 <= M < 2^31`, `0 <= s <= 62`. A shift of -1 says that the channel has no such form.
    - `nn.partial_sums`, tensor<2xi64>, on integer contractions: the bounds of all sums of any
      of a result's products, with and without its bias. Where they are in int32, no order of
      summation wraps, and no pair of products does.
  }];
  let arguments = (ins NN_AccumulatorTensor:$input, NN_FloatTensor:$scale, NN_NarrowTensor:$zero_point);
  let results = (outs NN_NarrowTensor:$result);
  let assemblyFormat = "$input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def NN_RescaleRoundingAttr : I64EnumAttr<"RescaleRounding", "how a scaled integer becomes an integer", [
    I64EnumAttrCase<"Once", 0, "once">, I64EnumAttrCase<"Twice", 1, "twice">,
    I64EnumAttrCase<"HalfAway", 2, "half_away">]> {
  let cppNamespace = "::nnc::nn";
}

def NN_RescaleOp : NN_Op<"rescale", [NN_Elementwise]> {
  let summary = "Integers times a fixed-point factor, multiplier / 2^shift.";
  let description = [{
    What integer runtimes do where `nn.requantize` has a float scale. `clamp(r) + zero_point`,
    the bounds being those of the result's type less the zero point, and `r` by `rounding`:

    - `once` (0): `(input * multiplier + 2^(shift - 1)) >> shift`, half up;
    - `twice` (1): the product over 2^31 half up, and that over 2^(shift - 31) half away from
      zero; a shift below 31 moves the input left before, in int32;
    - `half_away` (2): `once` on the magnitude.

    Products and sums are those of 64 bits, `r` is an int32 and wraps; `0 <= multiplier < 2^31`,
    `1 <= shift <= 62`: constants must be in range, of others the nearest number that is counts.
    `multiplier`, `shift` and `zero_point` broadcast to the input.

    ```mlir
    %q = nn.rescale %acc, %m, %s, %z {rounding = 1 : i64}
       : (tensor<1x4x8x8xi32>, tensor<4x1x1xi32>, tensor<4x1x1xi32>, tensor<i8>) -> tensor<1x4x8x8xi8>
    ```
    `nn-prove-requantization` leaves `nn.accumulators` and `nn.affine`, as on `nn.requantize`.
  }];
  let arguments = (ins NN_AccumulatorTensor:$input, NN_AccumulatorTensor:$multiplier,
                       NN_AccumulatorTensor:$shift, NN_QuantizedTensor:$zero_point,
                       NN_RescaleRoundingAttr:$rounding);
  let results = (outs NN_QuantizedTensor:$result);
  let extraClassDeclaration = [{
    /// The least and the greatest.
    static std::pair<int64_t, int64_t> shiftRange() { return {1, 62}; }
  }];
  let assemblyFormat = "$input `,` $multiplier `,` $shift `,` $zero_point attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def NN_LookupOp : NN_Op<"lookup", [NN_Elementwise, SameOperandsAndResultShape]> {
  let summary = "An element of a table of 256 numbers known when we compile.";
  let description = [{
    `table[input & 255]`, from bytes to bytes, signed or not, or from i32 to i32. Targets select
    it in registers or read all of the table: no address depends on the input.

    ```mlir
    %q = nn.lookup %x {table = array<i32: ...>} : tensor<2x8xi8> to tensor<2x8xui8>
    ```
  }];
  let arguments = (ins NN_TableTensor:$input, DenseI32ArrayAttr:$table);
  let results = (outs NN_TableTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
}

def NN_DivisionAttr : I64EnumAttr<"Division", "how a quotient of integers is found", [
    I64EnumAttrCase<"HalfEven", 0, "half_even">, I64EnumAttrCase<"Reciprocal", 1, "reciprocal">]> {
  let cppNamespace = "::nnc::nn";
}

def NN_ProportionOp : NN_Op<"proportion", [NN_Elementwise]> {
  let summary = "Which part of a sum an integer is, as a narrow integer.";
  let description = [{
    `clamp(r) + zero_point` with the bounds of `nn.rescale`, and `r` by `division`:

    - `half_even` (0): `input * 2^shift / sum` rounded to the nearest integer, ties to even, with
      `0 <= input <= 2^30`, `2^20 <= sum < 2^61`, `0 <= shift <= 32`;
    - `reciprocal` (1): the fixed-point division of gemmlowp (NumericSpec 9) with
      `0 <= input < 2^31`, which counts 2^-31, `2^19 <= sum < 2^31`, which counts 2^-19, and
      `0 <= shift <= 16`; the result counts 2^-shift.

    Of an input or a sum outside of its range the nearest number inside counts.
    `sum` and `zero_point` broadcast to the input.

    ```mlir
    %q = nn.proportion %e, %s, %z {division = 0 : i64, shift = 8 : i64}
       : (tensor<2x8xi32>, tensor<2x1xi64>, tensor<i8>) -> tensor<2x8xi8>
    ```
  }];
  let arguments = (ins NN_AccumulatorTensor:$input, StaticShapeTensorOf<[I64]>:$sum,
                       NN_NarrowTensor:$zero_point, NN_DivisionAttr:$division, I64Attr:$shift);
  let results = (outs NN_NarrowTensor:$result);
  let extraClassDeclaration = [{
    /// The least and the greatest, which `division` decides.
    std::pair<int64_t, int64_t> inputRange(), sumRange();
  }];
  let assemblyFormat = "$input `,` $sum `,` $zero_point attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def NN_ThresholdOp : NN_Op<"threshold"> {
  let summary = "How many thresholds an element reaches (QONNX MultiThreshold).";
  let description = [{
    `least` plus the number of thresholds t with `input >= t`. `thresholds` is C x T: one row per
    index of dimension `channel` of the input, or one row for all. NaN reaches none.
    Constraints, named in diagnostics:
    (threshold_c1) input and thresholds have one element type;
    (threshold_c2) `channel` is a dimension of the input, and C its size or 1;
    (threshold_c3) the result's type holds `least` to `least + T`;
    (threshold_c4) the rows of a constant are ascending, without NaN; equal thresholds count twice.

    ```mlir
    %q = nn.threshold %x, %t {channel = 1 : i64, least = -1 : i64}
       : (tensor<1x4x8x8xf32>, tensor<4x2xf32>) -> tensor<1x4x8x8xi2>
    ```
  }];
  let arguments = (ins NN_ComparableTensor:$input, NN_ComparableTensor:$thresholds,
                       I64Attr:$channel, I64Attr:$least);
  let results = (outs NN_QuantizedTensor:$result);
  let assemblyFormat = "$input `,` $thresholds attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Pooling and reductions
//===----------------------------------------------------------------------===//

def NN_MaxPoolOp : NN_PoolOp<"max_pool"> {
  let summary = "The greatest element of each window.";
  let description = [{
    The window is clipped at the borders. The result's shape is stated: with
    ONNX's ceil_mode it may reach past the end padding.

    ```mlir
    %y = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
                         dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
       : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$pads);
}

def NN_AveragePoolOp : NN_PoolOp<"average_pool"> {
  let summary = "The mean of each window.";
  let description = [{
    With `count_include_pad` the divisor counts the taps on `pads` (never
    those beyond them), else only the taps inside the input.

    ```mlir
    %y = nn.average_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
                             dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>,
                             count_include_pad = false}
       : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins NN_FloatTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$pads,
                       BoolAttr:$count_include_pad);
}

def NN_ReduceSumOp : NN_ReduceOp<"reduce_sum"> {
  let summary = "Sum over axes.";
  let description = [{
    Axes are ascending and not negative.
    Example: `%y = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>`
  }];
}
def NN_ReduceMeanOp : NN_ReduceOp<"reduce_mean"> {
  let summary = "Mean over axes: the sum times the rounded reciprocal of the count.";
  let description = "Example: `%y = nn.reduce_mean %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>`";
}
def NN_ReduceMaxOp : NN_ReduceOp<"reduce_max"> {
  let summary = "The greatest element over axes.";
  let description = "Example: `%y = nn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>`";
}

//===----------------------------------------------------------------------===//
// Composites: they exist until Graph decomposes them into the ops above
//===----------------------------------------------------------------------===//

/// Its result has the type of its operand, all elements of a row of which it reads.
class NN_RowOp<string mnemonic> : NN_Op<mnemonic, [SameOperandsAndResultType]> {
  let arguments = (ins NN_FloatTensor:$input, DenseI64ArrayAttr:$axes);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}
def NN_SoftmaxOp : NN_RowOp<"softmax"> {
  let summary = "exp(x - max) / sum over axes.";
  let description = [{
    Normalises over `axes` together, which are ascending dimensions of the input: any one in
    ONNX from opset 13 on, all from one on before.
    Example: `%y = nn.softmax %x {axes = array<i64: 1>} : tensor<2x8xf32>`
  }];
}
def NN_LogSoftmaxOp : NN_RowOp<"log_softmax"> {
  let summary = "x - max - log(sum(exp(x - max))) over axes.";
  let description = [{
    Axes as in `nn.softmax`.
    Example: `%y = nn.log_softmax %x {axes = array<i64: 1>} : tensor<2x8xf32>`
  }];
}
def NN_LayerNormOp : NN_Op<"layer_norm"> {
  let summary = "Layer normalisation over the axes from `axis` on.";
  let description = [{
    `(x - mean) / sqrt(variance + epsilon) * scale + bias`.

    ```mlir
    %y = nn.layer_norm %x, %scale, %bias {axis = 1 : i64, epsilon = 1.0e-05 : f32}
       : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
    ```
  }];
  let arguments = (ins NN_FloatTensor:$input, NN_FloatTensor:$scale, Optional<NN_FloatTensor>:$bias,
                       I64Attr:$axis, F32Attr:$epsilon);
  let results = (outs NN_FloatTensor:$result);
  let assemblyFormat = "$input `,` $scale (`,` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def NN_BatchNormOp : NN_Op<"batch_norm"> {
  let summary = "Batch normalisation with fixed statistics, per channel (dimension 1).";
  let description = [{
    `(x - mean) / sqrt(variance + epsilon) * scale + bias`; the four
    statistics have one element per channel.

    ```mlir
    %y = nn.batch_norm %x, %scale, %bias, %mean, %variance {epsilon = 1.0e-05 : f32}
       : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins NN_FloatTensor:$input, NN_FloatTensor:$scale, NN_FloatTensor:$bias,
                       NN_FloatTensor:$mean, NN_FloatTensor:$variance, F32Attr:$epsilon);
  let results = (outs NN_FloatTensor:$result);
  let assemblyFormat = "$input `,` $scale `,` $bias `,` $mean `,` $variance attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Movement: bits are copied, never changed
//===----------------------------------------------------------------------===//

def NN_ReshapeOp : NN_Op<"reshape", [NN_Movement]> {
  let summary = "The same elements in row-major order under another shape.";
  let description = "Example: `%y = nn.reshape %x : tensor<2x3xf32> to tensor<6xf32>`";
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def NN_TransposeOp : NN_InferredOp<"transpose", [NN_Movement]> {
  let summary = "Permutes the dimensions: result dimension i is input dimension permutation[i].";
  let description = "Example: `%y = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>`";
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}
def NN_BroadcastOp : NN_Op<"broadcast", [NN_Movement]> {
  let summary = "Repeats dimensions of size one (and new leading ones) by numpy's rule.";
  let description = "Example: `%y = nn.broadcast %x : tensor<1x3xf32> to tensor<2x3xf32>`";
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def NN_SliceOp : NN_Op<"slice", [NN_Movement]> {
  let summary = "Every steps[d]-th element from starts[d] on, as many as the result has.";
  let description = [{
    One entry per dimension; steps may be negative, every index read lies inside.
    Example: `%y = nn.slice %x {starts = array<i64: 4>, steps = array<i64: -2>} : tensor<5xf32> to tensor<3xf32>`
  }];
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$steps);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def NN_ConcatOp : NN_InferredOp<"concat", [NN_Movement]> {
  let summary = "Joins tensors along one axis.";
  let description = "Example: `%y = nn.concat %a, %b {axis = 0 : i64} : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>`";
  let arguments = (ins Variadic<NN_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def NN_PadModeAttr : I64EnumAttr<"PadMode", "what stands outside of the input", [
    I64EnumAttrCase<"Constant", 0, "constant">, I64EnumAttrCase<"Reflect", 1, "reflect">,
    I64EnumAttrCase<"Edge", 2, "edge">, I64EnumAttrCase<"Wrap", 3, "wrap">]> {
  let cppNamespace = "::nnc::nn";
}

def NN_PadOp : NN_InferredOp<"pad", [NN_Movement]> {
  let summary = "Extends every dimension by low[d] and high[d] elements.";
  let description = [{
    `value` stands outside in constant mode; the other modes repeat the input:
    reflect without its border, edge its border, wrap from the other side.
    Pads are not negative (a negative one is a slice).

    ```mlir
    %y = nn.pad %x {low = array<i64: 1>, high = array<i64: 2>, mode = 0 : i64, value = 0.0 : f32}
       : (tensor<4xf32>) -> tensor<7xf32>
    ```
  }];
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       NN_PadModeAttr:$mode, TypedAttrInterface:$value);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}
def NN_GatherOp : NN_InferredOp<"gather", [NN_Movement]> {
  let summary = "Picks slices of `data` along an axis by run-time or constant indices.";
  let description = [{
    The result's shape is data[:axis] + indices + data[axis+1:]. Negative
    indices count from the end; an index out of range is clamped.
    Example: `%y = nn.gather %d, %i {axis = 0 : i64} : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>`
  }];
  let arguments = (ins NN_Tensor:$data, NN_IndexTensor:$indices, I64Attr:$axis);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$data `,` $indices attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def NN_UnpackOp : NN_Op<"unpack"> {
  let summary = "Elements below eight bits out of the bytes that ONNX packs them into.";
  let description = [{
    The first element stands in the lowest bits of the first byte. Bits behind the last element
    do not matter. Only tensors of the caller are packed.
    Example: `%y = nn.unpack %x : tensor<3xui8> to tensor<5xi4>`
  }];
  let arguments = (ins NN_ByteTensor:$input);
  let results = (outs NN_SubByteTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
}
def NN_PackOp : NN_Op<"pack"> {
  let summary = "Elements below eight bits packed into bytes as in ONNX.";
  let description = [{
    The inverse of `nn.unpack`; bits behind the last element are 0.
    Example: `%y = nn.pack %x : tensor<5xi4> to tensor<3xui8>`
  }];
  let arguments = (ins NN_SubByteTensor:$input);
  let results = (outs NN_ByteTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
}

#endif
