// RUN: nn-opt %s --nn-absorb-zero-points | FileCheck %s

// 10 - 7 * 6 and 20 - 7 * 97: what the zero point adds to each filter's sums. Weights take as few bits as they need.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[Q:.*]]: tensor<1x1x4xui8>)
func.func @conv(%q: tensor<1x1x4xui8>) -> tensor<1x2x4xi32> {
  %z = nn.constant dense<7> : tensor<i16>
  %w = nn.constant dense<[[[1, 2, 3]], [[-1, -2, 100]]]> : tensor<2x1x3xi16>
  %b = nn.constant dense<[10, 20]> : tensor<2xi32>
  %0 = nn.cast %q : tensor<1x1x4xui8> to tensor<1x1x4xi16>
  %1 = nn.sub %0, %z : (tensor<1x1x4xi16>, tensor<i16>) -> tensor<1x1x4xi16>
  // CHECK-DAG: %[[W:.*]] = nn.constant dense<{{.*}}> : tensor<2x1x3xi8>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<[-32, -659]> : tensor<2xi32>
  // CHECK: nn.conv %[[Q]], %[[W]], %[[B]] {{.*}}pad_value = 7 : i64, pads = array<i64: 1, 1>
  %2 = nn.conv %1, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x1x4xi16>, tensor<2x1x3xi16>, tensor<2xi32>) -> tensor<1x2x4xi32>
  return %2 : tensor<1x2x4xi32>
}

// Without a bias one is made.
// CHECK-LABEL: func.func @matmul
// CHECK-SAME: (%[[Q:.*]]: tensor<3x2xi8>)
func.func @matmul(%q: tensor<3x2xi8>) -> tensor<3x3xi32> {
  %z = nn.constant dense<-128> : tensor<i16>
  %w = nn.constant dense<[[1, 2, 255], [3, -4, 0]]> : tensor<2x3xi16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<[512, -256, 32640]> : tensor<3xi32>
  // CHECK: nn.matmul %[[Q]], %{{.*}}, %[[B]] : (tensor<3x2xi8>, tensor<2x3xi16>, tensor<3xi32>) -> tensor<3x3xi32>
  %2 = nn.matmul %1, %w : (tensor<3x2xi16>, tensor<2x3xi16>) -> tensor<3x3xi32>
  return %2 : tensor<3x3xi32>
}

// Unsigned weights that no signed byte holds.
// CHECK-LABEL: func.func @unsigned_weights
func.func @unsigned_weights(%q: tensor<3x2xi8>) -> tensor<3x1xi32> {
  %w = nn.constant dense<[[200], [0]]> : tensor<2x1xi16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  // CHECK: nn.matmul %{{.*}} : (tensor<3x2xi8>, tensor<2x1xui8>) -> tensor<3x1xi32>
  %2 = nn.matmul %0, %w : (tensor<3x2xi16>, tensor<2x1xi16>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// Weights less their zero points are constants.
// CHECK-LABEL: func.func @weights_are_centered
func.func @weights_are_centered(%q: tensor<1x1x4xui8>) -> tensor<1x2x2xi32> {
  %k = nn.constant dense<[[[1, 2, 3]], [[4, 5, 6]]]> : tensor<2x1x3xi8>
  %zk = nn.constant dense<[[[1]], [[4]]]> : tensor<2x1x1xi8>
  %0 = nn.cast %q : tensor<1x1x4xui8> to tensor<1x1x4xi16>
  %1 = nn.cast %k : tensor<2x1x3xi8> to tensor<2x1x3xi16>
  %2 = nn.cast %zk : tensor<2x1x1xi8> to tensor<2x1x1xi16>
  %3 = nn.sub %1, %2 : (tensor<2x1x3xi16>, tensor<2x1x1xi16>) -> tensor<2x1x3xi16>
  // CHECK: %[[W:.*]] = nn.constant dense<{{\[\[\[}}0, 1, 2]], {{\[\[}}0, 1, 2]]]> : tensor<2x1x3xi8>
  // CHECK: nn.conv %arg0, %[[W]] {{.*}} : (tensor<1x1x4xui8>, tensor<2x1x3xi8>) -> tensor<1x2x2xi32>
  %4 = nn.conv %0, %3 {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64} : (tensor<1x1x4xi16>, tensor<2x1x3xi16>) -> tensor<1x2x2xi32>
  return %4 : tensor<1x2x2xi32>
}

// A zero point of 0 leaves no trace: no bias, no pad value.
// CHECK-LABEL: func.func @zero
func.func @zero(%q: tensor<1x1x4xui8>) -> tensor<1x1x4xi32> {
  %z = nn.constant dense<0> : tensor<i16>
  %w = nn.constant dense<[[[1, 2, 3]]]> : tensor<1x1x3xi16>
  %0 = nn.cast %q : tensor<1x1x4xui8> to tensor<1x1x4xi16>
  %1 = nn.sub %0, %z : (tensor<1x1x4xi16>, tensor<i16>) -> tensor<1x1x4xi16>
  // CHECK: nn.conv %arg0, %{{[^,]*}} {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 1, 1>, strides = array<i64: 1>}
  %2 = nn.conv %1, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x1x4xi16>, tensor<1x1x3xi16>) -> tensor<1x1x4xi32>
  return %2 : tensor<1x1x4xi32>
}

// A start that leaves int32 wraps like the sums.
// CHECK-LABEL: func.func @bias_wraps
func.func @bias_wraps(%q: tensor<3x2xi8>) -> tensor<3x1xi32> {
  %z = nn.constant dense<1> : tensor<i16>
  %w = nn.constant dense<[[1], [1]]> : tensor<2x1xi16>
  %b = nn.constant dense<[-2147483647]> : tensor<1xi32>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  // CHECK: nn.constant dense<2147483647> : tensor<1xi32>
  %2 = nn.matmul %1, %w, %b : (tensor<3x2xi16>, tensor<2x1xi16>, tensor<1xi32>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// Products of activations: a zero point of 0 goes, another one stays subtracted.
// CHECK-LABEL: func.func @activations
func.func @activations(%q: tensor<3x2xi8>, %k: tensor<2x3xi8>) -> tensor<3x3xi32> {
  %z = nn.constant dense<5> : tensor<i16>
  %zero = nn.constant dense<0> : tensor<i16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  %2 = nn.cast %k : tensor<2x3xi8> to tensor<2x3xi16>
  %3 = nn.sub %2, %zero : (tensor<2x3xi16>, tensor<i16>) -> tensor<2x3xi16>
  // CHECK: %[[X:.*]] = nn.sub %{{.*}} : (tensor<3x2xi16>, tensor<i16>)
  // CHECK: nn.matmul %[[X]], %arg1 : (tensor<3x2xi16>, tensor<2x3xi8>) -> tensor<3x3xi32>
  %4 = nn.matmul %1, %3 : (tensor<3x2xi16>, tensor<2x3xi16>) -> tensor<3x3xi32>
  return %4 : tensor<3x3xi32>
}

// --- What cannot be taken stays.

// A zero point that is known at run time only.
// CHECK-LABEL: func.func @unknown_zero_point
func.func @unknown_zero_point(%q: tensor<3x2xi8>, %z: tensor<i16>) -> tensor<3x1xi32> {
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  // CHECK: %[[X:.*]] = nn.sub
  // CHECK: nn.matmul %[[X]], %{{.*}} : (tensor<3x2xi16>, tensor<2x1xi8>) -> tensor<3x1xi32>
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  %2 = nn.matmul %1, %w : (tensor<3x2xi16>, tensor<2x1xi16>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// One zero point per row.
// CHECK-LABEL: func.func @several_zero_points
func.func @several_zero_points(%q: tensor<3x2xi8>) -> tensor<3x1xi32> {
  %z = nn.constant dense<[[1], [2], [3]]> : tensor<3x1xi16>
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  // CHECK: %[[X:.*]] = nn.sub
  // CHECK: nn.matmul %[[X]]
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<3x1xi16>) -> tensor<3x2xi16>
  %2 = nn.matmul %1, %w : (tensor<3x2xi16>, tensor<2x1xi16>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// A bias that is known at run time only.
// CHECK-LABEL: func.func @unknown_bias
func.func @unknown_bias(%q: tensor<3x2xi8>, %b: tensor<1xi32>) -> tensor<3x1xi32> {
  %z = nn.constant dense<1> : tensor<i16>
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi16>
  %0 = nn.cast %q : tensor<3x2xi8> to tensor<3x2xi16>
  // CHECK: %[[X:.*]] = nn.sub
  // CHECK: nn.matmul %[[X]], %{{.*}}, %arg1
  %1 = nn.sub %0, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  %2 = nn.matmul %1, %w, %b : (tensor<3x2xi16>, tensor<2x1xi16>, tensor<1xi32>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// A batch of weights has sums of its own, one bias has not.
// CHECK-LABEL: func.func @batch_of_weights
func.func @batch_of_weights(%q: tensor<2x3x2xi8>) -> tensor<2x3x1xi32> {
  %z = nn.constant dense<1> : tensor<i16>
  %w = nn.constant dense<[[[1], [2]], [[3], [4]]]> : tensor<2x2x1xi16>
  %0 = nn.cast %q : tensor<2x3x2xi8> to tensor<2x3x2xi16>
  // CHECK: %[[X:.*]] = nn.sub
  // CHECK: nn.matmul %[[X]], %{{.*}} : (tensor<2x3x2xi16>, tensor<2x2x1xi8>)
  %1 = nn.sub %0, %z : (tensor<2x3x2xi16>, tensor<i16>) -> tensor<2x3x2xi16>
  %2 = nn.matmul %1, %w : (tensor<2x3x2xi16>, tensor<2x2x1xi16>) -> tensor<2x3x1xi32>
  return %2 : tensor<2x3x1xi32>
}

// Words are no bytes.
// CHECK-LABEL: func.func @words
func.func @words(%q: tensor<3x2xi16>) -> tensor<3x1xi32> {
  %z = nn.constant dense<1> : tensor<i16>
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi16>
  // CHECK: %[[X:.*]] = nn.sub
  // CHECK: nn.matmul %[[X]]
  %1 = nn.sub %q, %z : (tensor<3x2xi16>, tensor<i16>) -> tensor<3x2xi16>
  %2 = nn.matmul %1, %w : (tensor<3x2xi16>, tensor<2x1xi16>) -> tensor<3x1xi32>
  return %2 : tensor<3x1xi32>
}

// Nibbles are multiplied as bytes.
// CHECK-LABEL: func.func @nibbles
// CHECK-SAME: (%[[Q:.*]]: tensor<1x2xui4>)
func.func @nibbles(%q: tensor<1x2xui4>) -> tensor<1x2xi32> {
  // CHECK: %[[X:.*]] = nn.cast %[[Q]] : tensor<1x2xui4> to tensor<1x2xui8>
  // CHECK: nn.matmul %[[X]], %{{.*}} : (tensor<1x2xui8>, tensor<2x2xi8>) -> tensor<1x2xi32>
  %k = nn.constant dense<1> : tensor<2x2xi16>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.cast %q : tensor<1x2xui4> to tensor<1x2xi16>
  %1 = nn.sub %0, %z : (tensor<1x2xi16>, tensor<i16>) -> tensor<1x2xi16>
  %2 = nn.matmul %1, %k : (tensor<1x2xi16>, tensor<2x2xi16>) -> tensor<1x2xi32>
  return %2 : tensor<1x2xi32>
}
