// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// A short border has code for each of its positions: the part of the window that is inside is known when we compile.

// CHECK: func.func private @border
// CHECK-NOT: arith.{{minsi|maxsi|divui}}
// CHECK: func.func private @wide_border

// At a longer one loops walk that part. Their bounds come from the loop counters alone, by comparisons of integers: of the data
// none is compared but for the maximum, and no branch asks. Bounds and positions are clamped to the input, so that who sees the
// code alone sees that nothing else is read.

// CHECK: %[[OUTSIDE:[0-9]+]] = arith.minsi
// CHECK: %[[TO:[0-9]+]] = arith.minsi
// CHECK: %[[INSIDE:[0-9]+]] = arith.subi %[[TO]], %[[OUTSIDE]]
// CHECK: %[[TAPS:[0-9]+]] = arith.minsi %[[INSIDE]], %c7
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %[[TAPS]]{{.*}} iter_args(
// CHECK: arith.maxsi %{{.*}}, %c0
// CHECK: arith.minsi %{{.*}}, %c6
// CHECK: return
module {
  plan.kernel @border attributes {algorithm = "pool.vector", operand_layouts = [#plan.layout<strides = [784, 1, 112, 16]>],
      result_layouts = [#plan.layout<strides = [256, 1, 64, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x16x7x7xf32>) -> tensor<1x16x4x4xf32>
    nn.yield %0 : tensor<1x16x4x4xf32>
  }
  plan.kernel @wide_border attributes {algorithm = "pool.vector", operand_layouts = [#plan.layout<strides = [784, 1, 112, 16]>],
      result_layouts = [#plan.layout<strides = [784, 1, 112, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 7, 7>, pads = array<i64: 3, 3, 3, 3>, strides = array<i64: 1, 1>} : (tensor<1x16x7x7xf32>) -> tensor<1x16x7x7xf32>
    nn.yield %0 : tensor<1x16x7x7xf32>
  }
  plan.kernel @fill attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [784, 49, 7, 1]>],
      result_layouts = [#plan.layout<strides = [784, 1, 112, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.floor0 %x {exponent = -40 : i64} : tensor<1x16x7x7xf32>
    nn.yield %0 : tensor<1x16x7x7xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 32768 : i64} {
    %in0 = plan.input 0 "x0" : tensor<1x16x7x7xf32>
    %border_x = plan.slot offset 0 bytes 12288 live 0 to 3
    %border_out0 = plan.slot offset 12288 bytes 4096 live 0 to 3
    %wide_x = plan.slot offset 16384 bytes 12288 live 0 to 3
    %wide_out0 = plan.slot offset 28672 bytes 4096 live 0 to 3
    plan.step @fill (%in0[0]) -> (%border_x[0]) nodes []
    plan.step @fill (%in0[0]) -> (%wide_x[0]) nodes []
    plan.step @border (%border_x[0]) -> (%border_out0[0]) nodes []
    plan.step @wide_border (%wide_x[0]) -> (%wide_out0[0]) nodes []
  }
}
