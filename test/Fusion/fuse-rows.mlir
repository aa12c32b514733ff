// RUN: nn-opt %s --nn-decompose-composites --nn-fuse-rows | FileCheck %s

// The scale before it joins, for nobody else reads it.
// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<2x8xf32>, %s: tensor<f32>) -> tensor<2x8xf32> {
  // CHECK: nn.fused
  // CHECK: nn.mul
  // CHECK-NEXT: nn.reduce_max
  // CHECK-NEXT: nn.sub
  // CHECK-NEXT: nn.exp
  // CHECK-NEXT: nn.reduce_sum
  // CHECK-NEXT: nn.div
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  %0 = nn.mul %x, %s : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @layer_norm_of_residual
func.func @layer_norm_of_residual(%x: tensor<2x8xf32>, %y: tensor<2x8xf32>, %s: tensor<8xf32>) -> tensor<2x8xf32> {
  // CHECK: nn.fused
  // CHECK: nn.add
  // CHECK-NEXT: nn.reduce_mean
  // CHECK-COUNT-1: nn.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  %0 = nn.add %x, %y : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = nn.layer_norm %0, %s, %s {axis = 1 : i64, epsilon = 1.0e-05 : f32}
    : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// What others read as well is computed before.
// CHECK-LABEL: func.func @residual_with_other_reader
func.func @residual_with_other_reader(%x: tensor<2x8xf32>, %y: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  // CHECK: nn.add
  // CHECK: nn.fused
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: nn.reduce_max
  %0 = nn.add %x, %y : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x8xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: func.func @other_axes_are_another_group
func.func @other_axes_are_another_group(%x: tensor<2x8xf32>) -> tensor<1x1xf32> {
  // CHECK: nn.reduce_sum
  // CHECK-NEXT: nn.yield
  // CHECK: nn.reduce_max
  // CHECK-NEXT: nn.yield
  %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = true} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %1 = nn.reduce_max %0 {axes = array<i64: 0>, keepdims = true} : (tensor<2x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}
