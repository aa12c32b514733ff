//===- Passes.td - From quantized floats to integers -------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_QUANTIZATION_PASSES
#define NNC_QUANTIZATION_PASSES

include "mlir/Pass/PassBase.td"

class NN_QuantizationPass<string flag> : Pass<flag, "::mlir::func::FuncOp"> {
  let dependentDialects = ["::nnc::nn::NNDialect"];
}

/// Passes whose result depends on whose rounding is wanted.
class NN_ProfilePass<string flag> : NN_QuantizationPass<flag> {
  let options = [Option<"profile", "exact", "Profile", "Profile::ORT", "whose rounding", [{
    ::llvm::cl::values(clEnumValN(Profile::ORT, "ort", "ONNX Runtime"),
                       clEnumValN(Profile::TFLiteDouble, "tflite-double", "LiteRT"),
                       clEnumValN(Profile::TFLMDouble, "tflm-double", "TFLM"),
                       clEnumValN(Profile::TFLiteSingle, "tflite-single", "single rounding"))}]>];
}

//===----------------------------------------------------------------------===//
// Stage quantize: a float network in QDQ form
//===----------------------------------------------------------------------===//

def FlattenBatches : NN_QuantizationPass<"nn-flatten-batches"> {
  let summary = "Makes a batch of matrices times one matrix a single product of matrices.";
  let description = [{
    Before quantization only: a bias is then that of one ONNX Gemm, and every runtime knows it.
    nn-collapse-batch does so on every road, but of single rows only, whose batch is all that
    they have in common.

    ```
    %1 = nn.matmul %0, %w : 2x3x4, 4x5  ==>  %1 = nn.reshape (nn.matmul (nn.reshape %0 : 6x4), %w)
    ```
  }];
}

def InsertQuantization : NN_QuantizationPass<"nn-insert-quantization"> {
  let summary = "Makes a float network with known ranges one in QDQ form.";
  let description = [{
    Post-training quantization. Behind each value that contractions and means read or leave, and
    what is moved to or from them, stand nn.quantize and nn.dequantize; the grid comes from
    `nn.range`, the least and greatest number of the value. Activations become ui8, weights i8
    with one scale per output channel and zero point 0, biases i32 with the product of the scales.
    A ReLU or Clip that the ends of the grid imply goes. Arguments with `nn.integers` are quantized
    whatever reads them.

    ```
    %1 = nn.conv %0, %w, %b                            ==>  %1 = nn.conv %0', %w', %b', each dequantized
    %2 = nn.relu %1 {nn.range = array<f64: 0.0, 6.0>}       %q = nn.quantize %1, 6/255, 0
                                                            %2 = nn.dequantize %q, 6/255, 0
    ```
  }];
}

def QuantizeWeights : NN_QuantizationPass<"nn-quantize-weights"> {
  let summary = "Makes the weights of a float network integers, and nothing else.";
  let description = [{
    Constant factors of contractions become i8 with zero point 0, with one scale per output channel where no two
    channels share an element.

    ```
    %1 = nn.matmul %0, %w       ==>  %2 = nn.dequantize %q, %s, 0
                                     %1 = nn.matmul %0, %2
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Stage graph: what the caller passes
//===----------------------------------------------------------------------===//

def QuantizeInputs : NN_QuantizationPass<"nn-quantize-inputs"> {
  let summary = "-input-format: inputs in fixed point, where the network leaves that open.";
  let description = [{
    An argument with `nn.format = [bits, fraction]` is rounded to multiples of 2^-fraction in
    two's complement of so many bits, at most 16, ties to even.

    ```
    func @net(%x : f32 {nn.format = [6, 4]})   ==>  %q = nn.quantize %x, 2^-4, 0 : i8
                                                    %c = nn.clip %q {min = -32, max = 31}
                                                    %1 = nn.dequantize %c, 2^-4, 0
    ```
  }];
}

def NativePorts : NN_QuantizationPass<"nn-native-ports"> {
  let summary = "-io=native: inputs and outputs become the integers behind edge Q/DQ.";
  let description = [{
    An input on one grid (`Ports.h`) loses its quantization to the caller, an output its
    dequantization. Runs before nn-describe-ports, which keeps what is stated here; elements below
    eight bits are packed. Those that must stay floats are remarked on. If no input or output is
    quantized, that is an error.

    ```
    func @net(%x : f32) -> f32          ==>  func @net(%q : i8) -> i8
      %q = nn.quantize %x, 0.5, 3              %r = nn.max_pool %q
      %r = nn.max_pool %q                      return %r
      %y = nn.dequantize %r, 0.5, 3
      return %y
    ```
  }];
  let options = [Option<"required", "required", "bool", "true",
                        "refuse networks without a quantized port, and remark on others">,
                 Option<"packs", "packs", "bool", "true",
                        "elements below eight bits are several to a byte">,
                 Option<"anyRounding", "any-rounding", "bool", "false",
                        "callers round in any way, not only halves to even">];
}

def UnpackPorts : NN_QuantizationPass<"nn-unpack-ports"> {
  let summary = "Elements below eight bits come and leave one by one.";
  let description = [{
    For targets without bytes. What callers pass packed (`nn.packed`) gets the type that it has unpacked.

    ```
    func @net(%x : 3xui8 {nn.packed = 1x5xi4})  ==>  func @net(%x : 1x5xi4)
      %0 = nn.unpack %x
    ```
  }];
}

def DescribePorts : NN_QuantizationPass<"nn-describe-ports"> {
  let summary = "Says of inputs and outputs which numbers their integers stand for.";
  let description = [{
    Where all that reads an input quantizes it to one grid, or dequantizes its integers from one,
    and where an output is dequantized or quantized last, scale and zero point become attributes
    of the argument or result. Reshape, transpose, slice and broadcast may stand in between.
    Attributes that are there stay.

    ```
    func @net(%x : f32)                 ==>  func @net(%x : f32 {nn.scale = 0.5, nn.zero_point = 3})
      %q = nn.quantize %x, 0.5, 3
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Stage graph: integers instead of quantized floats (buildResolution, nn-describe-ports first)
//===----------------------------------------------------------------------===//

def QuantizeConstants : NN_QuantizationPass<"nn-quantize-constants"> {
  let summary = "Makes quantized constants integers: weights as QONNX states them.";
  let description = [{
    A Quant of a weight is nn.quantize of a float constant, and perhaps nn.clip. What does not
    depend on inputs is evaluated here, so that weights are integers behind nn.dequantize
    whichever way a network spells them, and no float of them is left.

    ```
    %1 = nn.quantize %weights, %s, %z      ==>  %1 = nn.constant dense<...> : tensor<4x3xi4>
    %2 = nn.dequantize %1, %s, %z               %2 = nn.dequantize %1, %s, %z
    ```
  }];
}

def PropagateQuantization : NN_QuantizationPass<"nn-propagate-quantization"> {
  let summary = "Moves integers instead of the floats that they stand for.";
  let description = [{
    Movement, maximum pooling and the greatest along axes commute with one scale for the whole
    tensor: `nn.quantize` goes before them, `nn.dequantize` behind them, until they meet; where
    their scales and zero points agree, both go. Several scales of `nn.dequantize` move along under
    a transpose, and where each element has its own under a reshape. Bits of the integers are kept.

    The greater and the lesser of two tensors on one grid, and `nn.arg_max`, compare the integers.
    Bytes that are cast to floats (pixels) move before the cast. A function of moved elements that
    is quantized is taken before a reshape or transpose, next to the sums that it is of; before a
    transpose also what differs from channel to channel: constants, scales, thresholds.

    ```
    %1 = nn.dequantize %q, %s, %z      ==>  %3 = nn.transpose %q
    %2 = nn.transpose %1
    %3 = nn.quantize %2, %s, %z
    ```
  }];
}

def AbsorbStoredBias : NN_ProfilePass<"nn-absorb-stored-bias"> {
  let summary = "Makes what is added to a product of quantized operands a bias of whole steps.";
  let description = [{
    Where a bias, or one number or one per channel that is added behind a contraction, is an
    exact multiple of the product of the operands' scales, it becomes an int32 bias with that
    product as its scale, which nn-resolve-contractions and nn-resolve-sums take into their sums.
    The numbers are those before dequantization rounds them: with scales that are powers of
    two a bias on a coarser grid is always such a multiple. Profiles other than ort keep what the
    network says.

    ```
    %1 = nn.matmul (nn.dequantize %q, 1/64), (nn.dequantize %w, 1/32)   ==>  %2 = nn.matmul %., %., %c
    %2 = nn.add %1, (nn.dequantize %b, 1/32)                                 %c = nn.dequantize (64 * %b), 1/2048
    ```
  }];
}

def ResolveContractions : NN_ProfilePass<"nn-resolve-contractions"> {
  let summary = "Makes a quantized convolution or matrix product one of integers.";
  let description = [{
    A contraction of dequantized operands of up to eight bits (the bias an int32 whose scale is
    the product of theirs) whose result is quantized, perhaps after a ReLU or Clip, sums integers
    exactly and is requantized once (NumericSpec sections 8, 9):

    ```
    %1 = nn.dequantize %q, %sx, %zx              ==>  %a = nn.conv %q - %zx, %k - %zw, %b : i32
    %2 = nn.dequantize %k, %sw, %zw                   %4 = nn.requantize %a, %sx * %sw / %sy, %zy
    %3 = nn.conv %1, %2
    %4 = nn.quantize %3, %sy, %zy
    ```
    With words, a float bias, or no quantized result, it is left to nn-resolve-sums. In other profiles
    than ort there stands `nn.rescale`, whose factors are TFLite's.
  }];
}

def ResolveMeans : NN_ProfilePass<"nn-resolve-means"> {
  let summary = "Makes a quantized average one sum of integers.";
  let description = [{
    Average pooling and means between `nn.dequantize`, of integers of up to eight bits, and
    `nn.quantize` sum integers exactly and are requantized once, with
    scale / (result scale * count):

    ```
    %1 = nn.dequantize %q, %s, %z          ==>  %a = nn.conv %q - %z, ones : i32
    %2 = nn.average_pool %1                     %3 = nn.requantize %a, %s / (%sy * count), %zy
    %3 = nn.quantize %2, %sy, %zy
    ```
    Where floats hold each sum, it is a sum of integers, `nn.dequantize` and a product with
    1 / count whatever reads it: the scale is a power of two, 24 bits are enough, and the integers
    have up to eight bits, or 16 with a sign and zero point 0. But a mean over other axes than the
    pixels of one image stays where no integers are made of it again.

    In other profiles than ort an average pooling on one grid sums stored values, zero points
    included, and nn.rescale divides them; other means stay.
  }];
}

def ResolveSoftmax : NN_ProfilePass<"nn-resolve-softmax"> {
  let summary = "Makes a quantized softmax one of integers.";
  let description = [{
    Bytes lie 0 to 255 below the greatest of them, so the exponentials are a table. They are
    summed exactly; the quotient is rounded half to even, in other profiles than ort by
    gemmlowp's reciprocal:

    ```
    %1 = nn.dequantize %q, %s, %z          ==>  %e = nn.lookup (nn.reduce_max %q - %q)
    %2 = nn.softmax %1                          %3 = nn.proportion %e, nn.reduce_sum %e, %zy
    %3 = nn.quantize %2, %sy, %zy
    ```
    With several scales, or scales known at run time, it stays one of floats.
  }];
}

def Tabulate : NN_ProfilePass<"nn-tabulate"> {
  let summary = "Makes what is computed of one byte a table.";
  let description = [{
    Elementwise ops in floats between `nn.dequantize` and `nn.quantize`, of bytes on one grid and
    constants of one number each, all of one shape, are a function of 256 values. The interpreter evaluates all of
    them. What only clips becomes `nn.clip`, what changes nothing goes.

    ```
    %1 = nn.dequantize %q, %s, %z          ==>  %3 = nn.lookup %q
    %2 = nn.sigmoid %1
    %3 = nn.quantize %2, %sy, %zy
    ```
    Only in profile ort: the floats of TFLite depend on the machine's libm. With scales per channel,
    or a result with other than 8 bits, it stays one of floats.
  }];
}

def ResolveElementwise : NN_ProfilePass<"nn-resolve-elementwise"> {
  let summary = "Makes quantized sums, and changes of grid, fixed-point arithmetic.";
  let description = [{
    In other profiles than ort. What remains of `nn.quantize` rounds halves away from zero.

    ```
    %1 = nn.add %a, %b, each dequantized   ==>  %1 = nn.add nn.rescale (%qa - %za << 20),
    %q = nn.quantize %1, %s, %z                             nn.rescale (%qb - %zb << 20)
                                                %q = nn.rescale %1, %z
    ```
  }];
}

def ResolveSums : NN_ProfilePass<"nn-resolve-sums"> {
  let summary = "Makes a product of quantized operands one of integers where its result stays floats.";
  let description = [{
    A contraction of dequantized operands that nn-resolve-contractions left, since floats are
    computed of its result (a float bias, batch normalisation, a residual sum) or it is an
    output, sums integers all the same. They stand for floats by the product of the scales:

    ```
    %1 = nn.dequantize %q, %sx, %zx              ==>  %a = nn.conv %q - %zx, %k - %zw : i32
    %2 = nn.dequantize %k, %sw, %zw                   %3 = nn.dequantize %a, %sx * %sw
    %3 = nn.conv %1, %2, %bias                        %4 = nn.add %3, %bias
    ```
    The weights are known. The left operand has one scale, which is known, and one zero point;
    the right one has one or one per output channel of either, all known. Both have factors of up
    to 16 bits, and no sum of any of the products leaves int32. In profiles other than ort nothing
    happens.

    Weights that are floats in the network, as FINN has them, are integers too where no float is
    rounded: they and the bias are multiples of powers of two, the left scale is one, and 24 bits
    hold every sum.
  }];
}

def VerifyProfile : NN_ProfilePass<"nn-verify-profile"> {
  let summary = "Refuses what a profile does not say how to round.";
  let description = [{
    In other profiles than ort only `nn.quantize` of what enters the network and
    `nn.dequantize` of what leaves it may touch floats, and nothing may be rounded as in ort
    already. All obstacles are named at once; changes no op.

    ```
    %1 = nn.sigmoid %0, which is dequantized   ==>  error: -exact=tflite-double: 'nn.sigmoid' on
    %q = nn.quantize %1, %s, %z                     these operands has no integer form of TFLite here
    ```
  }];
}

def AbsorbZeroPoints : NN_QuantizationPass<"nn-absorb-zero-points"> {
  let summary = "Takes zero points out of the operands of integer contractions.";
  let description = [{
    Constant weights are centered and stored in the narrowest of i8, ui8 and i16. With them
    the zero point of the other operand goes into the bias, and into the pad value:

    ```
    %1 = nn.sub %x, %z, %2 = nn.conv %1, %w, %b   ==>  %2 = nn.conv %x, %w, %b - z * sums of %w {pad_value = z}
    ```
    A zero point of 0 goes without a trace.
  }];
}

//===----------------------------------------------------------------------===//
// Stage fusion: bytes as machines multiply them, and proofs
//===----------------------------------------------------------------------===//

def StoreUnsigned : NN_QuantizationPass<"nn-store-unsigned"> {
  let summary = "Keeps the signed bytes that dot products read as unsigned ones.";
  let description = [{
    For machines that multiply unsigned by signed bytes. All elements are greater by
    128 then, which zero points and biases take back; what leaves the network keeps its type.

    ```
    %q = nn.requantize %a, %s, %z : i8       ==>  %q = nn.requantize %a, %s, %z + 128 : ui8
    %b = nn.conv %q, %w, %c                       %b = nn.conv %q, %w, %c - 128 * sums of %w
    ```
    A depthwise convolution has no neighbouring channels to take together; unless
    `depthwise` is set it reads what there is.
  }];
  let options = [Option<"depthwise", "depthwise", "bool", "false",
                        "also for filters per channel, which take neighbouring columns">];
}

def FoldChannels : NN_QuantizationPass<"nn-fold-channels"> {
  let summary = "Makes the few channels of a first layer columns of a single one.";
  let description = [{
    For machines that take products of integers in groups: neighbours are then all elements of a
    window's row, of which only the last group can be incomplete. Sums and their order stay.

    ```
    %1 = nn.conv %x, %w : 1x3x32x32, 8x3x3x3, strides 2, 2   ==>
    %t = nn.reshape (nn.transpose %x, 0 2 3 1) : 1x1x32x96
    %1 = nn.conv %t, %v : 1x1x32x96, 8x1x3x9, strides 2, 6
    ```
  }];
  let options = [Option<"group", "group", "int64_t", "4", "products that one step takes">];
}

def ProveElementwise : NN_QuantizationPass<"nn-prove-elementwise"> {
  let summary = "Finds integer forms of float ops on two tensors of integers.";
  let description = [{
    What is computed in floats of two tensors of bytes, element by element, and becomes bytes
    again has 65536 results, which the interpreter gives. Where one weighted sum or product of the
    stored integers, an offset and a shift give all of them, `nn.quantize` says so, for targets
    without floats and for reports; else it says why not. Of other integers, up to 16 bits, a form is
    found where no float is rounded before the last. Changes no op.

    ```
    %1 = nn.add %a, %b, each dequantized   ==>  %1 = nn.add %a, %b
    %q = nn.quantize %1, %s, %z                 %q = nn.quantize %1, %s, %z {nn.bilinear = dense<[...]>}
    ```
  }];
}

def ProveRequantization : NN_QuantizationPass<"nn-prove-requantization"> {
  let summary = "Proves of all sums that no order of summation wraps, and how they are scaled.";
  let description = [{
    From weights, biases and what inputs can hold follow the sums that each channel
    reaches. Over them an affine form is searched that equals the float formula of
    `nn.requantize`; attributes keep it, see there. Changes no op, in groups or not.

    ```
    %a = nn.conv %q, %w, %b       ==>  %a = nn.conv %q, %w, %b {nn.partial_sums = [least, most]}
    %r = nn.requantize %a, %s, %z      %r = nn.requantize %a, %s, %z {nn.accumulators = [[least, most], ...],
                                                                      nn.affine = [[M, R, s], ...]}
    ```
    A warning names the first channel whose sums could leave int32.
  }];
}

def MarkModerateScales : NN_QuantizationPass<"nn-mark-moderate-scales"> {
  let summary = "Tells which scales are far from the ends of the floats.";
  let description = [{
    Where all elements of a constant scale are between 2^-64 and 2^64, targets may divide by it
    with multiplications, and leave out floors that no result can need. Changes no op, in groups
    or not.

    ```
    %q = nn.quantize %x, %s, %z   ==>   %q = nn.quantize %x, %s, %z {nn.moderate_scale}
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Stage dataflow: targets without floats; before and behind the same proofs
//===----------------------------------------------------------------------===//

def SplitFloats : NN_QuantizationPass<"nn-split-floats"> {
  let summary = "Cuts float ops off the end of a network.";
  let description = [{
    For targets without floats: an output becomes the integers that it is made of, which is remarked
    on where more than `nn.dequantize` goes. Layers of floats are refused.

    ```
    %1 = nn.dequantize %q, %s, %z       ==>  return %q
    %2 = nn.softmax %1
    return %2
    ```
  }];
}

def FindThresholds : NN_QuantizationPass<"nn-find-thresholds"> {
  let summary = "Replaces float ops between integers by thresholds.";
  let description = [{
    For targets without floats. Sums that are dequantized, scaled, biased, clipped and quantized again, with
    constants for each channel or for all, rise or fall in steps, of which there are few. The interpreter finds where,
    over all sums that are reached. The same goes for `nn.requantize` where a channel has no affine form.
    A sum that makes the result fall is multiplied by -1. What is no such function keeps its floats, and `nn.obstacle`
    says why. `nn.arg_max` compares sums themselves where floats would tell all of them apart.

    ```
    %1 = nn.dequantize %acc, %s, %z     ==>  %q = nn.threshold %acc, dense<[[3, 12, 21], ...]>
    %2 = nn.mul %1, %scale                            {channel = 1, least = 0}
    %3 = nn.relu %2
    %q = nn.quantize %3, %t, %z
    ```
  }];
  let options = [Option<"keepsScales", "keeps-scales", "bool", "false",
                        "leave nn.requantize to a target that multiplies">];
}

def SplitAverages : NN_QuantizationPass<"nn-split-averages"> {
  let summary = "Makes averages of windows that reach over the border several, each of one count.";
  let description = [{
    For targets that scale all elements of a channel alike; runs at the head of stage graph, while
    averages are ops. Where padding does not count, or ceil_mode reaches behind it, a window over the
    border is divided by less than others. Results with one divisor along each dimension are an
    average of their own, of the part of the input that they read:

    ```
    %y = nn.average_pool %x, 3 wide,    ==>  %a = nn.average_pool (nn.slice %x, the first 2), padded by 1 in front
         padded by 1 on both sides           %b = nn.average_pool %x
                                             %c = nn.average_pool (nn.slice %x, the last 2), padded by 1 behind
                                             %y = nn.concat %a, %b, %c
    ```
    No float changes.
  }];
}

def NameGrids : NN_ProfilePass<"nn-name-grids"> {
  let summary = "Names the grid of what is added or joined on grids whose scales are powers of two.";
  let description = [{
    For targets without floats; runs at the head of stage graph. A sum or difference of two tensors
    that stand on such grids stands on the finer of both, as does what is concatenated of unlike ones, and
    no float of up to 16 bits is rounded. Where what reads it is no quantization as a whole (thresholds, an
    offset for each channel, a contraction, a function of what is joined), it is quantized to these very
    numbers: what comes behind is a function of one tensor then. So is a ReLU on such a grid before a
    contraction or an average.

    ```
    %1 = nn.add (nn.dequantize %p, 1/2), (nn.dequantize %q, 1/4)   ==>  %1 = nn.add ., .
    %2 = nn.threshold %1, %t                                            %3 = nn.dequantize (nn.quantize %1, 1/4 : i16), 1/4
                                                                        %2 = nn.threshold %3, %t
    ```
    No float changes. Profiles other than ort keep what the network says.
  }];
}

def TabulateIslands : NN_QuantizationPass<"nn-tabulate-islands"> {
  let summary = "Tells all results of float ops on one or two tensors of few bits.";
  let description = [{
    For targets without floats. What is computed in floats of two tensors of up to 8 bits each, or one of up to 16,
    element by element, and becomes integers of up to 16 bits again has at most 65536 results, which the interpreter
    gives. Where neither thresholds nor a weighted sum were found, `nn.quantize` keeps them.

    ```
    %1 = nn.mul %a, %b, each dequantized   ==>  %1 = nn.mul %a, %b
    %q = nn.quantize %1, %s, %z                 %q = nn.quantize %1, %s, %z {nn.table = dense<[[...], ...]>}
    ```
  }];
}

#endif
