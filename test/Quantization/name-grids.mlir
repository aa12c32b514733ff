// RUN: nn-opt %s --nn-name-grids | FileCheck %s
// RUN: nn-opt %s --nn-name-grids=exact=tflite-double | FileCheck %s --check-prefix=TFLITE

// Thresholds read a sum on the finer of two grids.
// CHECK-LABEL: func.func @thresholds
// TFLITE-LABEL: func.func @thresholds
// TFLITE-NOT: nn.quantize
// TFLITE: nn.threshold
func.func @thresholds(%p: tensor<2x3xi8>, %q: tensor<2x3xi4>) -> tensor<2x3xui2> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.125> : tensor<f32>
  %y = nn.constant dense<3> : tensor<i8>
  %z = nn.constant dense<0> : tensor<i4>
  %n = nn.constant dense<[[0.0, 1.0]]> : tensor<1x2xf32>
  // CHECK: %[[A:.*]] = nn.add
  // CHECK: %[[G:.*]] = nn.constant dense<1.250000e-01> : tensor<f32>
  // CHECK: %[[Q:.*]] = nn.quantize %[[A]], %[[G]], %{{.*}} -> tensor<2x3xi16>
  // CHECK: %[[F:.*]] = nn.dequantize %[[Q]], %[[G]]
  // CHECK: nn.threshold %[[F]]
  %0 = nn.dequantize %p, %s, %y : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.dequantize %q, %t, %z : (tensor<2x3xi4>, tensor<f32>, tensor<i4>) -> tensor<2x3xf32>
  %2 = nn.add %0, %1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = nn.threshold %2, %n {channel = 1 : i64, least = 0 : i64} : (tensor<2x3xf32>, tensor<1x2xf32>) -> tensor<2x3xui2>
  return %3 : tensor<2x3xui2>
}

// An offset for each channel stands between, and a transpose; of a sum of sums the last is enough.
// CHECK-LABEL: func.func @channels
func.func @channels(%p: tensor<2x3xi8>, %q: tensor<2x3xi8>) -> (tensor<2x3xi8>, tensor<3x2xi8>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %b = nn.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  // CHECK: nn.sub
  // CHECK: nn.quantize {{.*}} -> tensor<2x3xi16>
  // CHECK: nn.dequantize
  // CHECK: nn.relu
  // CHECK-NEXT: nn.add
  %0 = nn.dequantize %p, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %2 = nn.sub %0, %1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = nn.relu %2 : tensor<2x3xf32>
  %4 = nn.add %3, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  // CHECK: nn.add
  // CHECK: nn.quantize {{.*}} -> tensor<2x3xi16>
  // CHECK: nn.dequantize
  // CHECK: nn.transpose
  %6 = nn.add %0, %1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = nn.transpose %6 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %8 = nn.quantize %7, %s, %z : (tensor<3x2xf32>, tensor<f32>, tensor<i8>) -> tensor<3x2xi8>
  return %5, %8 : tensor<2x3xi8>, tensor<3x2xi8>
}

// What is quantized as a whole has a form, and what leaves needs none.
// CHECK-LABEL: func.func @as_a_whole
func.func @as_a_whole(%p: tensor<2x3xi8>, %q: tensor<2x3xi8>) -> (tensor<2x3xi8>, tensor<2x3xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // CHECK-NOT: i16
  %0 = nn.dequantize %p, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %2 = nn.add %0, %1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = nn.mul %2, %s : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  return %4, %2 : tensor<2x3xi8>, tensor<2x3xf32>
}

// Floats round sums on other grids, and 16 bits do not hold these.
// CHECK-LABEL: func.func @no_grid
func.func @no_grid(%p: tensor<2xi8>, %q: tensor<2xi16>) -> (tensor<2xui2>, tensor<2xui2>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.3> : tensor<f32>
  %y = nn.constant dense<0> : tensor<i8>
  %z = nn.constant dense<0> : tensor<i16>
  %n = nn.constant dense<[[0.0, 1.0]]> : tensor<1x2xf32>
  // CHECK-NOT: nn.quantize
  %0 = nn.dequantize %p, %s, %y : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.dequantize %p, %t, %y : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %2 = nn.add %0, %1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = nn.threshold %2, %n {channel = 0 : i64, least = 0 : i64} : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<2xui2>
  %4 = nn.dequantize %q, %s, %z : (tensor<2xi16>, tensor<f32>, tensor<i16>) -> tensor<2xf32>
  %5 = nn.add %0, %4 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %6 = nn.threshold %5, %n {channel = 0 : i64, least = 0 : i64} : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<2xui2>
  return %3, %6 : tensor<2xui2>, tensor<2xui2>
}

// What is joined of unlike grids, or of unlike types on one, stands on the finest; a maximum and an average read it.
// CHECK-LABEL: func.func @joined
func.func @joined(%p: tensor<1x1x2x2xi8>, %q: tensor<1x2x2x2xui4>) -> (tensor<1x3x1x1xf32>, tensor<1x3x1x1xui2>, tensor<1x3x1x1xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.125> : tensor<f32>
  %y = nn.constant dense<3> : tensor<i8>
  %z = nn.constant dense<0> : tensor<ui4>
  %n = nn.constant dense<[[0.0, 1.0]]> : tensor<1x2xf32>
  %k = nn.constant dense<1.0> : tensor<3x3x2x2xf32>
  %0 = nn.dequantize %p, %s, %y : (tensor<1x1x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x2x2xf32>
  %1 = nn.dequantize %q, %t, %z : (tensor<1x2x2x2xui4>, tensor<f32>, tensor<ui4>) -> tensor<1x2x2x2xf32>
  // CHECK: %[[C:.*]] = nn.concat
  // CHECK: %[[G:.*]] = nn.constant dense<1.250000e-01> : tensor<f32>
  // CHECK: nn.quantize %[[C]], %[[G]], %{{.*}} -> tensor<1x3x2x2xi16>
  // CHECK: nn.dequantize
  // CHECK: nn.max_pool
  %2 = nn.concat %0, %1 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %3 = nn.max_pool %2 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x3x2x2xf32>) -> tensor<1x3x1x1xf32>
  %4 = nn.threshold %3, %n {channel = 1 : i64, least = 0 : i64} : (tensor<1x3x1x1xf32>, tensor<1x2xf32>) -> tensor<1x3x1x1xui2>
  // CHECK: nn.concat
  // CHECK: nn.quantize {{.*}} -> tensor<1x3x2x2xi16>
  // CHECK: nn.dequantize
  // CHECK: nn.conv
  %5 = nn.dequantize %q, %s, %z : (tensor<1x2x2x2xui4>, tensor<f32>, tensor<ui4>) -> tensor<1x2x2x2xf32>
  %6 = nn.concat %0, %5 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %7 = nn.conv %6, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x3x2x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x3x1x1xf32>
  return %3, %4, %7 : tensor<1x3x1x1xf32>, tensor<1x3x1x1xui2>, tensor<1x3x1x1xf32>
}

// What is on one grid already needs no name, nor what is quantized as a whole; other grids have none.
// CHECK-LABEL: func.func @on_one_grid
func.func @on_one_grid(%p: tensor<1x1x2x2xi8>, %q: tensor<1x2x2x2xi8>) -> (tensor<1x3x1x1xf32>, tensor<1x3x2x2xi8>, tensor<1x3x1x1xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %u = nn.constant dense<0.3> : tensor<f32>
  %y = nn.constant dense<3> : tensor<i8>
  %k = nn.constant dense<1.0> : tensor<3x3x2x2xf32>
  // CHECK-NOT: i16
  %0 = nn.dequantize %p, %s, %y : (tensor<1x1x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x2x2xf32>
  %1 = nn.dequantize %q, %s, %y : (tensor<1x2x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x2x2xf32>
  %2 = nn.concat %0, %1 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %3 = nn.conv %2, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x3x2x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x3x1x1xf32>
  %4 = nn.dequantize %q, %t, %y : (tensor<1x2x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x2x2xf32>
  %5 = nn.concat %0, %4 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %6 = nn.quantize %5, %s, %y : (tensor<1x3x2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x3x2x2xi8>
  %7 = nn.dequantize %q, %u, %y : (tensor<1x2x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x2x2xf32>
  %8 = nn.concat %0, %7 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %9 = nn.conv %8, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x3x2x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x3x1x1xf32>
  return %3, %6, %9 : tensor<1x3x1x1xf32>, tensor<1x3x2x2xi8>, tensor<1x3x1x1xf32>
}

// A function behind what is joined has no form in integers of several tensors, and a sum takes no function of floats.
// CHECK-LABEL: func.func @functions
func.func @functions(%p: tensor<1x1x2x2xi8>, %q: tensor<1x2x2x2xi8>) -> (tensor<1x3x2x2xi8>, tensor<1x1x1x1xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %y = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %p, %s, %y : (tensor<1x1x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x2x2xf32>
  %1 = nn.dequantize %q, %t, %y : (tensor<1x2x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x2x2xf32>
  // CHECK: nn.concat
  // CHECK: %[[Q:.*]] = nn.quantize {{.*}} -> tensor<1x3x2x2xi16>
  // CHECK: %[[F:.*]] = nn.dequantize %[[Q]]
  // CHECK: %[[R:.*]] = nn.relu %[[F]]
  // CHECK-NEXT: nn.quantize %[[R]], %{{.*}} -> tensor<1x3x2x2xi8>
  %2 = nn.concat %0, %1 {axis = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x2x2xf32>
  %3 = nn.relu %2 : tensor<1x3x2x2xf32>
  %4 = nn.quantize %3, %s, %y : (tensor<1x3x2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x3x2x2xi8>
  // CHECK: nn.relu
  // CHECK: nn.quantize {{.*}} -> tensor<1x1x2x2xi16>
  // CHECK: nn.dequantize
  // CHECK: nn.average_pool
  %5 = nn.relu %0 : tensor<1x1x2x2xf32>
  %6 = nn.average_pool %5 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, count_include_pad = true} : (tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32>
  return %4, %6 : tensor<1x3x2x2xi8>, tensor<1x1x1x1xf32>
}

// What is a function of elements already, and is quantized as a whole, needs no name.
// CHECK-LABEL: func.func @functions_of_elements
func.func @functions_of_elements(%p: tensor<2xi8>, %q: tensor<2xi8>) -> (tensor<2xi8>, tensor<2xi8>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %y = nn.constant dense<3> : tensor<i8>
  // CHECK-NOT: i16
  %0 = nn.dequantize %p, %s, %y : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.dequantize %q, %t, %y : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %2 = nn.add %0, %1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = nn.relu %2 : tensor<2xf32>
  %4 = nn.quantize %3, %t, %y : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  %5 = nn.relu %0 : tensor<2xf32>
  %6 = nn.quantize %5, %t, %y : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %4, %6 : tensor<2xi8>, tensor<2xi8>
}
