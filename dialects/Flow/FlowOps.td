//===- FlowOps.td - The flow dialect ---------------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_FLOW_OPS
#define NNC_FLOW_OPS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Flow_Dialect : Dialect {
  let name = "flow";
  let cppNamespace = "::nnc::flow";
  let summary = "Which engines a network in hardware has, and from which clock on each of them runs.";
  let description = [{
    A `flow.network` is a graph of engines that work at the same time. What goes from
    one to the next is a stream of integers: a frame comes in beats, one for each
    position of its raster (pixels, row by row; a single beat if the raster has no
    dimension), a beat has a fixed number of lanes (channels), all at once.

    Each engine takes a beat whenever one comes, without asking for it or being asked.
    When beats come is known beforehand: `schedule = [start, pitch…]`, set by
    `nn-schedule-streams`, says that the beat at `[row, column]` of an op's result is there
    `start + row * pitch[0] + column * pitch[1]` clocks after the frame's first input. An
    engine with two operands gets both at once, the earlier through a `flow.delay`.

    ```mlir
    flow.network "net" {
      %x = flow.input "pixels" : !flow.stream<[8, 8] x 3, 0, 255>
      %w = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [1, 1, 1, 1] fill 0
         : !flow.stream<[8, 8] x 3, 0, 255> -> !flow.stream<[8, 8] x 27, 0, 255>
      %y = flow.matrix %w by dense<…> : tensor<4x27xi8> plus dense<…> : tensor<4xi64>
         forms dense<…> : tensor<4x6xi64> : !flow.stream<[8, 8] x 27, 0, 255> -> !flow.stream<[8, 8] x 4, -128, 127>
      flow.output %y : !flow.stream<[8, 8] x 4, -128, 127>
    }
    ```
  }];
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::nnc::rtl::RTLDialect"];
  let extraClassDeclaration = "void registerTypes();";
}

def Flow_StreamType : TypeDef<Flow_Dialect, "Stream"> {
  let mnemonic = "stream";
  let summary = "Integers of a known range that come beat by beat, all lanes at once.";
  let description = [{
    `<[rows, columns] x lanes, least, most>`; the raster has up to two dimensions. On wires a lane is an
    unsigned number or, if `least` is negative, one in two's complement, as wide as the range needs.
  }];
  let parameters = (ins OptionalArrayRefParameter<"int64_t">:$raster, "int64_t":$lanes,
                        "int64_t":$least, "int64_t":$most);
  let assemblyFormat = "`<` `[` custom<Raster>($raster) `]` `x` $lanes `,` $least `,` $most `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    bool isSigned() const { return getLeast() < 0; }
    /// Bits of one lane, and of all.
    unsigned laneWidth() const;
    unsigned width() const { return laneWidth() * getLanes(); }
    int64_t beats() const;
    /// The same raster with other lanes.
    StreamType with(int64_t lanes, int64_t least, int64_t most) const;
  }];
}

class Flow_Op<string mnemonic, list<Trait> traits = []>
    : Op<Flow_Dialect, mnemonic, !listconcat(traits, [HasParent<"NetworkOp">])>;

def Flow_Schedule : OptionalAttr<DenseI64ArrayAttr>;

/// A pure function of each beat for itself. `latency` is how many clocks behind its operand the
/// result comes.
class Flow_Engine<string mnemonic, list<Trait> traits = []>
    : Flow_Op<mnemonic, !listconcat([Pure], traits)> {
  let results = (outs Flow_StreamType:$result);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

def Flow_NetworkOp : Op<Flow_Dialect, "network", [IsolatedFromAbove, SingleBlock]> {
  let summary = "A network as engines and streams between them.";
  let description = [{
    All inputs have one raster, as have all outputs; on the bus they stand one after another in each
    beat. `pipeline`, if given, is the number of carry chains that may follow each other between registers; without it the
    engines that work on single beats have no registers at all.

    `nn-schedule-streams` leaves `latency`, the clocks from a frame's first beat to its first result; `interval`, from a frame
    to the next at least; and `settle`: a frame follows the one before after `interval` clocks, or else only when
    the engines are done with the padding behind that, which is `settle` clocks after its last beat.

    Example: see the dialect.
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<I64Attr>:$pipeline, OptionalAttr<I64Attr>:$latency,
                       OptionalAttr<I64Attr>:$interval, OptionalAttr<I64Attr>:$settle);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name attr-dict-with-keyword $body";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::nnc::flow::OutputOp getOutputs();
    ::mlir::Block &getBlock() { return getBody().front(); }
    /// Frames of several beats come with pauses, and everything then waits.
    bool pauses() { return beats() > 1; }
    /// Of a frame's input.
    int64_t beats();
  }];
}

def Flow_InputOp : Flow_Op<"input", [Pure]> {
  let summary = "A graph input.";
  let description = "Example: `%x = flow.input \"pixels\" : !flow.stream<[8, 8] x 3, 0, 255>`";
  let arguments = (ins StrAttr:$name, Flow_Schedule:$schedule);
  let results = (outs Flow_StreamType:$result);
  let assemblyFormat = "$name attr-dict `:` qualified(type($result))";
}

def Flow_OutputOp : Flow_Op<"output", [Terminator]> {
  let summary = "The graph outputs.";
  let description = "Example: `flow.output %y : !flow.stream<[] x 10, -128, 127>`";
  let arguments = (ins Variadic<Flow_StreamType>:$values);
  let assemblyFormat = "$values attr-dict `:` qualified(type($values))";
}

//===----------------------------------------------------------------------===//
// Engines that take each beat for itself
//===----------------------------------------------------------------------===//

def Flow_MatrixOp : Flow_Engine<"matrix"> {
  let summary = "A constant matrix times the lanes, plus constants, brought to a narrower range.";
  let description = [{
    `sum[i] = constants[i] + sum over j of weights[i][j] * input[j]`; exact. Without more the sums are the
    result. With

    - `forms`, a row `[M, R, s, ties, least, most]` for each lane (or one for all):
      `clamp(round((sum * M + R) / 2^s), least, most)`, where `ties` is 0: rounds down, 1: to the nearest, halves to even, 2:
      halves to odd;
    - `thresholds`, for each lane (or all) ascending numbers: `least` plus the number of those that the sum reaches.

    ```mlir
    %y = flow.matrix %x by dense<[[1, -2, 3]]> : tensor<1x3xi8> plus dense<0> : tensor<1xi64>
       forms dense<[[1, 4, 3, 0, 0, 63]]> : tensor<1x6xi64> : !flow.stream<[] x 3, 0, 63> -> !flow.stream<[] x 1, 0, 63>
    ```
  }];
  let arguments = (ins Flow_StreamType:$input, ElementsAttr:$weights, ElementsAttr:$constants,
                       OptionalAttr<ElementsAttr>:$forms, OptionalAttr<ElementsAttr>:$thresholds,
                       DefaultValuedOptionalAttr<I64Attr, "0">:$least, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = [{
    $input `by` $weights `plus` $constants (`forms` $forms^)? (`thresholds` $thresholds^)? attr-dict `:`
    qualified(type($input)) `->` qualified(type($result))
  }];
}

def Flow_LanesOp : Flow_Engine<"lanes"> {
  let summary = "Lanes in another order: each one of the result is one of an operand's.";
  let description = [{
    `map[i]` is the lane that becomes lane i, those of all operands numbered one after another. Concatenation,
    slices, groups of channels: wires.

    ```mlir
    %y = flow.lanes %a, %b take [0, 2, 1]
       : !flow.stream<[] x 1, 0, 7>, !flow.stream<[] x 2, 0, 7> -> !flow.stream<[] x 3, 0, 7>
    ```
  }];
  let arguments = (ins Variadic<Flow_StreamType>:$inputs, DenseI64ArrayAttr:$map, Flow_Schedule:$schedule);
  let assemblyFormat = [{
    $inputs `take` $map attr-dict `:` qualified(type($inputs)) `->` qualified(type($result))
  }];
}

def Flow_MaxOp : Flow_Engine<"max"> {
  let summary = "The greatest of several lanes.";
  let description = [{
    Lane i of the result is the greatest of the lanes i, i + n, i + 2n … of the input, n being the lanes of the
    result: what a `flow.window` gives, by channels.

    Example: `%y = flow.max %x : !flow.stream<[4, 4] x 12, 0, 63> -> !flow.stream<[4, 4] x 3, 0, 63>`
  }];
  let arguments = (ins Flow_StreamType:$input, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = "$input attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
}

def Flow_ArgMaxOp : Flow_Engine<"arg_max"> {
  let summary = "Which of several lanes is the greatest.";
  let description = [{
    Lane i of the result counts the lanes i, i + n, i + 2n … of the input, n being the lanes of the result, from 0 on
    to the first that is as great as any of them, or with `last` to the last.

    Example: `%y = flow.arg_max %x : !flow.stream<[] x 10, -128, 127> -> !flow.stream<[] x 1, 0, 9>`
  }];
  let arguments = (ins Flow_StreamType:$input, UnitAttr:$last, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = "(`last` $last^)? $input attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
}

def Flow_SoftmaxOp : Flow_Engine<"softmax"> {
  let summary = "What part of a sum each lane's exponential is.";
  let description = [{
    The lanes i, i + `groups`, i + 2 `groups` … are taken together. `e` of a lane is `exponentials[greatest lane - lane]`,
    and the result `clamp(e * 2^shift / (factor * sum of all e) + zero_point)`, the quotient rounded to the nearest
    integer, halves to even; the bounds are those of the result's range. Exponentials are not negative, and that of 0 is positive.

    ```mlir
    %y = flow.softmax %x groups 1 exponentials [64, 24, 9, 3] factor 1 shift 8 plus -128
       : !flow.stream<[] x 4, 0, 3> -> !flow.stream<[] x 4, -128, 127>
    ```
  }];
  let arguments = (ins Flow_StreamType:$input, I64Attr:$groups, DenseI64ArrayAttr:$exponentials, I64Attr:$factor,
                       I64Attr:$shift, I64Attr:$zero_point, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = [{
    $input `groups` $groups `exponentials` $exponentials `factor` $factor `shift` $shift `plus` $zero_point
    attr-dict `:` qualified(type($input)) `->` qualified(type($result))
  }];
}

def Flow_TableOp : Flow_Engine<"table"> {
  let summary = "A constant function of each lane.";
  let description = [{
    `values[lane][x - least]`, or one row for all lanes; `least` is that of the input's range, of which each
    number has its value.

    ```mlir
    %y = flow.table %x in dense<[[3, 0, 1]]> : tensor<1x3xi8>
       : !flow.stream<[] x 4, -1, 1> -> !flow.stream<[] x 4, 0, 3>
    ```
  }];
  let arguments = (ins Flow_StreamType:$input, ElementsAttr:$values, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = "$input `in` $values attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
}

def Flow_MultiplyOp : Flow_Engine<"multiply", [SameTypeOperands]> {
  let summary = "Products, lane by lane.";
  let description = "Example: `%y = flow.multiply %a, %b : !flow.stream<[] x 4, -8, 7> -> !flow.stream<[] x 4, -56, 64>`";
  let arguments = (ins Flow_StreamType:$lhs, Flow_StreamType:$rhs, OptionalAttr<SymbolRefAttr>:$module,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` qualified(type($lhs)) `->` qualified(type($result))";
}

//===----------------------------------------------------------------------===//
// Engines over the raster
//===----------------------------------------------------------------------===//

def Flow_WindowOp : Flow_Engine<"window"> {
  let summary = "The neighbourhood of each position: line buffers.";
  let description = [{
    A convolution's or pool's view of its input: lane `(i * columns of the kernel + j) * lanes + l` at
    `[row, column]` is lane l of the input at `[row * strides[0] - pads[0] + i * dilations[0], …]`, or `fill` where that lies
    outside. `pads` are those before and then those behind, by dimension, as in `nn.conv`.

    Example: see the dialect.
  }];
  let arguments = (ins Flow_StreamType:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$pads, I64Attr:$fill,
                       OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = [{
    $input `kernel` $kernel `strides` $strides `dilations` $dilations `pads` $pads `fill` $fill attr-dict `:`
    qualified(type($input)) `->` qualified(type($result))
  }];
  let extraClassDeclaration = [{
    /// Positions that the kernel spans in a dimension, gaps included.
    int64_t reach(unsigned dim) { return (getKernel()[dim] - 1) * getDilations()[dim] + 1; }
    /// The same without the last taps, where none of their elements are inside of the raster.
    int64_t reachInside(unsigned dim) {
      int64_t pad = getPads()[dim], last = getInput().getType().getRaster()[dim] - 1 + pad;
      return std::min(reach(dim), std::max(pad, last - last % getDilations()[dim]) + 1);
    }
    unsigned rank() { return getKernel().size(); }
  }];
}

def Flow_ReduceKind : I32EnumAttr<"ReduceKind", "what is made of all beats", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Max", 1, "max">]> {
  let cppNamespace = "::nnc::flow";
}

def Flow_ReduceOp : Flow_Engine<"reduce"> {
  let summary = "One beat from all of a frame: sums or greatest numbers, lane by lane.";
  let description = "Example: `%y = flow.reduce sum %x : !flow.stream<[4, 4] x 3, 0, 63> -> !flow.stream<[] x 3, 0, 1008>`";
  let arguments = (ins Flow_ReduceKind:$kind, Flow_StreamType:$input, OptionalAttr<I64Attr>:$latency,
                       Flow_Schedule:$schedule);
  let assemblyFormat = "$kind $input attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
}

def Flow_CollectOp : Flow_Engine<"collect"> {
  let summary = "All beats of a frame side by side as one.";
  let description = [{
    Lane `beat * lanes + l` is lane l of a beat: what stands between convolutions and dense layers.

    Example: `%y = flow.collect %x : !flow.stream<[4, 4] x 3, 0, 63> -> !flow.stream<[] x 48, 0, 63>`
  }];
  let arguments = (ins Flow_StreamType:$input, OptionalAttr<I64Attr>:$latency, Flow_Schedule:$schedule);
  let assemblyFormat = "$input attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
}

def Flow_DelayOp : Flow_Engine<"delay", [SameOperandsAndResultType]> {
  let summary = "The same stream a number of clocks later.";
  let description = [{
    `depth` is how many beats are under way at most, which follows from the schedule.

    Example: `%y = flow.delay %x by 34 holds 17 : !flow.stream<[8, 8] x 3, 0, 63>`
  }];
  let arguments = (ins Flow_StreamType:$input, I64Attr:$latency, I64Attr:$depth, Flow_Schedule:$schedule);
  let assemblyFormat = "$input `by` $latency `holds` $depth attr-dict `:` qualified(type($input))";
}

#endif
