// RUN: nn-opt %s --nn-absorb-bias | FileCheck %s

// CHECK-LABEL: func.func @into_conv
func.func @into_conv(%x: tensor<1x3x8x8xf32>, %w: tensor<2x3x1x1xf32>) -> tensor<1x2x8x8xf32> {
  // CHECK: %[[B:.*]] = nn.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  // CHECK-NEXT: nn.conv %{{.*}}, %{{.*}}, %[[B]]
  // CHECK-NEXT: return
  %b = nn.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
    : (tensor<1x3x8x8xf32>, tensor<2x3x1x1xf32>) -> tensor<1x2x8x8xf32>
  %1 = nn.add %0, %b : (tensor<1x2x8x8xf32>, tensor<2x1x1xf32>) -> tensor<1x2x8x8xf32>
  return %1 : tensor<1x2x8x8xf32>
}

// CHECK-LABEL: func.func @onto_a_bias
func.func @onto_a_bias(%x: tensor<4x2xf32>, %w: tensor<2x2xf32>) -> tensor<4x2xf32> {
  // CHECK: %[[B:.*]] = nn.constant dense<[4.000000e+00, 5.000000e+00]> : tensor<2xf32>
  // CHECK-NEXT: nn.matmul %{{.*}}, %{{.*}}, %[[B]]
  // CHECK-NEXT: return
  %b = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %c = nn.constant dense<3.0> : tensor<f32>
  %0 = nn.matmul %x, %w, %b : (tensor<4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %1 = nn.add %c, %0 : (tensor<f32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// One number per row is no bias.
// CHECK-LABEL: func.func @per_row_stays
func.func @per_row_stays(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.add
  %c = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = nn.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.add %0, %c : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @second_reader_needs_the_product
func.func @second_reader_needs_the_product(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.add
  %c = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = nn.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.add %0, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// As a bias 1e-13 would be 0: below 2^-40, the floor of contractions. A logarithm may follow.
// CHECK-LABEL: func.func @what_the_floor_takes_stays
func.func @what_the_floor_takes_stays(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.add
  %c = nn.constant dense<[1.0, 1.0e-13]> : tensor<2xf32>
  %0 = nn.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.add %0, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// The floor takes 1e-20 of the old bias in any case.
// CHECK-LABEL: func.func @onto_a_floored_bias
func.func @onto_a_floored_bias(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: %[[B:.*]] = nn.constant dense<[0.000000e+00, 3.000000e+00]> : tensor<2xf32>
  // CHECK-NEXT: nn.matmul %{{.*}}, %{{.*}}, %[[B]]
  // CHECK-NEXT: return
  %b = nn.constant dense<[1.0e-20, 1.0]> : tensor<2xf32>
  %c = nn.constant dense<[0.0, 2.0]> : tensor<2xf32>
  %0 = nn.matmul %x, %w, %b : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %1 = nn.add %0, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @what_the_floor_leaves_is_absorbed
func.func @what_the_floor_leaves_is_absorbed(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: return
  %c = nn.constant dense<[0.0, 1.0e-12]> : tensor<2xf32>
  %0 = nn.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.add %0, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}
