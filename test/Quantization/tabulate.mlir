// RUN: nn-opt %s --nn-tabulate | FileCheck %s
// RUN: nn-opt %s --nn-tabulate=exact=tflite-double | FileCheck %s --check-prefix=TFLITE

// Steps of 1/2 around 0: x = (q - 128) / 2, doubled at a scale of 1 and a zero point of 0.
// CHECK-LABEL: func.func @relu_on_another_grid
func.func @relu_on_another_grid(%q: tensor<2x3xui8>) -> tensor<2x3xi8> {
  // CHECK: %[[R:.*]] = nn.lookup %arg0 {table = array<i32: 0, 0, 0, {{.*}}, 0, 0, 1, 2, 2, 2, 3, 4, {{.*}}, 62, 62, 62, 63, 64>} : tensor<2x3xui8> to tensor<2x3xi8>
  // CHECK-NEXT: return %[[R]]
  // TFLITE-NOT: nn.lookup
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<128> : tensor<ui8>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %zy = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  %1 = nn.relu %0 : tensor<2x3xf32>
  %2 = nn.quantize %1, %sy, %zy : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  return %2 : tensor<2x3xi8>
}

// The first number of a signed table is that of 0: the index is the stored byte's bits.
// CHECK-LABEL: func.func @signed_bytes
func.func @signed_bytes(%q: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.lookup %arg0 {table = array<i32: 0, -1, -2, {{.*}}, -126, -127, 127, 127, 126, {{.*}}, 2, 1>} : tensor<4xi8> to tensor<4xi8>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.neg %0 : tensor<4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %2 : tensor<4xi8>
}

// x * sigmoid(x), the sigmoid quantized in between, is one table of x.
// CHECK-LABEL: func.func @swish
func.func @swish(%q: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK-NEXT: %[[R:.*]] = nn.lookup %arg0
  // CHECK-NEXT: return %[[R]]
  %s = nn.constant dense<0.05> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %p = nn.constant dense<0.00390625> : tensor<f32>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.sigmoid %0 : tensor<4xf32>
  %2 = nn.quantize %1, %p, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %3 = nn.dequantize %2, %p, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %4 = nn.mul %0, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %5 : tensor<4xi8>
}

// On one grid a clip of what stands for numbers is a clip of what is stored.
// CHECK-LABEL: func.func @clip_on_one_grid
func.func @clip_on_one_grid(%q: tensor<4xui8>) -> (tensor<4xui8>, tensor<4xui8>) {
  // CHECK: %[[C:.*]] = nn.clip %arg0 {max = 130 : ui8, min = 100 : ui8} : tensor<4xui8>
  // CHECK-NEXT: return %[[C]], %arg0
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<100> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = nn.clip %0 {min = 0.0 : f32, max = 3.0 : f32} : tensor<4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  %3 = nn.clip %0 {min = -10.0 : f32, max = 30.0 : f32} : tensor<4xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %2, %4 : tensor<4xui8>, tensor<4xui8>
}

// Stay floats: a scale for each channel, a constant for each channel, words, two tensors of bytes.
// CHECK-LABEL: func.func @no_table
func.func @no_table(%q: tensor<2x2xi8>, %w: tensor<2x2xi16>, %r: tensor<2x2xi8>) -> (tensor<2x2xi8>, tensor<2x2xi8>, tensor<2x2xi8>, tensor<2x2xi8>) {
  // CHECK-NOT: nn.lookup
  // CHECK-COUNT-4: nn.quantize
  // CHECK-NOT: nn.lookup
  %s = nn.constant dense<0.1> : tensor<f32>
  %sc = nn.constant dense<[0.1, 0.2]> : tensor<2xf32>
  %z = nn.constant dense<3> : tensor<i8>
  %zw = nn.constant dense<3> : tensor<i16>
  %0 = nn.dequantize %q, %sc, %z : (tensor<2x2xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.sigmoid %0 : tensor<2x2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  %3 = nn.dequantize %q, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %4 = nn.mul %3, %sc : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  %6 = nn.dequantize %w, %s, %zw : (tensor<2x2xi16>, tensor<f32>, tensor<i16>) -> tensor<2x2xf32>
  %7 = nn.sigmoid %6 : tensor<2x2xf32>
  %8 = nn.quantize %7, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  %9 = nn.dequantize %r, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %10 = nn.mul %3, %9 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %11 = nn.quantize %10, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  return %2, %5, %8, %11 : tensor<2x2xi8>, tensor<2x2xi8>, tensor<2x2xi8>, tensor<2x2xi8>
}

// Normalisation reads all of a row: no function of one byte.
// CHECK-LABEL: func.func @rows
func.func @rows(%q: tensor<2x4xui8>) -> (tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>) {
  // CHECK-NOT: nn.clip
  // CHECK-NOT: nn.lookup
  // CHECK: nn.log_softmax
  // CHECK: nn.softmax
  // CHECK: nn.tanh
  // CHECK: nn.softmax
  // CHECK: return
  %s = nn.constant dense<0.001> : tensor<f32>
  %z = nn.constant dense<255> : tensor<ui8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x4xf32>
  %1 = nn.log_softmax %0 {axes = array<i64: 1>} : tensor<2x4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %3 = nn.softmax %0 {axes = array<i64: 1>} : tensor<2x4xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %5 = nn.tanh %0 : tensor<2x4xf32>
  %6 = nn.softmax %5 {axes = array<i64: 1>} : tensor<2x4xf32>
  %7 = nn.quantize %6, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  return %2, %4, %7 : tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>
}
