// RUN: nn-opt %s --nn-store-unsigned | FileCheck %s
// RUN: nn-opt %s --nn-store-unsigned=depthwise | FileCheck %s --check-prefix=DEPTHWISE

// The producer's zero point takes 128, the reader's bias gives it back: 10 - 128 * 6.
// CHECK-LABEL: func.func @between_two_convolutions
func.func @between_two_convolutions(%a: tensor<1x1x4xi32>, %s: tensor<f32>) -> tensor<1x1x4xi32> {
  %z = nn.constant dense<-3> : tensor<i8>
  %w = nn.constant dense<[[[1, 2, 3]]]> : tensor<1x1x3xi8>
  %b = nn.constant dense<10> : tensor<1xi32>
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<125> : tensor<ui8>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<-758> : tensor<1xi32>
  // CHECK-DAG: %[[Q:.*]] = nn.requantize %arg0, %arg1, %[[Z]] : (tensor<1x1x4xi32>, tensor<f32>, tensor<ui8>) -> tensor<1x1x4xui8>
  // CHECK: nn.conv %[[Q]], %{{.*}}, %[[B]] {{.*}}pad_value = 125 : i64
  %q = nn.requantize %a, %s, %z : (tensor<1x1x4xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1x4xi8>
  %0 = nn.conv %q, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64, pad_value = -3 : i64} : (tensor<1x1x4xi8>, tensor<1x1x3xi8>, tensor<1xi32>) -> tensor<1x1x4xi32>
  return %0 : tensor<1x1x4xi32>
}

// Bounds and pads move along; so does what dequantizes the same bytes.
// CHECK-LABEL: func.func @through_movement
func.func @through_movement(%x: tensor<2x2xf32>, %s: tensor<f32>) -> (tensor<2x1xi32>, tensor<2x2xf32>) {
  %z = nn.constant dense<-128> : tensor<i8>
  %w = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi8>
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<0> : tensor<ui8>
  // CHECK: %[[Q:.*]] = nn.quantize %arg0, %arg1, %{{.*}} -> tensor<2x2xui8>
  // CHECK: %[[C:.*]] = nn.clip %[[Q]] {max = 228 : ui8, min = 118 : ui8}
  // CHECK: %[[P:.*]] = nn.pad %[[C]] {{.*}}value = 133 : ui8
  // CHECK: nn.matmul %[[P]]
  // CHECK: nn.dequantize %[[C]], %arg1, %{{.*}} : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  %q = nn.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  %c = nn.clip %q {min = -10 : i8, max = 100 : i8} : tensor<2x2xi8>
  %p = nn.pad %c {low = array<i64: 0, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = 5 : i8} : (tensor<2x2xi8>) -> tensor<2x3xi8>
  %0 = nn.matmul %p, %w : (tensor<2x3xi8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  %f = nn.dequantize %c, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  return %0, %f : tensor<2x1xi32>, tensor<2x2xf32>
}

// So do sums of integers, whose zero point takes the 128; what reads the bytes otherwise has them subtracted.
// CHECK-LABEL: func.func @read_as_words
func.func @read_as_words(%a: tensor<2x3xi32>, %m: tensor<i32>) -> (tensor<2x1xi32>, tensor<2x3xi32>, tensor<2x3xi32>) {
  %z = nn.constant dense<-3> : tensor<i8>
  %s = nn.constant dense<33> : tensor<i32>
  %w = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi8>
  %n = nn.constant dense<7> : tensor<i32>
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<125> : tensor<ui8>
  // CHECK-DAG: %[[Q:.*]] = nn.rescale %arg0, %arg1, %{{.*}}, %[[Z]] {rounding = 1 : i64} : {{.*}} -> tensor<2x3xui8>
  // CHECK-DAG: %[[C:.*]] = nn.cast %[[Q]] : tensor<2x3xui8> to tensor<2x3xi32>
  // CHECK-DAG: %[[N:.*]] = nn.constant dense<135> : tensor<i32>
  // CHECK-DAG: %[[OFFSET:.*]] = nn.constant dense<128> : tensor<i32>
  // CHECK-DAG: %[[S:.*]] = nn.sub %[[C]], %[[OFFSET]]
  // CHECK-DAG: %[[D:.*]] = nn.sub %[[C]], %[[N]]
  // CHECK: return %{{.*}}, %[[D]], %[[S]]
  %q = nn.rescale %a, %m, %s, %z {rounding = 1 : i64} : (tensor<2x3xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<2x3xi8>
  %0 = nn.matmul %q, %w : (tensor<2x3xi8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  %c = nn.cast %q : tensor<2x3xi8> to tensor<2x3xi32>
  %d = nn.sub %c, %n : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %0, %d, %c : tensor<2x1xi32>, tensor<2x3xi32>, tensor<2x3xi32>
}

// What enters the network keeps its type: its bytes are shifted inside, wrapping.
// CHECK-LABEL: func.func @input
func.func @input(%q: tensor<2x3xi8>) -> tensor<2x1xi32> {
  %w = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi8>
  // CHECK: %[[C:.*]] = nn.cast %arg0 : tensor<2x3xi8> to tensor<2x3xui8>
  // CHECK: %[[X:.*]] = nn.add %[[C]], %{{.*}} : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  // CHECK: nn.matmul %[[X]]
  %0 = nn.matmul %q, %w : (tensor<2x3xi8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  return %0 : tensor<2x1xi32>
}

// What leaves it does, too: the result is computed once more as it was.
// CHECK-LABEL: func.func @output
// CHECK-DAG: %[[U:.*]] = nn.quantize {{.*}} -> tensor<2x3xui8>
// CHECK-DAG: %[[Q:.*]] = nn.quantize {{.*}} -> tensor<2x3xi8>
// CHECK-DAG: %[[S:.*]] = nn.matmul %[[U]],
// CHECK: return %[[S]], %[[Q]]
func.func @output(%x: tensor<2x3xf32>, %s: tensor<f32>) -> (tensor<2x1xi32>, tensor<2x3xi8>) {
  %z = nn.constant dense<0> : tensor<i8>
  %w = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi8>
  %q = nn.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
  %0 = nn.matmul %q, %w : (tensor<2x3xi8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  return %0, %q : tensor<2x1xi32>, tensor<2x3xi8>
}

// --- What stays as it is.

// A filter per channel has no neighbours to take together, unless columns are.
// CHECK-LABEL: func.func @depthwise
// DEPTHWISE-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x2x4xf32>, %s: tensor<f32>) -> tensor<1x2x2xi32> {
  %z = nn.constant dense<0> : tensor<i8>
  %w = nn.constant dense<1> : tensor<2x1x3xi8>
  // CHECK: nn.quantize {{.*}} -> tensor<1x2x4xi8>
  // DEPTHWISE: nn.conv {{.*}} (tensor<1x2x4xui8>, tensor<2x1x3xi8>, tensor<2xi32>) -> tensor<1x2x2xi32>
  // CHECK: nn.conv {{.*}} (tensor<1x2x4xi8>, tensor<2x1x3xi8>) -> tensor<1x2x2xi32>
  %q = nn.quantize %x, %s, %z : (tensor<1x2x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x4xi8>
  %0 = nn.conv %q, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 2 : i64} : (tensor<1x2x4xi8>, tensor<2x1x3xi8>) -> tensor<1x2x2xi32>
  return %0 : tensor<1x2x2xi32>
}

// Weights that are wider, or unsigned, or known at run time only; unsigned bytes already.
// CHECK-LABEL: func.func @other_factors
func.func @other_factors(%q: tensor<2x3xi8>, %u: tensor<2x3xui8>, %v: tensor<3x1xi8>) -> (tensor<2x1xi32>, tensor<2x1xi32>, tensor<2x1xi32>, tensor<2x1xi32>) {
  %w16 = nn.constant dense<[[1], [2], [300]]> : tensor<3x1xi16>
  %wu = nn.constant dense<[[1], [2], [200]]> : tensor<3x1xui8>
  %w = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi8>
  // CHECK-NOT: nn.cast
  // CHECK: nn.matmul %arg0, %{{.*}} : (tensor<2x3xi8>, tensor<3x1xi16>)
  // CHECK: nn.matmul %arg0, %{{.*}} : (tensor<2x3xi8>, tensor<3x1xui8>)
  // CHECK: nn.matmul %arg0, %arg2 : (tensor<2x3xi8>, tensor<3x1xi8>)
  // CHECK: nn.matmul %arg1, %{{.*}} : (tensor<2x3xui8>, tensor<3x1xi8>)
  %0 = nn.matmul %q, %w16 : (tensor<2x3xi8>, tensor<3x1xi16>) -> tensor<2x1xi32>
  %1 = nn.matmul %q, %wu : (tensor<2x3xi8>, tensor<3x1xui8>) -> tensor<2x1xi32>
  %2 = nn.matmul %q, %v : (tensor<2x3xi8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  %3 = nn.matmul %u, %w : (tensor<2x3xui8>, tensor<3x1xi8>) -> tensor<2x1xi32>
  return %0, %1, %2, %3 : tensor<2x1xi32>, tensor<2x1xi32>, tensor<2x1xi32>, tensor<2x1xi32>
}

// A table gives what is stored, and begins with what half the range later stood for where it reads that: 7 for -128.
// CHECK-LABEL: func.func @tables
func.func @tables(%x: tensor<1x2xi8>) -> (tensor<1x1xi32>, tensor<1x2xi8>) {
  %w = nn.constant dense<1> : tensor<2x1xi8>
  // CHECK: %[[Q:.*]] = nn.lookup %arg0 {table = array<i32: 128, 129, 130, {{.*}}, 255, 0, 1, {{.*}}, 126, 127>} : tensor<1x2xi8> to tensor<1x2xui8>
  // CHECK: nn.matmul %[[Q]]
  // CHECK: nn.lookup %[[Q]] {table = array<i32: 7, 5, 5, {{.*}}>} : tensor<1x2xui8> to tensor<1x2xi8>
  %q = nn.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, -128, -127, -126, -125, -124, -123, -122, -121, -120, -119, -118, -117, -116, -115, -114, -113, -112, -111, -110, -109, -108, -107, -106, -105, -104, -103, -102, -101, -100, -99, -98, -97, -96, -95, -94, -93, -92, -91, -90, -89, -88, -87, -86, -85, -84, -83, -82, -81, -80, -79, -78, -77, -76, -75, -74, -73, -72, -71, -70, -69, -68, -67, -66, -65, -64, -63, -62, -61, -60, -59, -58, -57, -56, -55, -54, -53, -52, -51, -50, -49, -48, -47, -46, -45, -44, -43, -42, -41, -40, -39, -38, -37, -36, -35, -34, -33, -32, -31, -30, -29, -28, -27, -26, -25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1>} : tensor<1x2xi8> to tensor<1x2xi8>
  %0 = nn.matmul %q, %w : (tensor<1x2xi8>, tensor<2x1xi8>) -> tensor<1x1xi32>
  %1 = nn.lookup %q {table = array<i32: 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 7, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5>} : tensor<1x2xi8> to tensor<1x2xi8>
  return %0, %1 : tensor<1x1xi32>, tensor<1x2xi8>
}
