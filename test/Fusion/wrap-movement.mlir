// RUN: nn-opt %s --nn-wrap-movement | FileCheck %s

// CHECK-LABEL: func.func @gather_and_view
func.func @gather_and_view(%x: tensor<9x4xf32>, %i: tensor<2xi64>) -> tensor<4x2xf32> {
  // CHECK: nn.fused
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: nn.gather
  // CHECK-NEXT: nn.yield
  %0 = nn.gather %x, %i {axis = 0 : i64} : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  // CHECK: }
  // CHECK-NEXT: nn.transpose
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}
