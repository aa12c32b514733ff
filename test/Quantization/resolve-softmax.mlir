// RUN: nn-opt %s --nn-resolve-softmax | FileCheck %s
// RUN: nn-opt %s --nn-resolve-softmax=exact=tflite-double | FileCheck %s --check-prefix=TFLITE

// Exponentials of what lies below the greatest, in 30 bits, their sum, and the part of it that each is, counted in 1/256.
// CHECK-LABEL: func.func @bytes
// TFLITE-LABEL: func.func @bytes
func.func @bytes(%q: tensor<2x3xi8>) -> tensor<2x3xi8> {
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<-128> : tensor<i8>
  // CHECK-DAG: %[[X:.*]] = nn.cast %{{.*}} : tensor<2x3xi8> to tensor<2x3xi32>
  // CHECK: %[[MAX:.*]] = nn.reduce_max %[[X]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[D:.*]] = nn.sub %[[MAX]], %[[X]]
  // CHECK: %[[E:.*]] = nn.lookup %[[D]] {table = array<i32: 1073741824, 651257337, 395007542,
  // CHECK: %[[W:.*]] = nn.cast %[[E]] : tensor<2x3xi32> to tensor<2x3xi64>
  // CHECK: %[[S:.*]] = nn.reduce_sum %[[W]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[R:.*]] = nn.proportion %[[E]], %[[S]], %[[Z]] {division = 0 : i64, shift = 8 : i64}
  // CHECK-NEXT: return %[[R]]
  // gemmlowp's exponentials have 31 bits, their sum 19 after the point.
  // TFLITE: %[[E:.*]] = nn.lookup %{{.*}} {table = array<i32: 2147483647, 1302515042, 790015308,
  // TFLITE: %[[T:.*]] = nn.rescale %[[E]], %{{.*}} {rounding = 0 : i64}
  // TFLITE: %[[S:.*]] = nn.reduce_sum %[[T]]
  // TFLITE: %[[W:.*]] = nn.cast %[[S]] : tensor<2x1xi32> to tensor<2x1xi64>
  // TFLITE: nn.proportion %[[E]], %[[W]], %{{.*}} {division = 1 : i64, shift = 8 : i64}
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %sy = nn.constant dense<0.00390625> : tensor<f32>
  %zy = nn.constant dense<-128> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  return %2 : tensor<2x3xi8>
}

// Another scale of the result multiplies the sum: 3/512. TFLite knows 1/256 only.
// CHECK-LABEL: func.func @other_scale
// TFLITE-LABEL: func.func @other_scale
func.func @other_scale(%q: tensor<2x3xui8>) -> tensor<2x3xui8> {
  // CHECK: %[[S:.*]] = nn.reduce_sum
  // CHECK: %[[THREE:.*]] = nn.constant dense<3> : tensor<i64>
  // CHECK: %[[P:.*]] = nn.mul %[[S]], %[[THREE]]
  // CHECK: nn.proportion %{{.*}}, %[[P]], %{{.*}} {division = 0 : i64, shift = 9 : i64}
  // TFLITE: nn.softmax
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %sy = nn.constant dense<0.005859375> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x3xf32>
  %2 = nn.quantize %1, %sy, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  return %2 : tensor<2x3xui8>
}

// Words, scales of which there are several, and scales known at run time stay floats.
// CHECK-LABEL: func.func @others
func.func @others(%q: tensor<2x3xi16>, %r: tensor<2x3xi8>, %t: tensor<f32>) -> (tensor<2x3xi8>, tensor<2x3xi8>, tensor<2x3xi8>) {
  // CHECK-NOT: nn.lookup
  // CHECK-COUNT-3: nn.softmax
  // CHECK-NOT: nn.lookup
  %s = nn.constant dense<0.5> : tensor<f32>
  %several = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z16 = nn.constant dense<7> : tensor<i16>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z16 : (tensor<2x3xi16>, tensor<f32>, tensor<i16>) -> tensor<2x3xf32>
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x3xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  %3 = nn.dequantize %r, %several, %z : (tensor<2x3xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<2x3xf32>
  %4 = nn.softmax %3 {axes = array<i64: 1>} : tensor<2x3xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  %6 = nn.dequantize %r, %t, %z : (tensor<2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  %7 = nn.softmax %6 {axes = array<i64: 1>} : tensor<2x3xf32>
  %8 = nn.quantize %7, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  return %2, %5, %8 : tensor<2x3xi8>, tensor<2x3xi8>, tensor<2x3xi8>
}
