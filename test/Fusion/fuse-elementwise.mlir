// RUN: nn-opt %s --nn-fuse-elementwise | FileCheck %s

// CHECK-LABEL: func.func @connected
func.func @connected(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.fused
  // CHECK: nn.exp
  // CHECK-NEXT: nn.tanh
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  %0 = nn.exp %x : tensor<4xf32>
  %1 = nn.tanh %y : tensor<4xf32>
  %2 = nn.mul %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @second_reader_ends_group
func.func @second_reader_ends_group(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: nn.exp
  // CHECK-NEXT: nn.yield
  // CHECK: nn.tanh
  // CHECK-NEXT: nn.yield
  %0 = nn.exp %x : tensor<4xf32>
  %1 = nn.tanh %0 : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Computed once per row outside, not once per element inside.
// CHECK-LABEL: func.func @smaller_operand_is_another_group
func.func @smaller_operand_is_another_group(%x: tensor<4x8xf32>, %y: tensor<4x1xf32>) -> tensor<4x8xf32> {
  // CHECK: nn.exp
  // CHECK-NEXT: nn.yield
  // CHECK: nn.mul
  // CHECK-NEXT: nn.yield
  %0 = nn.exp %y : tensor<4x1xf32>
  %1 = nn.mul %x, %0 : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}
