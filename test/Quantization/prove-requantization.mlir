// RUN: nn-opt %s -split-input-file -nn-prove-requantization -verify-diagnostics | FileCheck %s

// Channel 0: 3 * [-128, 127] + 10, channel 1: -5 * [-128, 127] + 1000. A scale of 1/4 ends at halves, which go to even
// numbers: no line does that.
// CHECK-LABEL: @channels
// CHECK: nn.conv {{.*}}nn.partial_sums = dense<[-635, 1640]> : tensor<2xi64>
// CHECK: nn.requantize
// CHECK-SAME: nn.accumulators = dense<{{\[}}[-374, 391], [365, 1640]]> : tensor<2x2xi64>
// CHECK-SAME: nn.affine = dense<{{\[}}[{{[1-9][0-9]*}}, {{[0-9]+}}, {{[1-9][0-9]*}}], [0, 0, -1]]> : tensor<2x3xi64>
func.func @channels(%x: tensor<1x1x4x4xi8>) -> tensor<1x2x4x4xi8> {
  %w = nn.constant dense<[[[[3]]], [[[-5]]]]> : tensor<2x1x1x1xi8>
  %b = nn.constant dense<[10, 1000]> : tensor<2xi32>
  %s = nn.constant dense<[[[0.3712345]], [[0.25]]]> : tensor<2x1x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %a = nn.conv %x, %w, %b {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x4x4xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>) -> tensor<1x2x4x4xi32>
  %q = nn.requantize %a, %s, %z : (tensor<1x2x4x4xi32>, tensor<2x1x1xf32>, tensor<i8>) -> tensor<1x2x4x4xi8>
  return %q : tensor<1x2x4x4xi8>
}

// -----

// What pads counts as an input: [0, 6] becomes [-7, 6].
// CHECK-LABEL: @padded
// CHECK: nn.requantize
// CHECK-SAME: nn.accumulators = dense<{{\[}}[-14, 12]]> : tensor<1x2xi64>
func.func @padded(%x: tensor<1x1x4xi8>) -> tensor<1x1x5xi8> {
  %w = nn.constant dense<[[[1, 1]]]> : tensor<1x1x2xi8>
  %s = nn.constant dense<0.3> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %c = nn.clip %x {min = 0 : i8, max = 6 : i8} : tensor<1x1x4xi8>
  %a = nn.conv %c, %w {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 1, 1>, strides = array<i64: 1>, pad_value = -7 : i64} : (tensor<1x1x4xi8>, tensor<1x1x2xi8>) -> tensor<1x1x5xi32>
  %q = nn.requantize %a, %s, %z : (tensor<1x1x5xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1x5xi8>
  return %q : tensor<1x1x5xi8>
}

// -----

// The greater of [-2, 6] and [1, 4] is in [1, 6], the lesser of that and [-5, 3] in [-5, 3]; so is the greatest of some.
// CHECK-LABEL: @choices
// CHECK: nn.requantize
// CHECK-SAME: nn.accumulators = dense<{{\[}}[-10, 6]]> : tensor<1x2xi64>
func.func @choices(%x: tensor<4x1xi32>, %y: tensor<4x1xi32>) -> tensor<1x1xi8> {
  %w = nn.constant dense<2> : tensor<1x1xi8>
  %s = nn.constant dense<0.3> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %a = nn.clip %x {min = -2 : i32, max = 6 : i32} : tensor<4x1xi32>
  %b = nn.clip %y {min = 1 : i32, max = 4 : i32} : tensor<4x1xi32>
  %c = nn.clip %y {min = -5 : i32, max = 3 : i32} : tensor<4x1xi32>
  %0 = nn.max %a, %b : (tensor<4x1xi32>, tensor<4x1xi32>) -> tensor<4x1xi32>
  %1 = nn.min %0, %c : (tensor<4x1xi32>, tensor<4x1xi32>) -> tensor<4x1xi32>
  %2 = nn.reduce_max %1 {axes = array<i64: 0>, keepdims = true} : (tensor<4x1xi32>) -> tensor<1x1xi32>
  %3 = nn.cast %2 : tensor<1x1xi32> to tensor<1x1xi8>
  %4 = nn.matmul %3, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %q = nn.requantize %4, %s, %z : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %q : tensor<1x1xi8>
}

// -----

// In groups as outside of them; the second product reads what the first one leaves: 10 * [0, 12] * 0.1.
// CHECK-LABEL: @groups
// CHECK: nn.fused
// CHECK: nn.accumulators = dense<{{\[}}[0, 120]]>
// CHECK: nn.fused
// CHECK: nn.matmul {{.*}}nn.partial_sums = dense<[-48, 36]>
// CHECK: nn.accumulators = dense<{{\[}}[0, 36], [-48, 0]]>
func.func @groups(%x: tensor<1x1xui8>) -> tensor<1x2xi8> {
  %w = nn.constant dense<10> : tensor<1x1xi8>
  %v = nn.constant dense<[[3, -4]]> : tensor<1x2xi8>
  %s = nn.constant dense<0.1> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %c = nn.clip %x {min = 0 : ui8, max = 12 : ui8} : tensor<1x1xui8>
  %q = nn.fused(%c, %w, %s, %z) : (tensor<1x1xui8>, tensor<1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8> {
  ^bb0(%x0: tensor<1x1xui8>, %w0: tensor<1x1xi8>, %s0: tensor<f32>, %z0: tensor<i8>):
    %a = nn.matmul %x0, %w0 : (tensor<1x1xui8>, tensor<1x1xi8>) -> tensor<1x1xi32>
    %r = nn.requantize %a, %s0, %z0 : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
    nn.yield %r : tensor<1x1xi8>
  }
  %p = nn.fused(%q, %v, %s, %z) : (tensor<1x1xi8>, tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8> {
  ^bb0(%x0: tensor<1x1xi8>, %w0: tensor<1x2xi8>, %s0: tensor<f32>, %z0: tensor<i8>):
    %a = nn.matmul %x0, %w0 : (tensor<1x1xi8>, tensor<1x2xi8>) -> tensor<1x2xi32>
    %r = nn.requantize %a, %s0, %z0 : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
    nn.yield %r : tensor<1x2xi8>
  }
  return %p : tensor<1x2xi8>
}

// -----

// Sums wrap: the channel is named, and it reaches every int32. A scale that is known at run time only proves nothing, and
// what a text claims of it is dropped.
// CHECK-LABEL: @wraps
// CHECK: nn.partial_sums = dense<[-2147483776, 227]> : tensor<2xi64>
// CHECK: nn.accumulators = dense<{{\[}}[-28, 227], [-2147483648, 2147483647]]>
// CHECK: nn.requantize
// CHECK-NOT: nn.affine
// CHECK: return
func.func @wraps(%x: tensor<1x1xi8>, %run: tensor<f32>) -> (tensor<1x2xi8>, tensor<1x2xi8>) {
  %w = nn.constant dense<1> : tensor<1x2xi8>
  %b = nn.constant dense<[100, -2147483648]> : tensor<2xi32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // expected-warning @below {{sums can reach -2147483776 to 127 in channel 1: beyond int32 they wrap; clip the input to fewer levels, or split the layer}}
  %a = nn.matmul %x, %w, %b : (tensor<1x1xi8>, tensor<1x2xi8>, tensor<2xi32>) -> tensor<1x2xi32>
  %q = nn.requantize %a, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  %r = nn.requantize %a, %run, %z {nn.affine = dense<0> : tensor<1x3xi64>} : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %q, %r : tensor<1x2xi8>, tensor<1x2xi8>
}

// -----

// One channel needs no name.
// CHECK-LABEL: @one_channel
// CHECK: nn.partial_sums = dense<[-128, 2147483774]>
func.func @one_channel(%x: tensor<1x1xi8>) -> tensor<1x1xi32> {
  %w = nn.constant dense<1> : tensor<1x1xi8>
  %b = nn.constant dense<2147483647> : tensor<1xi32>
  // expected-warning @below {{sums can reach -128 to 2147483774: beyond int32 they wrap}}
  %a = nn.matmul %x, %w, %b : (tensor<1x1xi8>, tensor<1x1xi8>, tensor<1xi32>) -> tensor<1x1xi32>
  return %a : tensor<1x1xi32>
}

// -----

// Weights that are activations, too: 3 products of [-128, 127] by [0, 255]. Floats are left alone.
// CHECK-LABEL: @activations
// CHECK: nn.matmul {{.*}}nn.partial_sums = dense<[-97920, 97155]>
// CHECK: nn.matmul {{%[^{]*$}}
func.func @activations(%x: tensor<2x3xi8>, %y: tensor<3x2xui8>, %f: tensor<2x2xf32>) -> (tensor<2x2xi32>, tensor<2x2xf32>) {
  %a = nn.matmul %x, %y : (tensor<2x3xi8>, tensor<3x2xui8>) -> tensor<2x2xi32>
  %b = nn.matmul %f, %f : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %a, %b : tensor<2x2xi32>, tensor<2x2xf32>
}

// -----

// Integers rescaled: [-384, 381] + 10, an eighth of it rounded once is a line. Rounded twice halves go away from zero, so
// that it is none where sums have either sign; above zero alone it is one.
// CHECK-LABEL: @rescaled
// CHECK: nn.rescale {{.*}}nn.accumulators = dense<{{\[}}[-374, 391]]> : tensor<1x2xi64>, nn.affine = dense<{{\[}}[1, {{[0-9]+}}, 3]]> : tensor<1x3xi64>, rounding = 0
// CHECK: nn.rescale {{.*}}nn.affine = dense<{{\[}}[0, 0, -1]]> : tensor<1x3xi64>, rounding = 1
// CHECK: nn.rescale {{.*}}nn.affine = dense<{{\[}}[1, {{[0-9]+}}, 3]]> : tensor<1x3xi64>, rounding = 1
func.func @rescaled(%x: tensor<1x1x4xi8>) -> (tensor<1x1x4xi8>, tensor<1x1x4xi8>, tensor<1x1x4xi8>) {
  %w = nn.constant dense<3> : tensor<1x1x1xi8>
  %b = nn.constant dense<10> : tensor<1xi32>
  %m = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<33> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i8>
  %low = nn.constant dense<-128> : tensor<i8>
  %a = nn.conv %x, %w, %b {dilations = array<i64: 1>, group = 1 : i64, pads = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<1x1x4xi8>, tensor<1x1x1xi8>, tensor<1xi32>) -> tensor<1x1x4xi32>
  %0 = nn.rescale %a, %m, %s, %z {rounding = 0 : i64} : (tensor<1x1x4xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<1x1x4xi8>
  %1 = nn.rescale %a, %m, %s, %z {rounding = 1 : i64} : (tensor<1x1x4xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<1x1x4xi8>
  %2 = nn.rescale %a, %m, %s, %low {rounding = 1 : i64} : (tensor<1x1x4xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<1x1x4xi8>
  return %0, %1, %2 : tensor<1x1x4xi8>, tensor<1x1x4xi8>, tensor<1x1x4xi8>
}

// -----

// Sums that stay sums have no levels to be looked at; factors known at run time have no proof.
// CHECK-LABEL: @no_channels
// CHECK-NOT: nn.affine
func.func @no_channels(%a: tensor<4xi32>, %m: tensor<i32>) -> (tensor<4xi32>, tensor<4xi8>) {
  %k = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<33> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %zb = nn.constant dense<0> : tensor<i8>
  %0 = nn.rescale %a, %k, %s, %z {rounding = 0 : i64} : (tensor<4xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<4xi32>
  %1 = nn.rescale %a, %m, %s, %zb {rounding = 0 : i64} : (tensor<4xi32>, tensor<i32>, tensor<i32>, tensor<i8>) -> tensor<4xi8>
  return %0, %1 : tensor<4xi32>, tensor<4xi8>
}

// A table gives its own numbers only, of the values that reach it: 0 to 3, times 2.
// CHECK-LABEL: func.func @behind_a_table
func.func @behind_a_table(%x: tensor<1x1xui8>) -> tensor<1x1xi32> {
  %w = nn.constant dense<2> : tensor<1x1xi8>
  // CHECK: nn.matmul {{.*}} {nn.partial_sums = dense<[0, 6]> : tensor<2xi64>}
  %q = nn.lookup %x {table = array<i32: 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3>} : tensor<1x1xui8> to tensor<1x1xui8>
  %0 = nn.matmul %q, %w : (tensor<1x1xui8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  return %0 : tensor<1x1xi32>
}
