// RUN: nn-opt %s --nn-resolve-sums | FileCheck %s
// RUN: nn-opt %s --nn-resolve-sums=exact=tflite-single | FileCheck %s --check-prefix=TFLITE

// TFLITE-NOT: -> tensor<{{.*}}xi32>

// A float bias is added to what the sums stand for.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[Q:.*]]: tensor<1x2x4xi8>)
func.func @conv(%q: tensor<1x2x4xi8>) -> tensor<1x2x4xf32> {
  // CHECK-DAG: %[[K:.*]] = nn.constant dense<{{\[}}{{\[}}[0], [1]], {{\[}}[2], [3]]]> : tensor<2x2x1xi16>
  // CHECK-DAG: %[[X:.*]] = nn.sub
  // CHECK: %[[A:.*]] = nn.conv %[[X]], %[[K]] {{.*}} -> tensor<1x2x4xi32>
  // CHECK: %[[Y:.*]] = nn.dequantize %[[A]], %{{.*}} : (tensor<1x2x4xi32>, tensor<2x1xf32>, tensor<i32>)
  // CHECK: %[[B:.*]] = nn.reshape %{{.*}} : tensor<2xf32> to tensor<2x1xf32>
  // CHECK: nn.add %[[Y]], %[[B]]
  %k = nn.constant dense<[[[1], [2]], [[3], [4]]]> : tensor<2x2x1xi8>
  %b = nn.constant dense<[0.1, 0.2]> : tensor<2xf32>
  %s = nn.constant dense<0.7> : tensor<f32>
  %each = nn.constant dense<[[[0.5]], [[0.3]]]> : tensor<2x1x1xf32>
  %z = nn.constant dense<3> : tensor<i8>
  %y = nn.constant dense<1> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xf32>
  %1 = nn.dequantize %k, %each, %y : (tensor<2x2x1xi8>, tensor<2x1x1xf32>, tensor<i8>) -> tensor<2x2x1xf32>
  %2 = nn.conv %0, %1, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x2x4xf32>, tensor<2x2x1xf32>, tensor<2xf32>) -> tensor<1x2x4xf32>
  return %2 : tensor<1x2x4xf32>
}

// The product of the scales is no number of a float32: sums of 0 are 0 all the same.
// CHECK-LABEL: func.func @beyond_floats
// CHECK-NOT: xi32>
// CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
func.func @beyond_floats(%q: tensor<1x3xui8>) -> tensor<1x2xf32> {
  %k = nn.constant dense<[[1, 0], [2, 0], [3, 0]]> : tensor<3x2xi8>
  %s = nn.constant dense<1.0e30> : tensor<f32>
  %u = nn.constant dense<0> : tensor<ui8>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %u : (tensor<1x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3xf32>
  %1 = nn.dequantize %k, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x3xf32>, tensor<3x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// A bias that counts what the sums count.
// CHECK-LABEL: func.func @counted_bias
func.func @counted_bias(%q: tensor<1x2xi8>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul %{{.*}}, %{{.*}}, %{{.*}} : (tensor<1x2xi16>, tensor<2x2xi16>, tensor<2xi32>) -> tensor<1x2xi32>
  // CHECK-NOT: nn.add
  // CHECK: return
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %b = nn.constant dense<[7, 8]> : tensor<2xi32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %quarter = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zb = nn.constant dense<0> : tensor<i32>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.dequantize %b, %quarter, %zb : (tensor<2xi32>, tensor<f32>, tensor<i32>) -> tensor<2xf32>
  %3 = nn.matmul %0, %1, %2 : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// Words whose range is known to fit: twelve bits.
// CHECK-LABEL: func.func @twelve_bits
func.func @twelve_bits(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: nn.cast %{{.*}} : tensor<1x2xui16> to tensor<1x2xi16>
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xi32>
  %k = nn.constant dense<[[1, 300], [2, -300]]> : tensor<2x2xi16>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<ui16>
  %zk = nn.constant dense<0> : tensor<i16>
  %q = nn.quantize %x, %half, %z : (tensor<1x2xf32>, tensor<f32>, tensor<ui16>) -> tensor<1x2xui16>
  %c = nn.clip %q {min = 0 : ui16, max = 4095 : ui16} : tensor<1x2xui16>
  %0 = nn.dequantize %c, %half, %z : (tensor<1x2xui16>, tensor<f32>, tensor<ui16>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %zk : (tensor<2x2xi16>, tensor<f32>, tensor<i16>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// Words without a sign that have one less their zero point.
// CHECK-LABEL: func.func @centered_words
func.func @centered_words(%q: tensor<1x2xui16>) -> tensor<1x2xf32> {
  // CHECK: %[[WIDE:.*]] = nn.cast %{{.*}} : tensor<1x2xui16> to tensor<1x2xi32>
  // CHECK: %[[LESS:.*]] = nn.sub %[[WIDE]], %{{.*}} : (tensor<1x2xi32>, tensor<i32>) -> tensor<1x2xi32>
  // CHECK: %[[X:.*]] = nn.cast %[[LESS]] : tensor<1x2xi32> to tensor<1x2xi16>
  // CHECK: nn.matmul %[[X]], {{.*}} -> tensor<1x2xi32>
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<32768> : tensor<ui16>
  %zk = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xui16>, tensor<f32>, tensor<ui16>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %zk : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// Weights that are floats in the network: eighths, and sums of products with halves are exact.
// CHECK-LABEL: func.func @whole_weights
func.func @whole_weights(%q: tensor<1x2xi8>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = nn.constant dense<{{\[}}[1, -2], [4, 3]]> : tensor<2x2xi16>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<[16, -3]> : tensor<2xi32>
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<6.250000e-02> : tensor<f32>
  // CHECK: %[[A:.*]] = nn.matmul %{{.*}}, %[[W]], %[[B]] : (tensor<1x2xi16>, tensor<2x2xi16>, tensor<2xi32>) -> tensor<1x2xi32>
  // CHECK: nn.dequantize %[[A]], %[[S]]
  %w = nn.constant dense<[[0.125, -0.25], [0.5, 0.375]]> : tensor<2x2xf32>
  %b = nn.constant dense<[1.0, -0.1875]> : tensor<2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<5> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.matmul %0, %w, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// A bias that is finer than what the sums count is added to them, as floats that hold both; one that is finer still
// would be rounded.
// CHECK-LABEL: func.func @finer_bias
func.func @finer_bias(%q: tensor<1x1x2xi8>) -> (tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
  // CHECK: %[[A:.*]] = nn.conv %{{.*}} : (tensor<1x1x2xi16>, tensor<2x1x1xi16>) -> tensor<1x2x2xi32>
  // CHECK: %[[Y:.*]] = nn.dequantize %[[A]],
  // CHECK: %[[B:.*]] = nn.reshape %{{.*}} : tensor<2xf32> to tensor<2x1xf32>
  // CHECK: nn.add %[[Y]], %[[B]]
  // CHECK: nn.conv %{{.*}} -> tensor<1x2x2xf32>
  %w = nn.constant dense<[[[0.5]], [[-1.0]]]> : tensor<2x1x1xf32>
  %b = nn.constant dense<[0.0625, 3.0]> : tensor<2xf32>
  %c = nn.constant dense<[9.53674316E-7, 65536.0]> : tensor<2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x2xf32>
  %1 = nn.conv %0, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x1x2xf32>, tensor<2x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  %2 = nn.conv %0, %w, %c {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x1x2xf32>, tensor<2x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %1, %2 : tensor<1x2x2xf32>, tensor<1x2x2xf32>
}

// --- What stays one of floats.

// Weights with more bits than a float's sums can hold.
// CHECK-LABEL: func.func @many_bits
func.func @many_bits(%q: tensor<1x2xi16>) -> tensor<1x1xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x1xf32>
  %w = nn.constant dense<[[1.0], [512.0]]> : tensor<2x1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2xf32>
  %1 = nn.matmul %0, %w : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// A little less: 2^15 * (1 + 511) is 2^24.
// CHECK-LABEL: func.func @enough_bits
func.func @enough_bits(%q: tensor<1x2xi16>) -> tensor<1x1xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x1xi32>
  %w = nn.constant dense<[[1.0], [511.0]]> : tensor<2x1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2xf32>
  %1 = nn.matmul %0, %w : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Weights, a bias and a scale that are no multiples of one power of two.
// CHECK-LABEL: func.func @tenths
func.func @tenths(%q: tensor<1x2xi8>) -> (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) {
  // CHECK-COUNT-3: nn.matmul {{.*}} -> tensor<1x1xf32>
  %w = nn.constant dense<[[1.0], [-2.0]]> : tensor<2x1xf32>
  %v = nn.constant dense<[[0.1], [0.2]]> : tensor<2x1xf32>
  %b = nn.constant dense<0.1> : tensor<1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %tenth = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %q, %tenth, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %2 = nn.matmul %0, %v : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  %3 = nn.matmul %0, %w, %b : (tensor<1x2xf32>, tensor<2x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  %4 = nn.matmul %1, %w : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %2, %3, %4 : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
}

// Sums that could leave int32.
// CHECK-LABEL: func.func @large_sums
func.func @large_sums(%q: tensor<1x2xi16>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
  %k = nn.constant dense<-32768> : tensor<2x2xi16>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi16>, tensor<f32>, tensor<i16>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi16>, tensor<f32>, tensor<i16>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// Words that need all of sixteen bits without a sign.
// CHECK-LABEL: func.func @unsigned_words
func.func @unsigned_words(%q: tensor<1x2xui16>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<ui16>
  %zk = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xui16>, tensor<f32>, tensor<ui16>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %zk : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// Weights that are known at run time only.
// CHECK-LABEL: func.func @two_inputs
func.func @two_inputs(%q: tensor<1x2xi8>, %k: tensor<2x2xi8>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %half, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// A scale that is known at run time only.
// CHECK-LABEL: func.func @scale_at_run_time
func.func @scale_at_run_time(%q: tensor<1x2xi8>, %s: tensor<f32>) -> tensor<1x2xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<1x2xf32>
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// A scale for each row of what is multiplied.
// CHECK-LABEL: func.func @scales_of_rows
func.func @scales_of_rows(%q: tensor<2x2xi8>) -> tensor<2x2xf32> {
  // CHECK: nn.matmul {{.*}} -> tensor<2x2xf32>
  %k = nn.constant dense<1> : tensor<2x2xi8>
  %half = nn.constant dense<0.5> : tensor<f32>
  %each = nn.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %q, %each, %z : (tensor<2x2xi8>, tensor<2x1xf32>, tensor<i8>) -> tensor<2x2xf32>
  %1 = nn.dequantize %k, %half, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %2 = nn.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}
