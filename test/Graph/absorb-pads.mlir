// RUN: nn-opt %s --nn-absorb-pads --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @zeros_into_conv
func.func @zeros_into_conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x9x10xf32> {
  // CHECK-NEXT: nn.conv %{{.*}} {{.*}}pads = array<i64: 1, 2, 2, 2>
  %0 = nn.pad %x {low = array<i64: 0, 0, 0, 1>, high = array<i64: 0, 0, 1, 1>, mode = 0 : i64, value = 0.0 : f32}
    : (tensor<1x3x8x8xf32>) -> tensor<1x3x9x10xf32>
  %1 = nn.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
    : (tensor<1x3x9x10xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x9x10xf32>
  return %1 : tensor<1x4x9x10xf32>
}

// Of integers 200 is what stands for 0 here.
// CHECK-LABEL: func.func @zero_points_into_conv
func.func @zero_points_into_conv(%x: tensor<1x3x8xui8>, %w: tensor<4x3x3xi8>) -> tensor<1x4x9xi32> {
  // CHECK-NEXT: nn.conv %{{.*}} {{.*}}pad_value = 200 : i64, pads = array<i64: 1, 2>
  %0 = nn.pad %x {low = array<i64: 0, 0, 0>, high = array<i64: 0, 0, 1>, mode = 0 : i64, value = 200 : ui8} : (tensor<1x3x8xui8>) -> tensor<1x3x9xui8>
  %1 = nn.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64, pad_value = 200 : i64}
    : (tensor<1x3x9xui8>, tensor<4x3x3xi8>) -> tensor<1x4x9xi32>
  return %1 : tensor<1x4x9xi32>
}

// A convolution pads with 0 only.
// CHECK-LABEL: func.func @ones_stay
func.func @ones_stay(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x7x8xf32> {
  // CHECK-NEXT: nn.pad
  %0 = nn.pad %x {low = array<i64: 0, 0, 0, 1>, high = array<i64: 0, 0, 1, 1>, mode = 0 : i64, value = 1.0 : f32}
    : (tensor<1x3x8x8xf32>) -> tensor<1x3x9x10xf32>
  %1 = nn.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
    : (tensor<1x3x9x10xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x7x8xf32>
  return %1 : tensor<1x4x7x8xf32>
}

// A convolution of integers pads with one number, whichever.
// CHECK-LABEL: func.func @integers_into_conv
func.func @integers_into_conv(%x: tensor<1x3x8xui8>, %w: tensor<4x3x3xi8>) -> tensor<1x4x8xi32> {
  // CHECK-NEXT: nn.conv %{{.*}} {{.*}}pad_value = 200 : i64, pads = array<i64: 2, 0>
  %0 = nn.pad %x {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 0>, mode = 0 : i64, value = 200 : ui8}
    : (tensor<1x3x8xui8>) -> tensor<1x3x10xui8>
  %1 = nn.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x3x10xui8>, tensor<4x3x3xi8>) -> tensor<1x4x8xi32>
  return %1 : tensor<1x4x8xi32>
}

// CHECK-LABEL: func.func @other_integers_stay
func.func @other_integers_stay(%x: tensor<1x3x8xui8>, %w: tensor<4x3x3xi8>) -> tensor<1x4x10xi32> {
  // CHECK-NEXT: nn.pad
  %0 = nn.pad %x {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 0>, mode = 0 : i64, value = 200 : ui8}
    : (tensor<1x3x8xui8>) -> tensor<1x3x10xui8>
  %1 = nn.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, pad_value = 3 : i64, group = 1 : i64}
    : (tensor<1x3x10xui8>, tensor<4x3x3xi8>) -> tensor<1x4x10xi32>
  return %1 : tensor<1x4x10xi32>
}

// CHECK-LABEL: func.func @channel_pads_stay
func.func @channel_pads_stay(%x: tensor<1x2x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32> {
  // CHECK-NEXT: nn.pad
  %0 = nn.pad %x {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 1, 0, 0>, mode = 0 : i64, value = 0.0 : f32}
    : (tensor<1x2x8x8xf32>) -> tensor<1x3x8x8xf32>
  %1 = nn.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
    : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return %1 : tensor<1x4x6x6xf32>
}

// The zeros counted as elements before, so they still do.
// CHECK-LABEL: func.func @zeros_into_average
func.func @zeros_into_average(%x: tensor<1x1x3xf32>) -> tensor<1x1x2xf32> {
  // CHECK-NEXT: nn.average_pool %{{.*}} {count_include_pad = true, {{.*}}pads = array<i64: 0, 1>
  %0 = nn.pad %x {low = array<i64: 0, 0, 0>, high = array<i64: 0, 0, 1>, mode = 0 : i64, value = 0.0 : f32}
    : (tensor<1x1x3xf32>) -> tensor<1x1x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false}
    : (tensor<1x1x4xf32>) -> tensor<1x1x2xf32>
  return %1 : tensor<1x1x2xf32>
}

// The pool's own pads do not count, the zeros do: no divisor says both.
// CHECK-LABEL: func.func @two_kinds_of_padding
func.func @two_kinds_of_padding(%x: tensor<1x1x3xf32>) -> tensor<1x1x3xf32> {
  // CHECK-NEXT: nn.pad
  %0 = nn.pad %x {low = array<i64: 0, 0, 0>, high = array<i64: 0, 0, 1>, mode = 0 : i64, value = 0.0 : f32}
    : (tensor<1x1x3xf32>) -> tensor<1x1x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false}
    : (tensor<1x1x4xf32>) -> tensor<1x1x3xf32>
  return %1 : tensor<1x1x3xf32>
}
