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
