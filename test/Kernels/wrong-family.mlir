// RUN: not %nn-compile %s -target=x86 -stop-after=kernels > %t 2> %t.errors
// RUN: FileCheck %s < %t.errors
// RUN: count 0 < %t

// A plan may be edited; a kernel that its family cannot write is refused, all of them in one go, and none is printed.

// CHECK: wrong-family.mlir:[[@LINE+5]]:{{.*}}error: no kernel family is called 'fft.fast'
// CHECK: wrong-family.mlir:[[@LINE+10]]:{{.*}}error: holds no matmul with one row
// CHECK: wrong-family.mlir:[[@LINE+16]]:{{.*}}error: tile {columns = 8 : i64} needs a `block` of 1 to 4096
// CHECK-NOT: error:
module {
  plan.kernel @unknown attributes {algorithm = "fft.fast", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.neg %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.kernel @two_rows attributes {algorithm = "dense.streamed",
      operand_layouts = [#plan.layout<strides = [4, 1]>, #plan.layout<strides = [8, 1]>],
      result_layouts = [#plan.layout<strides = [8, 1]>], tile = {block = 8 : i64}} {
  ^bb0(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>):
    %0 = nn.matmul %x, %w : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
    nn.yield %0 : tensor<2x8xf32>
  }
  plan.kernel @no_block attributes {algorithm = "dense.streamed",
      operand_layouts = [#plan.layout<strides = [4, 1]>, #plan.layout<strides = [8, 1]>],
      result_layouts = [#plan.layout<strides = [8, 1]>], tile = {columns = 8 : i64}} {
  ^bb0(%x: tensor<1x4xf32>, %w: tensor<4x8xf32>):
    %0 = nn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x8xf32>) -> tensor<1x8xf32>
    nn.yield %0 : tensor<1x8xf32>
  }
  plan.kernel @good attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%x: tensor<8xf32>):
    %0 = nn.neg %x : tensor<8xf32>
    nn.yield %0 : tensor<8xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %a = plan.input 0 "a" : tensor<8xf32>
    %x = plan.input 1 "x" : tensor<2x4xf32>
    %w = plan.input 2 "w" : tensor<4x8xf32>
    %b = plan.output 0 "b" : tensor<8xf32>
    %c = plan.output 1 "c" : tensor<8xf32>
    %y = plan.output 2 "y" : tensor<2x8xf32>
    %z = plan.output 3 "z" : tensor<1x8xf32>
    plan.step @unknown (%a[0]) -> (%b[0]) nodes []
    plan.step @good (%a[0]) -> (%c[0]) nodes []
    plan.step @two_rows (%x[0], %w[0]) -> (%y[0]) nodes []
    plan.step @no_block (%x[0], %w[0]) -> (%z[0]) nodes []
  }
}
