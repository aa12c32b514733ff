// RUN: nn-opt %s --nn-fuse-contractions | FileCheck %s

// Left and right are laid out each in its own way.
// CHECK-LABEL: func.func @product_of_itself
// CHECK: nn.fused(%arg0, %arg0)
// CHECK: nn.matmul %[[A:.*]], %[[B:.*]] :
func.func @product_of_itself(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = nn.matmul %x, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// An epilogue reads what the contraction reads: one operand.
// CHECK-LABEL: func.func @residual
// CHECK: nn.fused(%arg0, %arg1)
func.func @residual(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = nn.matmul %x, %w : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = nn.add %0, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}
