// RUN: %nn-opt %s --nn-assign-layouts --nn-plan-memory --nn-verify-plan | FileCheck %s

// Transposes, slices and broadcasts only change strides and offsets; no step moves bytes for them.

// CHECK: plan.kernel @k0_add {{.*}}operand_layouts = [#plan.layout<strides = [1, 4]>, #plan.layout<strides = [0, -1]>]
// CHECK: plan.program @strides
// CHECK: %[[X:.*]] = plan.input 0
// CHECK: %[[Y:.*]] = plan.input 1
// CHECK: plan.step @k0_add (%[[X]][0], %[[Y]][16])
// CHECK-NOT: plan.step
func.func @strides(%x: tensor<3x4xf32>, %y: tensor<6xf32>) -> tensor<4x3xf32> {
  %t = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %s = nn.slice %y {starts = array<i64: 4>, steps = array<i64: -1>} : tensor<6xf32> to tensor<3xf32>
  %b = nn.broadcast %s : tensor<3xf32> to tensor<4x3xf32>
  %0 = nn.fused(%t, %b) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32> {
  ^bb0(%p: tensor<4x3xf32>, %q: tensor<4x3xf32>):
    %r = nn.add %p, %q : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    nn.yield %r : tensor<4x3xf32>
  }
  return %0 : tensor<4x3xf32>
}

// No strides say the transpose of a matrix as one row: that reshape is a step.

// CHECK: plan.program @moves
// CHECK: plan.step @{{.*}}reshape
// CHECK-NOT: plan.step
func.func @moves(%x: tensor<3x4xf32>) -> tensor<12xf32> {
  %t = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %r = nn.reshape %t : tensor<4x3xf32> to tensor<12xf32>
  return %r : tensor<12xf32>
}
