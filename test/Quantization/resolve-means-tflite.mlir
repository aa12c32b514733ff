// RUN: nn-opt %s --nn-resolve-means=exact=tflite-double | FileCheck %s

// Stored values are summed as they are, zero points included; at the border fewer.
// CHECK-LABEL: func.func @average_pool
func.func @average_pool(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xui8> {
  // CHECK-DAG: %[[X:.*]] = nn.cast %{{.*}} : tensor<1x2x4xui8> to tensor<1x2x4xi16>
  // CHECK-DAG: %[[ONES:.*]] = nn.constant dense<1> : tensor<2x1x2xi16>
  // CHECK-DAG: %[[M:.*]] = nn.constant dense<1073741824> : tensor<1x3xi32>
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<{{\[\[}}30, 31, 30]]> : tensor<1x3xi32>
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<0> : tensor<ui8>
  // CHECK: %[[A:.*]] = nn.conv %[[X]], %[[ONES]]
  // CHECK: nn.rescale %[[A]], %[[M]], %[[S]], %[[Z]] {rounding = 2 : i64}
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2x3xui8>
  return %2 : tensor<1x2x3xui8>
}

// TFLite has no average from one grid to another, nor one that counts what stands outside; its MEAN is another operator.
// CHECK-LABEL: func.func @others
func.func @others(%q: tensor<1x2x4xi8>) -> (tensor<1x2x3xi8>, tensor<1x2x3xi8>, tensor<1x2x1xi8>) {
  // CHECK-NOT: nn.rescale
  // CHECK: nn.average_pool
  // CHECK: nn.average_pool
  // CHECK: nn.reduce_mean
  // CHECK-NOT: nn.rescale
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %t, %z : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  %3 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  %5 = nn.reduce_mean %0 {axes = array<i64: 2>, keepdims = true} : (tensor<1x2x4xf32>) -> tensor<1x2x1xf32>
  %6 = nn.quantize %5, %s, %z : (tensor<1x2x1xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x1xi8>
  return %2, %4, %6 : tensor<1x2x3xi8>, tensor<1x2x3xi8>, tensor<1x2x1xi8>
}
