// RUN: nn-opt %s --nn-resolve-contractions=exact=tflite-double | FileCheck %s
// RUN: nn-opt %s --nn-resolve-contractions=exact=tflm-double | FileCheck %s --check-prefix=TFLM
// RUN: nn-opt %s --nn-resolve-contractions=exact=tflite-single | FileCheck %s --check-prefix=SINGLE

// One factor per channel: 1/2 * {1/4, 3} / 1 = 2^30 / 2^33 and 1.5 * 2^30 / 2^30. LiteRT rounds convolutions twice.
// CHECK-LABEL: func.func @conv
// TFLM-LABEL: func.func @conv
// SINGLE-LABEL: func.func @conv
func.func @conv(%q: tensor<1x1x4xi8>) -> tensor<1x2x4xi8> {
  // CHECK: %[[A:.*]] = nn.conv
  // CHECK: %[[M:.*]] = nn.constant dense<{{\[\[}}1073741824], [1610612736]]> : tensor<2x1xi32>
  // CHECK: %[[S:.*]] = nn.constant dense<{{\[\[}}33], [30]]> : tensor<2x1xi32>
  // CHECK: nn.rescale %[[A]], %[[M]], %[[S]], %{{.*}} {rounding = 1 : i64} : (tensor<1x2x4xi32>, tensor<2x1xi32>, tensor<2x1xi32>, tensor<i8>) -> tensor<1x2x4xi8>
  // TFLM: nn.rescale %{{.*}} {rounding = 1 : i64}
  // SINGLE: nn.rescale %{{.*}} {rounding = 0 : i64}
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %w = nn.constant dense<[[[2]], [[5]]]> : tensor<2x1x1xi8>
  %sw = nn.constant dense<[[[0.25]], [[3.0]]]> : tensor<2x1x1xf32>
  %zw = nn.constant dense<0> : tensor<i8>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x4xf32>
  %1 = nn.dequantize %w, %sw, %zw : (tensor<2x1x1xi8>, tensor<2x1x1xf32>, tensor<i8>) -> tensor<2x1x1xf32>
  %2 = nn.conv %0, %1 {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x1x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4xf32>
  %3 = nn.quantize %2, %sy, %z : (tensor<1x2x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xi8>
  return %3 : tensor<1x2x4xi8>
}

// Of matrices LiteRT rounds once, and multiplies two single scales as floats: 0.1 * 0.1 is 0.0100000007 then.
// CHECK-LABEL: func.func @matmul
// TFLM-LABEL: func.func @matmul
// SINGLE-LABEL: func.func @matmul
func.func @matmul(%q: tensor<2x2xi8>) -> tensor<2x2xi8> {
  // CHECK: nn.constant dense<1374389632> : tensor<i32>
  // CHECK: nn.constant dense<37> : tensor<i32>
  // CHECK: nn.rescale %{{.*}} {rounding = 0 : i64}
  // TFLM: nn.constant dense<1374389632> : tensor<i32>
  // TFLM: nn.rescale %{{.*}} {rounding = 1 : i64}
  // SINGLE: nn.rescale %{{.*}} {rounding = 0 : i64}
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %w = nn.constant dense<[[2, 3], [4, 5]]> : tensor<2x2xi8>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.dequantize %w, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %3 = nn.quantize %2, %sy, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  return %3 : tensor<2x2xi8>
}

// A scale that is known at run time only has no fixed-point factor.
// CHECK-LABEL: func.func @run_time_scale
func.func @run_time_scale(%q: tensor<2x2xi8>, %s: tensor<f32>) -> tensor<2x2xi8> {
  // CHECK-NOT: nn.rescale
  // CHECK: nn.matmul %{{.*}} : (tensor<2x2xf32>, tensor<2x2xf32>)
  %z = nn.constant dense<0> : tensor<i8>
  %w = nn.constant dense<[[2, 3], [4, 5]]> : tensor<2x2xi8>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.dequantize %w, %sy, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %3 = nn.quantize %2, %sy, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  return %3 : tensor<2x2xi8>
}
