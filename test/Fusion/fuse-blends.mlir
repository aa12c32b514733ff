// RUN: nn-opt %s --nn-fuse-blends --split-input-file | FileCheck %s

// Both dimensions of a linear Resize between integers, and what follows.
// CHECK-LABEL: func.func @two_dimensions
func.func @two_dimensions(%x: tensor<1x3x4x5xui8>) -> tensor<1x3x8x10xui8> {
  // CHECK: nn.fused(%arg0,
  // CHECK: nn.gather
  // CHECK-NEXT: nn.dequantize
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.reduce_sum
  // CHECK-NEXT: nn.reshape
  // CHECK-NEXT: nn.gather
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.reduce_sum
  // CHECK-NEXT: nn.reshape
  // CHECK-NEXT: nn.quantize
  // CHECK-NEXT: nn.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %i = nn.constant dense<1> : tensor<2x10xi32>
  %c = nn.constant dense<0.5> : tensor<2x10xf32>
  %j = nn.constant dense<1> : tensor<2x8xi32>
  %d = nn.constant dense<0.5> : tensor<2x8x1xf32>
  %0 = nn.gather %x, %i {axis = 3 : i64} : (tensor<1x3x4x5xui8>, tensor<2x10xi32>) -> tensor<1x3x4x2x10xui8>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x3x4x2x10xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x4x2x10xf32>
  %2 = nn.mul %1, %c : (tensor<1x3x4x2x10xf32>, tensor<2x10xf32>) -> tensor<1x3x4x2x10xf32>
  %3 = nn.reduce_sum %2 {axes = array<i64: 3>, keepdims = true} : (tensor<1x3x4x2x10xf32>) -> tensor<1x3x4x1x10xf32>
  %4 = nn.reshape %3 : tensor<1x3x4x1x10xf32> to tensor<1x3x4x10xf32>
  %5 = nn.gather %4, %j {axis = 2 : i64} : (tensor<1x3x4x10xf32>, tensor<2x8xi32>) -> tensor<1x3x2x8x10xf32>
  %6 = nn.mul %5, %d : (tensor<1x3x2x8x10xf32>, tensor<2x8x1xf32>) -> tensor<1x3x2x8x10xf32>
  %7 = nn.reduce_sum %6 {axes = array<i64: 2>, keepdims = true} : (tensor<1x3x2x8x10xf32>) -> tensor<1x3x1x8x10xf32>
  %8 = nn.reshape %7 : tensor<1x3x1x8x10xf32> to tensor<1x3x8x10xf32>
  %9 = nn.quantize %8, %s, %z : (tensor<1x3x8x10xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8x10xui8>
  return %9 : tensor<1x3x8x10xui8>
}

// -----

// 3 times 6 elements are too many to be picked for each of the result: a group each, floats between them.
// CHECK-LABEL: func.func @many_elements
func.func @many_elements(%x: tensor<9x6xf32>) -> tensor<2x2xf32> {
  // CHECK: nn.fused(%arg0,
  // CHECK: nn.gather
  // CHECK: nn.yield
  // CHECK: nn.fused
  // CHECK: nn.gather
  // CHECK: nn.yield
  %i = nn.constant dense<1> : tensor<6x2xi32>
  %c = nn.constant dense<0.5> : tensor<6x2xf32>
  %j = nn.constant dense<1> : tensor<3x2xi32>
  %d = nn.constant dense<0.5> : tensor<3x2x1xf32>
  %0 = nn.gather %x, %i {axis = 1 : i64} : (tensor<9x6xf32>, tensor<6x2xi32>) -> tensor<9x6x2xf32>
  %1 = nn.mul %0, %c : (tensor<9x6x2xf32>, tensor<6x2xf32>) -> tensor<9x6x2xf32>
  %2 = nn.reduce_sum %1 {axes = array<i64: 1>, keepdims = false} : (tensor<9x6x2xf32>) -> tensor<9x2xf32>
  %3 = nn.gather %2, %j {axis = 0 : i64} : (tensor<9x2xf32>, tensor<3x2xi32>) -> tensor<3x2x2xf32>
  %4 = nn.mul %3, %d : (tensor<3x2x2xf32>, tensor<3x2x1xf32>) -> tensor<3x2x2xf32>
  %5 = nn.reduce_sum %4 {axes = array<i64: 0>, keepdims = false} : (tensor<3x2x2xf32>) -> tensor<2x2xf32>
  return %5 : tensor<2x2xf32>
}

// -----

// Indices known at run time only, terms that others read: as before.
// CHECK-LABEL: func.func @not_these
// CHECK-NOT: nn.fused
func.func @not_these(%x: tensor<9xf32>, %i: tensor<2x4xi32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<2x4xf32>) {
  %j = nn.constant dense<1> : tensor<2x4xi32>
  %0 = nn.gather %x, %i {axis = 0 : i64} : (tensor<9xf32>, tensor<2x4xi32>) -> tensor<2x4xf32>
  %1 = nn.reduce_sum %0 {axes = array<i64: 0>, keepdims = false} : (tensor<2x4xf32>) -> tensor<4xf32>
  %2 = nn.gather %x, %j {axis = 0 : i64} : (tensor<9xf32>, tensor<2x4xi32>) -> tensor<2x4xf32>
  %3 = nn.reduce_sum %2 {axes = array<i64: 0>, keepdims = false} : (tensor<2x4xf32>) -> tensor<4xf32>
  return %1, %3, %2 : tensor<4xf32>, tensor<4xf32>, tensor<2x4xf32>
}

// -----

// What costs much is computed once for each element picked, not once for each time it is.
// CHECK-LABEL: func.func @function_before
func.func @function_before(%x: tensor<9xf32>) -> tensor<4xf32> {
  // CHECK: %[[E:.*]] = nn.exp %arg0
  // CHECK: nn.fused(%[[E]],
  %j = nn.constant dense<1> : tensor<2x4xi32>
  %0 = nn.exp %x : tensor<9xf32>
  %1 = nn.gather %0, %j {axis = 0 : i64} : (tensor<9xf32>, tensor<2x4xi32>) -> tensor<2x4xf32>
  %2 = nn.reduce_sum %1 {axes = array<i64: 0>, keepdims = false} : (tensor<2x4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
