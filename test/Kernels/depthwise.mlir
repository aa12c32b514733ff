// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// Four neighbouring pixels share what they read: the 4x4 input vectors under their 3x3 windows and the nine weights are
// loaded once each, for 36 products, and no loop runs over the window.

// CHECK: func.func private @window3x3
// CHECK-COUNT-2: scf.for
// CHECK-NOT: scf.for
// CHECK-COUNT-25: llvm.load
// CHECK-NOT: llvm.load
// CHECK: return

// A window of 49 is not written out: a loop runs over its rows, the pixels' sums are its values.

// CHECK: func.func private @window7x7
// CHECK: :4 = scf.for {{.*}} to %c7{{.*}} iter_args(
// CHECK-COUNT-28: llvm.intr.fma
// CHECK-NOT: llvm.intr.fma
// CHECK: scf.yield
// CHECK: return
module {
  plan.kernel @window3x3 attributes {algorithm = "depthwise.packed",
      operand_layouts = [#plan.layout<strides = [288, 1, 48, 8]>, #plan.layout<strides = [72, 8, 24, 8], blocks = [8, 1, 1, 1], block_strides = [1, 0, 0, 0]>],
      result_layouts = [#plan.layout<strides = [128, 1, 32, 8]>], tile = {block = 8 : i64, columns = 2 : i64, rows = 2 : i64}} {
  ^bb0(%x: tensor<1x8x6x6xf32>, %w: tensor<8x1x3x3xf32>):
    %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 8 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x6x6xf32>, tensor<8x1x3x3xf32>) -> tensor<1x8x4x4xf32>
    nn.yield %0 : tensor<1x8x4x4xf32>
  }
  plan.kernel @window7x7 attributes {algorithm = "depthwise.packed",
      operand_layouts = [#plan.layout<strides = [800, 1, 80, 8]>, #plan.layout<strides = [392, 8, 56, 8], blocks = [8, 1, 1, 1], block_strides = [1, 0, 0, 0]>],
      result_layouts = [#plan.layout<strides = [128, 1, 32, 8]>], tile = {block = 8 : i64, columns = 4 : i64, rows = 1 : i64}} {
  ^bb0(%x: tensor<1x8x10x10xf32>, %w: tensor<8x1x7x7xf32>):
    %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 8 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x10x10xf32>, tensor<8x1x7x7xf32>) -> tensor<1x8x4x4xf32>
    nn.yield %0 : tensor<1x8x4x4xf32>
  }
  plan.kernel @fill attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [288, 36, 6, 1]>],
      result_layouts = [#plan.layout<strides = [288, 1, 48, 8]>], tile = {}} {
  ^bb0(%x: tensor<1x8x6x6xf32>):
    %0 = nn.floor0 %x {exponent = -40 : i64} : tensor<1x8x6x6xf32>
    nn.yield %0 : tensor<1x8x6x6xf32>
  }
  plan.kernel @fill1 attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [800, 100, 10, 1]>],
      result_layouts = [#plan.layout<strides = [800, 1, 80, 8]>], tile = {}} {
  ^bb0(%x: tensor<1x8x10x10xf32>):
    %0 = nn.floor0 %x {exponent = -40 : i64} : tensor<1x8x10x10xf32>
    nn.yield %0 : tensor<1x8x10x10xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 24576 : i64} {
    %in0 = plan.input 0 "x0" : tensor<1x8x6x6xf32>
    %in1 = plan.input 1 "x1" : tensor<1x8x10x10xf32>
    %window3x3_x = plan.slot offset 0 bytes 4096 live 0 to 3
    %window3x3_out0 = plan.slot offset 4096 bytes 4096 live 0 to 3
    %window7x7_x = plan.slot offset 8192 bytes 12288 live 0 to 3
    %window7x7_out0 = plan.slot offset 20480 bytes 4096 live 0 to 3
    %window3x3_w = plan.constant dense<0.5> : tensor<8x1x3x3xf32> as #plan.layout<strides = [72, 8, 24, 8], blocks = [8, 1, 1, 1], block_strides = [1, 0, 0, 0]>
    %window7x7_w = plan.constant dense<0.5> : tensor<8x1x7x7xf32> as #plan.layout<strides = [392, 8, 56, 8], blocks = [8, 1, 1, 1], block_strides = [1, 0, 0, 0]>
    plan.step @fill (%in0[0]) -> (%window3x3_x[0]) nodes []
    plan.step @fill1 (%in1[0]) -> (%window7x7_x[0]) nodes []
    plan.step @window3x3 (%window3x3_x[0], %window3x3_w[0]) -> (%window3x3_out0[0]) nodes []
    plan.step @window7x7 (%window7x7_x[0], %window7x7_w[0]) -> (%window7x7_out0[0]) nodes []
  }
}
