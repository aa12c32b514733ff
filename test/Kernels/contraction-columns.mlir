// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// Columns that fill no vector: of packed weights the whole vector is read, since the pack is as wide; weights that stand
// as the caller gave them are read under a constant mask, and so is every result written.

// CHECK: func.func private @packed21
// CHECK: iter_args
// CHECK-NOT: masked.load
// CHECK: scf.yield
// CHECK: dense<[true, true, true, true, true, false, false, false]>
// CHECK: llvm.intr.masked.store
// CHECK: return
// CHECK: func.func private @streamed21
// CHECK: iter_args
// CHECK: dense<[true, true, true, true, true, false, false, false]>
// CHECK: llvm.intr.masked.load
// CHECK: scf.yield
// CHECK: llvm.intr.masked.store
// CHECK: return

// Columns that fill their vectors need no mask.

// CHECK: func.func private @streamed24
// CHECK-NOT: masked
// CHECK: return
module {
  plan.kernel @packed21 attributes {algorithm = "contraction.packed",
      operand_layouts = [#plan.layout<strides = [37, 1]>, #plan.layout<strides = [24, 888], blocks = [1, 24], block_strides = [0, 1]>],
      result_layouts = [#plan.layout<strides = [21, 1]>], tile = {block = 24 : i64, columns_outside, rows0 = 1 : i64, rows1 = 4 : i64}} {
  ^bb0(%x: tensor<8x37xf32>, %w: tensor<37x21xf32>):
    %0 = nn.matmul %x, %w : (tensor<8x37xf32>, tensor<37x21xf32>) -> tensor<8x21xf32>
    nn.yield %0 : tensor<8x21xf32>
  }
  plan.kernel @streamed21 attributes {algorithm = "contraction.streamed",
      operand_layouts = [#plan.layout<strides = [37, 1]>, #plan.layout<strides = [21, 1]>],
      result_layouts = [#plan.layout<strides = [21, 1]>], tile = {block = 24 : i64, columns_outside, rows0 = 1 : i64, rows1 = 4 : i64}} {
  ^bb0(%x: tensor<8x37xf32>, %w: tensor<37x21xf32>):
    %0 = nn.matmul %x, %w : (tensor<8x37xf32>, tensor<37x21xf32>) -> tensor<8x21xf32>
    nn.yield %0 : tensor<8x21xf32>
  }
  plan.kernel @streamed24 attributes {algorithm = "contraction.streamed",
      operand_layouts = [#plan.layout<strides = [37, 1]>, #plan.layout<strides = [24, 1]>],
      result_layouts = [#plan.layout<strides = [24, 1]>], tile = {block = 24 : i64, columns_outside, rows0 = 1 : i64, rows1 = 4 : i64}} {
  ^bb0(%x: tensor<8x37xf32>, %w: tensor<37x24xf32>):
    %0 = nn.matmul %x, %w : (tensor<8x37xf32>, tensor<37x24xf32>) -> tensor<8x24xf32>
    nn.yield %0 : tensor<8x24xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %packed21_x = plan.input 0 "packed21_x" : tensor<8x37xf32>
    %streamed21_x = plan.input 1 "streamed21_x" : tensor<8x37xf32>
    %streamed21_w = plan.input 2 "streamed21_w" : tensor<37x21xf32>
    %streamed24_x = plan.input 3 "streamed24_x" : tensor<8x37xf32>
    %streamed24_w = plan.input 4 "streamed24_w" : tensor<37x24xf32>
    %packed21_out0 = plan.output 0 "packed21_out0" : tensor<8x21xf32>
    %streamed21_out0 = plan.output 1 "streamed21_out0" : tensor<8x21xf32>
    %streamed24_out0 = plan.output 2 "streamed24_out0" : tensor<8x24xf32>
    %packed21_w = plan.constant dense<0.5> : tensor<37x21xf32> as #plan.layout<strides = [24, 888], blocks = [1, 24], block_strides = [0, 1]>
    plan.step @packed21 (%packed21_x[0], %packed21_w[0]) -> (%packed21_out0[0]) nodes []
    plan.step @streamed21 (%streamed21_x[0], %streamed21_w[0]) -> (%streamed21_out0[0]) nodes []
    plan.step @streamed24 (%streamed24_x[0], %streamed24_w[0]) -> (%streamed24_out0[0]) nodes []
  }
}
