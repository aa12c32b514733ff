// RUN: nn-opt %s --nn-compose-movement | FileCheck %s

// CHECK-LABEL: func.func @two_reshapes
func.func @two_reshapes(%x: tensor<2x3x4xf32>) -> tensor<24xf32> {
  // CHECK-NEXT: %[[R:.*]] = nn.reshape %{{.*}} : tensor<2x3x4xf32> to tensor<24xf32>
  // CHECK-NEXT: return %[[R]]
  %0 = nn.reshape %x : tensor<2x3x4xf32> to tensor<6x4xf32>
  %1 = nn.reshape %0 : tensor<6x4xf32> to tensor<24xf32>
  return %1 : tensor<24xf32>
}

// CHECK-LABEL: func.func @transpose_and_back
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
func.func @transpose_and_back(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = nn.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 1, 2, 0>} : (tensor<4x2x3xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @two_transposes
func.func @two_transposes(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  // CHECK-NEXT: nn.transpose %{{.*}} {permutation = array<i64: 1, 0, 2>}
  // CHECK-NEXT: return
  %0 = nn.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 2, 1, 0>} : (tensor<4x2x3xf32>) -> tensor<3x2x4xf32>
  return %1 : tensor<3x2x4xf32>
}

// CHECK-LABEL: func.func @only_a_unit_moves
func.func @only_a_unit_moves(%x: tensor<1x49x10x1xf32>) -> tensor<1x1x49x10xf32> {
  // CHECK-NEXT: nn.reshape
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x49x10x1xf32>) -> tensor<1x1x49x10xf32>
  return %0 : tensor<1x1x49x10xf32>
}

// CHECK-LABEL: func.func @channels_move
func.func @channels_move(%x: tensor<1x49x10x3xf32>) -> tensor<1x3x49x10xf32> {
  // CHECK-NEXT: nn.transpose
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x49x10x3xf32>) -> tensor<1x3x49x10xf32>
  return %0 : tensor<1x3x49x10xf32>
}

// CHECK-LABEL: func.func @broadcast_the_op_does_itself
func.func @broadcast_the_op_does_itself(%x: tensor<1x4xf32>, %y: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // CHECK-NEXT: nn.add {{.*}} : (tensor<1x4xf32>, tensor<3x4xf32>)
  %0 = nn.broadcast %x : tensor<1x4xf32> to tensor<3x4xf32>
  %1 = nn.add %0, %y : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// Without the broadcast the sum would be smaller.
// CHECK-LABEL: func.func @broadcast_that_is_needed
func.func @broadcast_that_is_needed(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<3x4xf32> {
  // CHECK-NEXT: nn.broadcast
  %0 = nn.broadcast %x : tensor<1x4xf32> to tensor<3x4xf32>
  %1 = nn.add %0, %y : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// CHECK-LABEL: func.func @reduction_keeps_dims
func.func @reduction_keeps_dims(%x: tensor<3x4xf32>) -> tensor<3xf32> {
  // CHECK-NEXT: nn.reduce_sum %{{.*}} {axes = array<i64: 1>, keepdims = true}
  // CHECK-NEXT: nn.reshape %{{.*}} : tensor<3x1xf32> to tensor<3xf32>
  %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
