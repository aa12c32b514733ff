// RUN: nn-opt %s --nn-split-floats --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @softmax
// CHECK-SAME: (%[[Q:.*]]: tensor<1x4xi8>) -> (tensor<1x4xi8> {nn.left_off = ["softmax"], nn.name = "y", nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
// CHECK-NEXT: %[[R:.*]] = nn.clip
// CHECK-NEXT: return %[[R]]
func.func @softmax(%q: tensor<1x4xi8>) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  // expected-remark @below {{output 'y' leaves as the integers before softmax}}
  %r = nn.clip %q {min = -5 : i8, max = 9 : i8} : tensor<1x4xi8>
  %0 = nn.dequantize %r, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32> loc("last")
  %1 = nn.softmax %0 {axes = array<i64: 1>} : tensor<1x4xf32> loc("softmax")
  return %1 : tensor<1x4xf32>
}

// -----

// Integers stay, and nothing is said.
// CHECK-LABEL: func.func @integers
// CHECK-NEXT: return %{{.*}} : tensor<1x4xi8>
func.func @integers(%q: tensor<1x4xi8>) -> tensor<1x4xi8> {
  return %q : tensor<1x4xi8>
}

// -----

// The caller dequantizes: that is not said either.
// CHECK-LABEL: func.func @dequantized
// CHECK-SAME: (%[[Q:.*]]: tensor<1x4xi8>) -> (tensor<1x4xi8> {nn.name = "y", nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32})
// CHECK-NEXT: return %[[Q]]
func.func @dequantized(%q: tensor<1x4xi8>) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// Several tensors of integers leave under numbered names, from left to right: the caller's `y_0 - y_1` is the network's.
// CHECK-LABEL: func.func @several
// CHECK-SAME: (%[[A:.*]]: tensor<1x4xi8>, %[[B:.*]]: tensor<1x4xi8>)
// CHECK-SAME: {nn.name = "y_0",
// CHECK-SAME: {nn.name = "y_1",
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @several(%a: tensor<1x4xi8>, %b: tensor<1x4xi8>) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %a, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.sub %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

// No two outputs get one name.
// CHECK-LABEL: func.func @name_taken
// CHECK-SAME: {nn.name = "y_1",
// CHECK-SAME: {nn.name = "y_2",
// CHECK-SAME: {nn.name = "y_0"}
func.func @name_taken(%a: tensor<1x4xi8>, %b: tensor<1x4xi8>) -> (tensor<1x4xf32> {nn.name = "y"}, tensor<1x4xi8> {nn.name = "y_0"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.dequantize %a, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.add %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %2, %a : tensor<1x4xf32>, tensor<1x4xi8>
}

// -----

func.func @layer(%q: tensor<1x4xi8>) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<3> : tensor<i8>
  %w = nn.constant dense<1.0> : tensor<4x2xf32>
  %0 = nn.dequantize %q, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  // expected-error @below {{computes with floats, which hardware has not}}
  %1 = nn.matmul %0, %w : (tensor<1x4xf32>, tensor<4x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

// expected-error @below {{output 'y' is made of an input that comes as floats; quantize it, as -input-format does}}
func.func @floats(%x: tensor<1x4xf32>) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %0 = nn.relu %x : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

func.func @constant(%q: tensor<1x4xi8>) -> (tensor<1xf32> {nn.name = "y"}, tensor<1x4xi8>) {
  // expected-error @below {{output 'y' is a constant; leave it out}}
  %0 = nn.constant dense<1.0> : tensor<1xf32>
  return %0, %q : tensor<1xf32>, tensor<1x4xi8>
}
