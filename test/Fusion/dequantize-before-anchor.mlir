// RUN: nn-opt %s --nn-fuse-pools | FileCheck %s --check-prefixes=CHECK,POOL
// RUN: nn-opt %s --nn-fuse-contractions | FileCheck %s --check-prefixes=CHECK,CONV

// What an anchor reads is in memory, be it of the result's shape: its dequantization comes before the group.
// CHECK-LABEL: func.func @pool
func.func @pool(%q: tensor<1x2x4xi16>, %s: tensor<f32>, %z: tensor<i16>) -> tensor<1x2x4xf32> {
  // POOL: %[[X:.*]] = nn.dequantize
  // POOL: nn.fused(%[[X]]
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 0>, count_include_pad = true} : (tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  return %1 : tensor<1x2x4xf32>
}

// CHECK-LABEL: func.func @conv
func.func @conv(%q: tensor<1x2x4xi16>, %s: tensor<f32>, %z: tensor<i16>, %w: tensor<2x2x3xf32>) -> tensor<1x2x4xf32> {
  // CONV: %[[X:.*]] = nn.dequantize
  // CONV: nn.fused(%[[X]]
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2x4xf32>
  %1 = nn.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4xf32>, tensor<2x2x3xf32>) -> tensor<1x2x4xf32>
  return %1 : tensor<1x2x4xf32>
}

// The other operand of a sum is dequantized in the group.
// CHECK-LABEL: func.func @residual
func.func @residual(%x: tensor<1x2x4xf32>, %q: tensor<1x2x4xi8>, %s: tensor<f32>, %z: tensor<i8>, %w: tensor<2x2x3xf32>) -> tensor<1x2x4xf32> {
  // CONV-NOT: nn.dequantize
  // CONV: nn.fused
  // CONV: nn.conv
  // CONV: nn.dequantize
  // CONV: nn.add
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4xf32>, tensor<2x2x3xf32>) -> tensor<1x2x4xf32>
  %1 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xf32>
  %2 = nn.add %0, %1 : (tensor<1x2x4xf32>, tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  return %2 : tensor<1x2x4xf32>
}
