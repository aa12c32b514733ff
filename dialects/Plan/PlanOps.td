//===- PlanOps.td - The plan dialect ---------------------------*- tablegen -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef NNC_PLAN_OPS
#define NNC_PLAN_OPS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::nnc::plan";
  let summary = "When and where: ordered steps over one arena, for stored-program machines.";
  let description = [{
    A `plan.program` lists buffers (the caller's inputs and outputs, slots of
    the arena, constants) and then steps in the order in which they run. A
    step runs a `plan.kernel`: the body of an `nn.fused` group, moved here word
    for word, with the algorithm and the layouts that were chosen for it. The
    interpreter executes the steps on real bytes, so a wrong offset or layout
    is a wrong answer. It reads all operands of a step before it writes its
    results; generated kernels do not, so which results may stand in place of
    operands is for `nn-verify-plan` to check.

    ```mlir
    plan.kernel @conv_relu attributes {algorithm = "conv", ...} { ^bb0(...): ... nn.yield ... }
    plan.program @net attributes {arena_bytes = 4096 : i64, arena_align = 64 : i64} {
      %in = plan.input 0 "image" : tensor<1x3x8x8xf32>
      %out = plan.output 0 "scores" : tensor<1x4x8x8xf32>
      %w = plan.constant dense_resource<w> : tensor<4x3x3x3xf32> as #plan.layout<...>
      %s = plan.slot offset 0 bytes 2048 live 0 to 1
      plan.step @pad (%in[0]) -> (%s[144]) nodes ["conv1"]
      plan.step @conv_relu (%s[144], %w[0]) -> (%out[0]) nodes ["conv1", "relu1"]
    }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::nnc::nn::NNDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

def Plan_BufferType : TypeDef<Plan_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "A piece of memory: caller's tensor, slot of the arena or constant.";
}

def Plan_LayoutAttr : AttrDef<Plan_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "Where each element of a tensor stands in a buffer.";
  let description = [{
    One entry per logical dimension. Element `index` stands, in elements from
    the origin (the step's byte offset), at

        sum over d of  blocks[d] > 1 ? index[d] / blocks[d] * strides[d] + index[d] % blocks[d] * block_strides[d]
                                     : index[d] * strides[d]

    `low`/`high` say how many elements of halo stand before and after the
    tensor in each dimension: a step that writes a tensor with this layout
    also writes `fill` to its halo (0 unless stated; floats: +0). Empty lists mean no halo, no blocks. A stride of
    0 repeats one element (operands only).

    ```mlir
    // 1x3x8x8, channels last, one halo element around height and width
    #plan.layout<strides = [300, 1, 30, 3], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>
    // 64x32 filter in blocks of 32 outputs
    #plan.layout<strides = [1024, 32], blocks = [32, 1], block_strides = [1, 0]>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$strides, ArrayRefParameter<"int64_t">:$low,
                        ArrayRefParameter<"int64_t">:$high, ArrayRefParameter<"int64_t">:$blocks,
                        ArrayRefParameter<"int64_t">:$blockStrides, "int64_t":$fill);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [
    AttrBuilder<(ins "::llvm::ArrayRef<int64_t>":$strides),
                [{ return $_get($_ctxt, strides, ::llvm::ArrayRef<int64_t>(), ::llvm::ArrayRef<int64_t>(),
                                ::llvm::ArrayRef<int64_t>(), ::llvm::ArrayRef<int64_t>(), 0); }]>,
    AttrBuilder<(ins "::llvm::ArrayRef<int64_t>":$strides, "::llvm::ArrayRef<int64_t>":$low,
                     "::llvm::ArrayRef<int64_t>":$high, CArg<"int64_t", "0">:$fill),
                [{ return $_get($_ctxt, strides, low, high, ::llvm::ArrayRef<int64_t>(),
                                ::llvm::ArrayRef<int64_t>(), fill); }]>,
    AttrBuilder<(ins "::llvm::ArrayRef<int64_t>":$strides, "::llvm::ArrayRef<int64_t>":$low,
                     "::llvm::ArrayRef<int64_t>":$high, "::llvm::ArrayRef<int64_t>":$blocks,
                     "::llvm::ArrayRef<int64_t>":$blockStrides),
                [{ return $_get($_ctxt, strides, low, high, blocks, blockStrides, 0); }]>];
  let extraClassDeclaration = [{
    /// Row-major without gaps for `shape`.
    static LayoutAttr rowMajor(::mlir::MLIRContext *context, ::llvm::ArrayRef<int64_t> shape);
    int64_t getRank() const { return getStrides().size(); }
    bool isBlocked() const { return !getBlocks().empty(); }
    bool hasHalo() const;
    int64_t lowHalo(int64_t d) const { return getLow().empty() ? 0 : getLow()[d]; }
    int64_t highHalo(int64_t d) const { return getHigh().empty() ? 0 : getHigh()[d]; }
    /// Elements from the origin to element `index` (which may lie in the halo).
    int64_t elementOffset(::llvm::ArrayRef<int64_t> index) const;
    /// Elements from the first one of the halo to the origin; the lowest
    /// origin that keeps a tensor of `shape` inside its buffer.
    int64_t originOffset() const;
    /// Whether every element of a tensor of `shape` and of its halo stands less than
    /// nn::maxElements from the origin. The verifiers see to it.
    bool isWithinLimits(::llvm::ArrayRef<int64_t> shape) const;
    /// Elements from the first of the halo to one past the last, tensors of `shape`.
    int64_t spanElements(::llvm::ArrayRef<int64_t> shape) const;
    /// Row-major strides of `shape`, no halo, no blocks: a plain C array.
    bool isRowMajor(::llvm::ArrayRef<int64_t> shape) const;
  }];
}
def Plan_LayoutArray : TypedArrayAttrBase<Plan_LayoutAttr, "one layout per tensor">;

class Plan_Op<string mnemonic, list<Trait> traits = []> : Op<Plan_Dialect, mnemonic, traits>;

def Plan_KernelOp : Plan_Op<"kernel", [IsolatedFromAbove, Symbol, SingleBlock]> {
  let summary = "What one step computes, how, and on which layouts.";
  let description = [{
    The body is that of an `nn.fused` group; it ends in `nn.yield`. `algorithm`
    names the kernel family and variant that generates it, `tile` all its
    parameters: code is made from what stands there. Equal kernels are one symbol.

    ```mlir
    plan.kernel @k0_neg attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
        result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
    ^bb0(%x: tensor<8xf32>):
      %0 = nn.neg %x : tensor<8xf32>
      nn.yield %0 : tensor<8xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$algorithm, DictionaryAttr:$tile,
                       Plan_LayoutArray:$operand_layouts, Plan_LayoutArray:$result_layouts);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block &getBlock() { return getBody().front(); }
    ::mlir::Operation *getTerminator() { return getBlock().getTerminator(); }
    ::nnc::plan::LayoutAttr operandLayout(unsigned i);
    ::nnc::plan::LayoutAttr resultLayout(unsigned i);
    ::mlir::RankedTensorType operandType(unsigned i);
    ::mlir::RankedTensorType resultType(unsigned i);
    /// Data choose what it reads: the network's own look-up at run time.
    bool looksUpByData() { return getAlgorithm().split('.').second == lookUpVariant; }
    /// The variant of algorithms that do so.
    static constexpr ::llvm::StringLiteral lookUpVariant = "gather_lookup";
  }];
}

def Plan_ProgramOp : Plan_Op<"program", [Symbol, SingleBlock, NoTerminator, SymbolTable]> {
  let summary = "The whole network as buffers and ordered steps.";
  let description = [{
    `arena_bytes` is the memory that the caller passes, aligned to
    `arena_align`: no more than its slots need. Slots that are live at the same
    step do not overlap. Inputs and outputs are numbered from 0 on.

    ```mlir
    plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 32 : i64} {
      %0 = plan.input 0 "x" : tensor<8xf32>
      %1 = plan.output 0 "y" : tensor<8xf32>
      %2 = plan.slot offset 0 bytes 32 live 0 to 1
      plan.step @k0_neg (%0[0]) -> (%2[0]) nodes ["a"]
      plan.step @k0_neg (%2[0]) -> (%1[0]) nodes ["b"]
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$arena_bytes, I64Attr:$arena_align);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

class Plan_BufferOp<string mnemonic> : Plan_Op<mnemonic, [HasParent<"ProgramOp">]> {
  let results = (outs Plan_BufferType:$buffer);
}

def Plan_InputOp : Plan_BufferOp<"input"> {
  let summary = "The caller's input tensor number `index`, row-major, read only.";
  let description = [{
    `nn.scale`, `nn.zero_point` and `nn.packed` say what arguments of a function say by them.
    Example: `%x = plan.input 0 "image" : tensor<1x3x8x8xf32>`
  }];
  let arguments = (ins I64Attr:$index, StrAttr:$name, TypeAttrOf<AnyRankedTensor>:$type);
  let hasVerifier = 1;
  let assemblyFormat = "$index $name attr-dict `:` $type";
}
def Plan_OutputOp : Plan_BufferOp<"output"> {
  let summary = "The caller's output tensor number `index`, row-major, written.";
  let description = [{
    `nn.scale`, `nn.zero_point` and `nn.packed` say what results of a function say by them.
    Example: `%y = plan.output 0 "scores" : tensor<1x10xf32>`
  }];
  let arguments = (ins I64Attr:$index, StrAttr:$name, TypeAttrOf<AnyRankedTensor>:$type);
  let hasVerifier = 1;
  let assemblyFormat = "$index $name attr-dict `:` $type";
}
def Plan_SlotOp : Plan_BufferOp<"slot"> {
  let summary = "Bytes [offset, offset + bytes) of the arena, while live.";
  let description = [{
    Live from the step that first writes it to the step that last reads it,
    both inclusive, counted from 0.
    Example: `%s = plan.slot offset 0 bytes 2048 live 0 to 1`
  }];
  let arguments = (ins I64Attr:$offset, I64Attr:$bytes, I64Attr:$first, I64Attr:$last);
  let assemblyFormat = "`offset` $offset `bytes` $bytes `live` $first `to` $last attr-dict";
  let hasVerifier = 1;
}
def Plan_ConstantOp : Plan_BufferOp<"constant"> {
  let summary = "A tensor in read-only memory, packed by its layout when the object is written.";
  let description = [{
    Elements of the packed buffer that no index reaches are +0.
    Example: `%w = plan.constant dense<1.0> : tensor<4x3xf32> as #plan.layout<strides = [3, 1]>`
  }];
  let arguments = (ins ElementsAttr:$value, Plan_LayoutAttr:$layout);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Plan_StepOp : Plan_Op<"step", [HasParent<"ProgramOp">, AttrSizedOperandSegments]> {
  let summary = "Runs a kernel on buffers.";
  let description = [{
    Each operand and result is a buffer and the byte offset of the tensor's
    origin in it; types and layouts are the kernel's. `nodes` names the ONNX
    nodes whose work this is, `notes` says why the group of ops ended where it
    does. What was proved of the integers of its ops stands here, for kernels
    are shared: `nn.partial_sums`, the hull over its contractions, and
    `nn.requantizations`, for each `nn.requantize` of the body in order a
    dictionary of its `accumulators` and `affine` (see there), empty if unproved.
    Example: `plan.step @k (%a[0], %w[0]) -> (%s[144]) nodes ["conv1"]`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Plan_BufferType>:$reads,
                       Variadic<Plan_BufferType>:$writes, DenseI64ArrayAttr:$read_offsets,
                       DenseI64ArrayAttr:$write_offsets, StrArrayAttr:$nodes,
                       OptionalAttr<StrArrayAttr>:$notes);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The kernel this step runs; null if the symbol is missing.
    ::nnc::plan::KernelOp lookupKernel();
  }];
}

#endif
