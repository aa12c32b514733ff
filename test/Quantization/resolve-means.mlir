// RUN: nn-opt %s --nn-resolve-means | FileCheck %s

// A window's sum is a convolution with ones; at the border it counts what it holds.
// CHECK-LABEL: func.func @average_pool
func.func @average_pool(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<5.000000e-01> : tensor<f32>
  // CHECK-DAG: %[[SY:.*]] = nn.constant dense<2.000000e+00> : tensor<f32>
  // CHECK-DAG: %[[ZY:.*]] = nn.constant dense<-3> : tensor<i8>
  // CHECK-DAG: %[[ONES:.*]] = nn.constant dense<1> : tensor<2x1x2xi16>
  // CHECK-DAG: %[[COUNTS:.*]] = nn.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00, 1.000000e+00]]> : tensor<1x3xf32>
  // CHECK: %[[X:.*]] = nn.sub %{{.*}} : (tensor<1x2x4xi16>, tensor<i16>)
  // CHECK: %[[A:.*]] = nn.conv %[[X]], %[[ONES]] {dilations = array<i64: 1>, group = 2 : i64, pads = array<i64: 1, 1>, strides = array<i64: 2>} {{.*}} -> tensor<1x2x3xi32>
  // CHECK: %[[D:.*]] = nn.mul %[[SY]], %[[COUNTS]]
  // CHECK: %[[R:.*]] = nn.div %[[S]], %[[D]]
  // CHECK: %[[Q:.*]] = nn.requantize %[[A]], %[[R]], %[[ZY]]
  // CHECK-NEXT: return %[[Q]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Where pads count all windows hold as many.
// CHECK-LABEL: func.func @average_pool_with_pads
func.func @average_pool_with_pads(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK-DAG: nn.constant dense<2.000000e+00> : tensor<f32>
  // CHECK: nn.requantize %{{.*}} : (tensor<1x2x3xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// A last window that ceil_mode lets reach past the end: it holds one element, and reads no more.
// CHECK-LABEL: func.func @past_the_end
func.func @past_the_end(%q: tensor<1x1x5xi8>) -> tensor<1x1x3xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  // CHECK: nn.constant dense<{{\[\[}}2.000000e+00, 2.000000e+00, 1.000000e+00]]> : tensor<1x3xf32>
  // CHECK: nn.conv %{{.*}} {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 0, 1>, strides = array<i64: 2>}
  // CHECK: nn.requantize
  %0 = nn.dequantize %q, %s, %z : (tensor<1x1x5xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x5xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = true} : (tensor<1x1x5xf32>) -> tensor<1x1x3xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x1x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x1x3xi8>
  return %2 : tensor<1x1x3xi8>
}

// Of the second window nothing counts: the sum is 0, and so it stays.
// CHECK-LABEL: func.func @nothing_counts
func.func @nothing_counts(%q: tensor<1x1x1xi8>) -> tensor<1x1x3xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  // CHECK: nn.constant dense<1.000000e+00> : tensor<f32>
  // CHECK: nn.requantize
  %0 = nn.dequantize %q, %s, %z : (tensor<1x1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x1xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 2>, pads = array<i64: 2, 2>, count_include_pad = false} : (tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x1x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x1x3xi8>
  return %2 : tensor<1x1x3xi8>
}

// CHECK-LABEL: func.func @mean
func.func @mean(%q: tensor<1x2x3x4xui8>) -> tensor<1x2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %zy = nn.constant dense<-3> : tensor<i8>
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<5.000000e-01> : tensor<f32>
  // CHECK-DAG: %[[COUNT:.*]] = nn.constant dense<1.200000e+01> : tensor<f32>
  // CHECK: %[[X:.*]] = nn.sub %{{.*}} : (tensor<1x2x3x4xi32>, tensor<i32>)
  // CHECK: %[[A:.*]] = nn.reduce_sum %[[X]] {axes = array<i64: 2, 3>, keepdims = false} : (tensor<1x2x3x4xi32>) -> tensor<1x2xi32>
  // CHECK: %[[D:.*]] = nn.mul %[[S]], %[[COUNT]]
  // CHECK: %[[R:.*]] = nn.div %[[S]], %[[D]]
  // CHECK: nn.requantize %[[A]], %[[R]]
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x3x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x3x4xf32>
  %1 = nn.reduce_mean %0 {axes = array<i64: 2, 3>, keepdims = false} : (tensor<1x2x3x4xf32>) -> tensor<1x2xf32>
  %2 = nn.quantize %1, %s, %zy : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %2 : tensor<1x2xi8>
}

// A sum is no mean, and a maximum none either.
// CHECK-LABEL: func.func @sum
func.func @sum(%q: tensor<2x3xi8>) -> (tensor<2xi8>, tensor<2xi8>) {
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.reduce_sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  %3 = nn.reduce_max %0 {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %2, %4 : tensor<2xi8>, tensor<2xi8>
}

// The float average has another reader.
// CHECK-LABEL: func.func @another_reader
func.func @another_reader(%q: tensor<1x2x4xui8>) -> (tensor<1x2x3xi8>, tensor<1x2x3xf32>) {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2, %1 : tensor<1x2x3xi8>, tensor<1x2x3xf32>
}

// One scale per channel.
// CHECK-LABEL: func.func @several_scales
func.func @several_scales(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %each = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %0 = nn.dequantize %q, %each, %z : (tensor<1x2x4xui8>, tensor<2x1xf32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Several scales of the result.
// CHECK-LABEL: func.func @several_result_scales
func.func @several_result_scales(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %zy = nn.constant dense<-3> : tensor<i8>
  %each = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %each, %zy : (tensor<1x2x3xf32>, tensor<2x1xf32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Several zero points.
// CHECK-LABEL: func.func @several_zero_points
func.func @several_zero_points(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %each = nn.constant dense<[[5], [25]]> : tensor<2x1xui8>
  %0 = nn.dequantize %q, %s, %each : (tensor<1x2x4xui8>, tensor<f32>, tensor<2x1xui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Elements of 16 bits with a zero point.
// CHECK-LABEL: func.func @words
func.func @words(%q: tensor<1x2x4xi16>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.5> : tensor<f32>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %z16 = nn.constant dense<7> : tensor<i16>
  %0 = nn.dequantize %q, %s, %z16 : (tensor<1x2x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// A function of the average.
// CHECK-LABEL: func.func @function_between
func.func @function_between(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %5 = nn.sigmoid %1 : tensor<1x2x3xf32>
  %2 = nn.quantize %5, %sy, %zy : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Another rounding than that of nn.requantize.
// CHECK-LABEL: func.func @rounded_up
func.func @rounded_up(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xi8> {
  // CHECK: nn.average_pool
  // CHECK-NOT: nn.requantize
  // CHECK: return
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<2.0> : tensor<f32>
  %zy = nn.constant dense<-3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  %2 = nn.quantize %1, %sy, %zy {rounding = 5 : i64} : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %2 : tensor<1x2x3xi8>
}

// Floats hold each sum where the scale is a power of two: sums of integers, whatever reads them.
// CHECK-LABEL: func.func @exact_floats
func.func @exact_floats(%q: tensor<1x2x4xui8>) -> tensor<1x2x2xf32> {
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<2.500000e-01> : tensor<f32>
  // CHECK-DAG: %[[SUM:.*]] = nn.conv
  // CHECK: %[[Y:.*]] = nn.dequantize %[[SUM]], %[[S]],
  // CHECK: nn.relu %[[Y]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  %2 = nn.relu %1 : tensor<1x2x2xf32>
  return %2 : tensor<1x2x2xf32>
}

// The third of a sum is the one float that is rounded.
// CHECK-LABEL: func.func @third
func.func @third(%q: tensor<1x2x3xui8>) -> tensor<1x2x1xf32> {
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<5.000000e-01> : tensor<f32>
  // CHECK-DAG: %[[SUM:.*]] = nn.conv
  // CHECK: %[[Y:.*]] = nn.dequantize %[[SUM]], %[[S]],
  // CHECK: %[[C:.*]] = nn.constant dense<0.333333343> : tensor<f32>
  // CHECK: %[[M:.*]] = nn.mul %[[Y]], %[[C]]
  // CHECK: nn.relu %[[M]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x3xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x3xf32>) -> tensor<1x2x1xf32>
  %2 = nn.relu %1 : tensor<1x2x1xf32>
  return %2 : tensor<1x2x1xf32>
}

// Windows over a border are of fewer elements: a reciprocal for each result.
// CHECK-LABEL: func.func @halves_at_the_end
func.func @halves_at_the_end(%q: tensor<1x2x4xui8>) -> tensor<1x2x3xf32> {
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<5.000000e-01> : tensor<f32>
  // CHECK-DAG: %[[SUM:.*]] = nn.conv
  // CHECK: %[[Y:.*]] = nn.dequantize %[[SUM]], %[[S]],
  // CHECK: %[[C:.*]] = nn.constant dense<{{\[\[}}1.000000e+00, 5.000000e-01, 1.000000e+00]]> : tensor<1x3xf32>
  // CHECK: nn.mul %[[Y]], %[[C]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x3xf32>
  return %1 : tensor<1x2x3xf32>
}

// Sums of tenths are rounded.
// CHECK-LABEL: func.func @rounded_sums
func.func @rounded_sums(%q: tensor<1x2x4xui8>) -> tensor<1x2x2xf32> {
  // CHECK: nn.average_pool
  // CHECK-NEXT: nn.relu
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  %2 = nn.relu %1 : tensor<1x2x2xf32>
  return %2 : tensor<1x2x2xf32>
}

// 24 bits hold sums of 256 words, and not of 257.
// CHECK-LABEL: func.func @sums_of_words
func.func @sums_of_words(%q: tensor<1x1x256xi16>, %r: tensor<1x1x257xi16>) -> (tensor<1x1x1xf32>, tensor<1x1x1xf32>) {
  // CHECK: nn.reduce_sum {{.*}}tensor<1x1x1xi32>
  // CHECK: nn.reduce_mean {{.*}}tensor<1x1x257xf32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x1x256xi16>, tensor<f32>, tensor<i16>) -> tensor<1x1x256xf32>
  %1 = nn.reduce_mean %0 {axes = array<i64: 2>, keepdims = true} : (tensor<1x1x256xf32>) -> tensor<1x1x1xf32>
  %2 = nn.dequantize %r, %s, %z : (tensor<1x1x257xi16>, tensor<f32>, tensor<i16>) -> tensor<1x1x257xf32>
  %3 = nn.reduce_mean %2 {axes = array<i64: 2>, keepdims = true} : (tensor<1x1x257xf32>) -> tensor<1x1x1xf32>
  return %1, %3 : tensor<1x1x1xf32>, tensor<1x1x1xf32>
}

// Words whose zero point is 0 are summed as they are.
// CHECK-LABEL: func.func @windows_of_words
// CHECK-SAME: %[[Q:.*]]: tensor<1x2x4xi16>
func.func @windows_of_words(%q: tensor<1x2x4xi16>) -> tensor<1x2x2xf32> {
  // CHECK: nn.conv %[[Q]]
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2x4xf32>
  %1 = nn.average_pool %0 {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  return %1 : tensor<1x2x2xf32>
}

// What no engine sums, and nothing makes integers of, stays for the caller.
// CHECK-LABEL: func.func @means_of_channels
func.func @means_of_channels(%q: tensor<1x4x3xi8>, %z: tensor<i8>) -> (tensor<1x1x3xf32>, tensor<1x1x3xi8>) {
  // CHECK: nn.reduce_mean
  // CHECK: nn.relu
  // CHECK: nn.reduce_sum {{.*}}tensor<1x1x3xi32>
  %s = nn.constant dense<0.5> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4x3xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4x3xf32>
  %1 = nn.reduce_mean %0 {axes = array<i64: 1>, keepdims = true} : (tensor<1x4x3xf32>) -> tensor<1x1x3xf32>
  %2 = nn.relu %1 : tensor<1x1x3xf32>
  %3 = nn.reduce_mean %0 {axes = array<i64: 1>, keepdims = true} : (tensor<1x4x3xf32>) -> tensor<1x1x3xf32>
  %4 = nn.relu %3 : tensor<1x1x3xf32>
  %5 = nn.sub %4, %s : (tensor<1x1x3xf32>, tensor<f32>) -> tensor<1x1x3xf32>
  %6 = nn.quantize %5, %s, %z : (tensor<1x1x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x1x3xi8>
  return %2, %6 : tensor<1x1x3xf32>, tensor<1x1x3xi8>
}
