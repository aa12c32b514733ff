// RUN: nn-opt %s --nn-fuse-pools | FileCheck %s

// CHECK-LABEL: func.func @floor_after_pool
func.func @floor_after_pool(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: nn.fused
  // CHECK: nn.max_pool
  // CHECK-NEXT: nn.floor0
  // CHECK-NEXT: nn.yield
  %0 = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
    : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %1 = nn.floor0 %0 {exponent = -40 : i64} : tensor<1x4x4x4xf32>
  return %1 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @movement_stays_outside
func.func @movement_stays_outside(%x: tensor<1x4x8x8xf32>) -> tensor<1x64xf32> {
  // CHECK: nn.max_pool
  // CHECK-NEXT: nn.yield
  // CHECK: nn.reshape
  %0 = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
    : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %1 = nn.reshape %0 : tensor<1x4x4x4xf32> to tensor<1x64xf32>
  return %1 : tensor<1x64xf32>
}
