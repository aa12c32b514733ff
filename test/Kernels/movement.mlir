// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br \
// RUN:   --implicit-check-not=arith.cmp --implicit-check-not=arith.select

// Movement is loads and stores with no arithmetic on what is moved: a transpose loads eight rows of eight numbers, turns the
// square in registers and stores its columns; three channels are interleaved; padding fills each side with its value and copies the inside, without asking where it is.

// CHECK: func.func private @transpose
// CHECK-COUNT-8: llvm.load {{.*}} -> vector<8xf32>
// CHECK-NOT: llvm.load
// CHECK-COUNT-24: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-8: llvm.store {{.*}} : vector<8xf32>
// CHECK-NOT: llvm.store
// CHECK: return
// CHECK: func.func private @channels_last
// CHECK-COUNT-3: llvm.load {{.*}} -> vector<8xf32>
// CHECK-NOT: llvm.load
// CHECK-COUNT-3: llvm.store {{.*}} : vector<8xf32>
// CHECK-NOT: llvm.store
// CHECK: return
// CHECK: func.func private @pad
// CHECK: 2.500000e+00
// CHECK-COUNT-1: llvm.load
// CHECK-NOT: llvm.load
// CHECK: return
module {
  plan.kernel @transpose attributes {algorithm = "point.move", operand_layouts = [#plan.layout<strides = [24, 1]>],
      result_layouts = [#plan.layout<strides = [16, 1]>], tile = {}} {
  ^bb0(%x: tensor<16x24xf32>):
    %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<16x24xf32>) -> tensor<24x16xf32>
    nn.yield %0 : tensor<24x16xf32>
  }
  plan.kernel @channels_last attributes {algorithm = "point.move", operand_layouts = [#plan.layout<strides = [64, 1]>],
      result_layouts = [#plan.layout<strides = [3, 1]>], tile = {}} {
  ^bb0(%x: tensor<3x64xf32>):
    %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x64xf32>) -> tensor<64x3xf32>
    nn.yield %0 : tensor<64x3xf32>
  }
  plan.kernel @pad attributes {algorithm = "point.move", operand_layouts = [#plan.layout<strides = [8, 1]>],
      result_layouts = [#plan.layout<strides = [10, 1]>], tile = {}} {
  ^bb0(%x: tensor<8x8xf32>):
    %0 = nn.pad %x {low = array<i64: 1, 2>, high = array<i64: 0, 0>, mode = 0 : i64, value = 2.5 : f32} : (tensor<8x8xf32>) -> tensor<9x10xf32>
    nn.yield %0 : tensor<9x10xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %transpose_x = plan.input 0 "transpose_x" : tensor<16x24xf32>
    %pad_x = plan.input 1 "pad_x" : tensor<8x8xf32>
    %channels_x = plan.input 2 "channels_x" : tensor<3x64xf32>
    %channels_out0 = plan.output 2 "channels_out0" : tensor<64x3xf32>
    %transpose_out0 = plan.output 0 "transpose_out0" : tensor<24x16xf32>
    %pad_out0 = plan.output 1 "pad_out0" : tensor<9x10xf32>
    plan.step @transpose (%transpose_x[0]) -> (%transpose_out0[0]) nodes []
    plan.step @channels_last (%channels_x[0]) -> (%channels_out0[0]) nodes []
    plan.step @pad (%pad_x[0]) -> (%pad_out0[0]) nodes []
  }
}
