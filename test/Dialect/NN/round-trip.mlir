// RUN: nn-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @conv_block
func.func @conv_block(%x: tensor<1x3x8x8xf32> {nn.name = "image"}) -> (tensor<1x4x4x4xf32> {nn.name = "out"}) {
  %w = nn.constant dense<1.0> : tensor<4x3x3x3xf32>
  %b = nn.constant dense<0.5> : tensor<4xf32>
  // CHECK: nn.conv %{{.*}}, %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
    : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  // CHECK: nn.fused(%{{.*}}) : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %1 = nn.fused(%0) : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32> {
  ^bb0(%a: tensor<1x4x8x8xf32>):
    %r = nn.relu %a : tensor<1x4x8x8xf32>
    %p = nn.max_pool %r {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
    nn.yield %p : tensor<1x4x4x4xf32>
  }
  return %1 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @pad_and_clip
func.func @pad_and_clip(%x: tensor<4xf32>) -> tensor<7xf32> {
  // CHECK: nn.pad %{{.*}} {high = array<i64: 2>, low = array<i64: 1>, mode = 0 : i64, value = 0.000000e+00 : f32}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 2>, mode = 0 : i64, value = 0.0 : f32} : (tensor<4xf32>) -> tensor<7xf32>
  %1 = nn.clip %0 {min = 0.0 : f32, max = 6.0 : f32} : tensor<7xf32>
  return %1 : tensor<7xf32>
}
