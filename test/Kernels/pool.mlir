// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// Windows that lie inside are written out: nine vectors are read for each vector of the result. What is known of their
// size is a constant factor; nothing is counted or divided.

// CHECK: func.func private @inside
// CHECK-COUNT-2: scf.for
// CHECK-NOT: scf.for
// CHECK-COUNT-18: llvm.load
// CHECK-NOT: llvm.load
// CHECK: return
// CHECK: func.func private @mean_inside
// CHECK-COUNT-2: scf.for
// CHECK-NOT: scf.for
// CHECK-NOT: divf
// CHECK: return
module {
  plan.kernel @inside attributes {algorithm = "pool.vector", operand_layouts = [#plan.layout<strides = [784, 1, 112, 16]>],
      result_layouts = [#plan.layout<strides = [144, 1, 48, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x16x7x7xf32>) -> tensor<1x16x3x3xf32>
    nn.yield %0 : tensor<1x16x3x3xf32>
  }
  plan.kernel @mean_inside attributes {algorithm = "pool.vector", operand_layouts = [#plan.layout<strides = [784, 1, 112, 16]>],
      result_layouts = [#plan.layout<strides = [144, 1, 48, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.average_pool %x {count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x16x7x7xf32>) -> tensor<1x16x3x3xf32>
    nn.yield %0 : tensor<1x16x3x3xf32>
  }
  plan.kernel @fill attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [784, 49, 7, 1]>],
      result_layouts = [#plan.layout<strides = [784, 1, 112, 16]>], tile = {}} {
  ^bb0(%x: tensor<1x16x7x7xf32>):
    %0 = nn.floor0 %x {exponent = -40 : i64} : tensor<1x16x7x7xf32>
    nn.yield %0 : tensor<1x16x7x7xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 32768 : i64} {
    %in0 = plan.input 0 "x0" : tensor<1x16x7x7xf32>
    %inside_x = plan.slot offset 0 bytes 12288 live 0 to 3
    %inside_out0 = plan.slot offset 12288 bytes 4096 live 0 to 3
    %mean_inside_x = plan.slot offset 16384 bytes 12288 live 0 to 3
    %mean_inside_out0 = plan.slot offset 28672 bytes 4096 live 0 to 3
    plan.step @fill (%in0[0]) -> (%inside_x[0]) nodes []
    plan.step @fill (%in0[0]) -> (%mean_inside_x[0]) nodes []
    plan.step @inside (%inside_x[0]) -> (%inside_out0[0]) nodes []
    plan.step @mean_inside (%mean_inside_x[0]) -> (%mean_inside_out0[0]) nodes []
  }
}
