// RUN: nn-opt %s --nn-absorb-scale | FileCheck %s

// CHECK-LABEL: func.func @after_per_channel
func.func @after_per_channel(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK-DAG: %[[W:.*]] = nn.constant dense<{{\[}}[2.000000e+00, 6.000000e+00], [6.000000e+00, 1.200000e+01]]>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<[1.000000e+01, 1.800000e+01]>
  // CHECK: %[[Y:.*]] = nn.matmul %{{.*}}, %[[W]], %[[B]]
  // CHECK-NEXT: return %[[Y]]
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %f = nn.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %0 = nn.matmul %x, %w, %b : (tensor<4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// What sums of integers stand for takes a positive factor; one that is negative for a channel stays, and so does that of narrow
// integers, which are no sums.
// CHECK-LABEL: func.func @into_sums
func.func @into_sums(%x: tensor<4x2xi32>, %q: tensor<4x2xi8>, %z: tensor<i32>, %y: tensor<i8>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  // CHECK: %[[S:.*]] = nn.constant dense<[1.000000e+00, 1.500000e+00]> : tensor<2xf32>
  // CHECK: %[[A:.*]] = nn.dequantize %{{.*}}, %[[S]], %{{.*}} : (tensor<4x2xi32>, tensor<2xf32>
  // CHECK: %[[B:.*]] = nn.mul %{{.*}} : (tensor<4x2xf32>
  // CHECK: %[[C:.*]] = nn.mul %{{.*}} : (tensor<4x2xf32>
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %f = nn.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %g = nn.constant dense<[2.0, -3.0]> : tensor<2xf32>
  %0 = nn.dequantize %x, %s, %z : (tensor<4x2xi32>, tensor<f32>, tensor<i32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %2 = nn.dequantize %x, %s, %z : (tensor<4x2xi32>, tensor<f32>, tensor<i32>) -> tensor<4x2xf32>
  %3 = nn.mul %2, %g : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %4 = nn.dequantize %q, %s, %y : (tensor<4x2xi8>, tensor<f32>, tensor<i8>) -> tensor<4x2xf32>
  %5 = nn.mul %4, %f : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %1, %3, %5 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// So is each of several factors, of which this run would else leave one for the next.
// CHECK-LABEL: func.func @factor_after_factor
func.func @factor_after_factor(%x: tensor<4x2xi32>, %z: tensor<i32>) -> tensor<4x2xf32> {
  // CHECK: %[[S:.*]] = nn.constant dense<7.500000e-01> : tensor<f32>
  // CHECK-NEXT: %[[A:.*]] = nn.dequantize %{{.*}}, %[[S]],
  // CHECK-NEXT: return %[[A]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %f = nn.constant dense<3.0> : tensor<f32>
  %0 = nn.dequantize %x, %s, %z : (tensor<4x2xi32>, tensor<f32>, tensor<i32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  %2 = nn.mul %1, %s : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}

// A convolution's channel is dimension 1; its filters lie one after the other.
// CHECK-LABEL: func.func @after_conv
func.func @after_conv(%x: tensor<1x2x5xf32>) -> tensor<1x2x5xf32> {
  // CHECK: nn.constant dense<{{\[}}{{\[}}[2.000000e+00], [4.000000e+00]], {{\[}}[9.000000e+00], [1.200000e+01]]]>
  // CHECK: nn.conv
  // CHECK-NEXT: return
  %w = nn.constant dense<[[[1.0], [2.0]], [[3.0], [4.0]]]> : tensor<2x2x1xf32>
  %f = nn.constant dense<[[2.0], [3.0]]> : tensor<2x1xf32>
  %0 = nn.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x2x5xf32>, tensor<2x2x1xf32>) -> tensor<1x2x5xf32>
  %1 = nn.mul %0, %f : (tensor<1x2x5xf32>, tensor<2x1xf32>) -> tensor<1x2x5xf32>
  return %1 : tensor<1x2x5xf32>
}

// CHECK-LABEL: func.func @before
func.func @before(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: %[[W:.*]] = nn.constant dense<{{\[}}[2.000000e+00, 4.000000e+00], [6.000000e+00, 8.000000e+00]]>
  // CHECK: nn.matmul %{{.*}}, %[[W]]
  // CHECK-NEXT: return
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<2.0> : tensor<f32>
  %0 = nn.mul %x, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  %1 = nn.matmul %0, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// CHECK-LABEL: func.func @second_reader_needs_the_product
func.func @second_reader_needs_the_product(%x: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.mul
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<2.0> : tensor<f32>
  %0 = nn.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %0, %1 : tensor<4x2xf32>, tensor<4x2xf32>
}

// CHECK-LABEL: func.func @overflow_stays_outside
func.func @overflow_stays_outside(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.mul
  %w = nn.constant dense<1.0e+30> : tensor<2x2xf32>
  %f = nn.constant dense<1.0e+30> : tensor<f32>
  %0 = nn.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// 1e-3 * 1e-10 is below 2^-40, the floor of contractions: absorbed, the result would be 0.
// CHECK-LABEL: func.func @vanishing_after_stays_outside
func.func @vanishing_after_stays_outside(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.mul
  %w = nn.constant dense<[[1.0e-03, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<1.0e-10> : tensor<f32>
  %0 = nn.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// CHECK-LABEL: func.func @vanishing_bias_stays_outside
func.func @vanishing_bias_stays_outside(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.mul
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[1.0, 1.0e-10]> : tensor<2xf32>
  %f = nn.constant dense<1.0e-03> : tensor<f32>
  %0 = nn.matmul %x, %w, %b : (tensor<4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// Even where the product is no float at all any more.
// CHECK-LABEL: func.func @vanishing_before_stays_outside
func.func @vanishing_before_stays_outside(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.mul
  // CHECK-NEXT: nn.matmul
  %w = nn.constant dense<[[1.0e-10, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<1.0e-37> : tensor<f32>
  %0 = nn.mul %x, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  %1 = nn.matmul %0, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// Weights that are 0, that the floor takes in any case, or that a factor of 0 deletes are no loss.
// CHECK-LABEL: func.func @what_is_zero_anyway_is_absorbed
func.func @what_is_zero_anyway_is_absorbed(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: return
  %w = nn.constant dense<[[0.0, 2.0], [1.0e-15, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<[5.0e-01, 0.0]> : tensor<2xf32>
  %0 = nn.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// Numbers around 1e-10 become numbers around 1; without the factor the floor would cut them.
// CHECK-LABEL: func.func @large_factor_stays_before
func.func @large_factor_stays_before(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.mul
  // CHECK-NEXT: nn.matmul
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<1.0e+10> : tensor<f32>
  %0 = nn.mul %x, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  %1 = nn.matmul %0, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}

// CHECK-LABEL: func.func @large_factor_after
func.func @large_factor_after(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: return
  %w = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %f = nn.constant dense<1.0e+10> : tensor<f32>
  %0 = nn.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nn.mul %0, %f : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}
