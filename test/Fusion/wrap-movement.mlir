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

// What follows is a group of its own.
// CHECK-LABEL: func.func @threshold
func.func @threshold(%x: tensor<4xf32>, %t: tensor<1x2xf32>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<4xf32> {
  // CHECK: nn.fused
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: nn.threshold
  // CHECK-NEXT: nn.yield
  %0 = nn.threshold %x, %t {channel = 0 : i64, least = 0 : i64} : (tensor<4xf32>, tensor<1x2xf32>) -> tensor<4xi8>
  // CHECK: }
  // CHECK-NEXT: nn.dequantize
  %1 = nn.dequantize %0, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
