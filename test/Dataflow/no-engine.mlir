// What has no engine is refused at its op, all of it at once; the twin beside each has one.
// RUN: nn-opt %s -split-input-file -nn-build-flow -verify-diagnostics | FileCheck %s

func.func @computed(%x: tensor<1x1x3x3xi8> {nn.name = "x"}) -> tensor<1x1x3x3xi32> {
  // expected-error @below {{-style=unrolled: filters that are not constant integers have no engine}}
  %0 = nn.conv %x, %x {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x1x3x3xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x3x3xi32>
  return %0 : tensor<1x1x3x3xi32>
}

// -----

func.func @products(%y: tensor<1x2xi8> {nn.name = "y"}, %v: tensor<2x2xi8> {nn.name = "v"}) -> tensor<1x2xi32> {
  // expected-error @below {{-style=unrolled: only products with constant matrices on the right have an engine}}
  %0 = nn.matmul %y, %v : (tensor<1x2xi8>, tensor<2x2xi8>) -> tensor<1x2xi32>
  return %0 : tensor<1x2xi32>
}

// -----

func.func @steps(%x: tensor<1x2xi32> {nn.name = "x"}) -> (tensor<1x2xi8>, tensor<1x2xi8>) {
  %s = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  // expected-error @below {{-style=unrolled: scales or zero points that are not constant have no engine}}
  %0 = nn.requantize %x, %s, %z : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  // expected-error @below {{-style=unrolled: the scaling of channel 0 has no integer form}}
  %1 = nn.requantize %x, %s, %z {nn.affine = dense<[[0, 0, -1]]> : tensor<1x3xi64>}
     : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %0, %1 : tensor<1x2xi8>, tensor<1x2xi8>
}

// -----

// An average whose windows hold fewer elements at the border; with a form for each there is an engine.
func.func @border(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> tensor<1x1x2x2xi8> {
  %w = nn.constant dense<1> : tensor<1x1x2x2xi8>
  %s = nn.constant dense<[[[0.25, 0.5], [0.5, 1.0]]]> : tensor<1x2x2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x2x2xi8>) -> tensor<1x1x2x2xi32>
  // expected-error @below {{-style=unrolled: scales that differ from pixel to pixel have no integer form here; of averages -style=sequencer takes those over a border}}
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[0, 0, -1], [0, 0, -1], [0, 0, -1], [1, 0, 0]]> : tensor<4x3xi64>}
     : (tensor<1x1x2x2xi32>, tensor<1x2x2xf32>, tensor<i8>) -> tensor<1x1x2x2xi8>
  return %1 : tensor<1x1x2x2xi8>
}

// -----

// CHECK-LABEL: flow.network "border_with_forms"
// CHECK: flow.matrix
func.func @border_with_forms(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> tensor<1x1x2x2xi8> {
  %w = nn.constant dense<1> : tensor<1x1x2x2xi8>
  %s = nn.constant dense<[[[0.25, 0.5], [0.5, 1.0]]]> : tensor<1x2x2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x2x2xi8>) -> tensor<1x1x2x2xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[1, 2, 2], [1, 1, 1], [1, 1, 1], [1, 0, 0]]> : tensor<4x3xi64>}
     : (tensor<1x1x2x2xi32>, tensor<1x2x2xf32>, tensor<i8>) -> tensor<1x1x2x2xi8>
  return %1 : tensor<1x1x2x2xi8>
}

// -----

func.func @pairs(%x: tensor<1x2xi8> {nn.name = "x"}, %y: tensor<1x2xi8> {nn.name = "y"}, %o: tensor<1x1xi8> {nn.name = "o"})
    -> (tensor<1x2xi8>, tensor<1x2xi8>, tensor<1x2xi8>, tensor<1x3xi8>) {
  %c = nn.constant dense<1> : tensor<1x1xi8>
  // expected-error @below {{-style=unrolled: products of integers other than with constants have no engine}}
  %0 = nn.mul %x, %y : (tensor<1x2xi8>, tensor<1x2xi8>) -> tensor<1x2xi8>
  // expected-error @below {{-style=unrolled: sums of integers other than with constants have no engine}}
  %1 = nn.add %x, %y : (tensor<1x2xi8>, tensor<1x2xi8>) -> tensor<1x2xi8>
  // expected-error @below {{-style=unrolled: the greater of other numbers than those of two tensors of one shape has no engine}}
  %2 = nn.max %x, %o : (tensor<1x2xi8>, tensor<1x1xi8>) -> tensor<1x2xi8>
  // expected-error @below {{-style=unrolled: joins a constant}}
  %3 = nn.concat %x, %c {axis = 1 : i64} : (tensor<1x2xi8>, tensor<1x1xi8>) -> tensor<1x3xi8>
  return %0, %1, %2, %3 : tensor<1x2xi8>, tensor<1x2xi8>, tensor<1x2xi8>, tensor<1x3xi8>
}

// -----

func.func @repeated(%x: tensor<1x2xi8> {nn.name = "x"}, %o: tensor<1x1xi8> {nn.name = "o"}) -> tensor<1x2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x2xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2xf32>
  %1 = nn.dequantize %o, %s, %z : (tensor<1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1xf32>
  %2 = nn.add %0, %1 : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  // expected-error @below {{-style=unrolled: repeats elements of an operand, which has no engine; -style=sequencer reads them again}}
  %3 = nn.quantize %2, %s, %z {nn.bilinear = dense<[1, 1, 0, 0, 0, -128, 127, 0]> : tensor<8xi64>}
     : (tensor<1x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %3 : tensor<1x2xi8>
}

// -----

// CHECK-LABEL: flow.network "twins"
func.func @twins(%x: tensor<1x2xi8> {nn.name = "x"}, %y: tensor<1x2xi8> {nn.name = "y"})
    -> (tensor<1x2xi32>, tensor<1x2xi32>, tensor<1x2xi8>, tensor<1x4xi8>) {
  %c = nn.constant dense<3> : tensor<i32>
  %w = nn.cast %x : tensor<1x2xi8> to tensor<1x2xi32>
  // CHECK-DAG: flow.matrix %{{.*}} by dense<{{\[\[}}3, 0], [0, 3]]>
  %0 = nn.mul %w, %c : (tensor<1x2xi32>, tensor<i32>) -> tensor<1x2xi32>
  // CHECK-DAG: flow.matrix %{{.*}} by dense<{{\[\[}}1, 0], [0, 1]]> : tensor<2x2xi8> plus dense<3>
  %1 = nn.add %w, %c : (tensor<1x2xi32>, tensor<i32>) -> tensor<1x2xi32>
  // CHECK-DAG: flow.max
  %2 = nn.max %x, %y : (tensor<1x2xi8>, tensor<1x2xi8>) -> tensor<1x2xi8>
  // CHECK-DAG: flow.lanes %{{.*}}, %{{.*}} take [0, 1, 2, 3]
  %3 = nn.concat %x, %y {axis = 1 : i64} : (tensor<1x2xi8>, tensor<1x2xi8>) -> tensor<1x4xi8>
  return %0, %1, %2, %3 : tensor<1x2xi32>, tensor<1x2xi32>, tensor<1x2xi8>, tensor<1x4xi8>
}

// -----

func.func @narrower(%x: tensor<1x2xi32> {nn.name = "x"}) -> tensor<1x2xi8> {
  // expected-error @below {{-style=unrolled: casts that wrap have no engine}}
  %0 = nn.cast %x : tensor<1x2xi32> to tensor<1x2xi8>
  return %0 : tensor<1x2xi8>
}

// -----

func.func @axes(%x: tensor<1x2x4x4xi32> {nn.name = "x"}) -> (tensor<1x1x4x4xi32>, tensor<1x2x1x4xi32>) {
  // expected-error @below {{-style=unrolled: sums other than those of a channel have no engine}}
  %0 = nn.reduce_sum %x {axes = array<i64: 1>, keepdims = true} : (tensor<1x2x4x4xi32>) -> tensor<1x1x4x4xi32>
  // expected-error @below {{-style=unrolled: greatest numbers other than those of a channel have no engine}}
  %1 = nn.reduce_max %x {axes = array<i64: 2>, keepdims = true} : (tensor<1x2x4x4xi32>) -> tensor<1x2x1x4xi32>
  return %0, %1 : tensor<1x1x4x4xi32>, tensor<1x2x1x4xi32>
}

// -----

// CHECK-LABEL: flow.network "channels"
// CHECK: flow.reduce sum
// CHECK: flow.reduce max
func.func @channels(%x: tensor<1x2x4x4xi8> {nn.name = "x"}) -> (tensor<1x2x1x1xi32>, tensor<1x2x1x1xi8>) {
  %w = nn.cast %x : tensor<1x2x4x4xi8> to tensor<1x2x4x4xi32>
  %0 = nn.reduce_sum %w {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x2x4x4xi32>) -> tensor<1x2x1x1xi32>
  %1 = nn.reduce_max %x {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x2x4x4xi8>) -> tensor<1x2x1x1xi8>
  return %0, %1 : tensor<1x2x1x1xi32>, tensor<1x2x1x1xi8>
}

// -----

// Of floats only the op that makes integers of them says something.
func.func @floats(%x: tensor<1x2x4x4xi8> {nn.name = "x"})
    -> (tensor<1x2x1x1xi8>, tensor<1x2x2x2xi8>, tensor<1x4x4x4xi8>, tensor<1x2x4x4xi8>, tensor<1x2x4x4xi32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %w = nn.constant dense<0.5> : tensor<2x2x1x1xf32>
  %f = nn.dequantize %x, %s, %z : (tensor<1x2x4x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x4x4xf32>
  %0 = nn.reduce_max %f {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x2x4x4xf32>) -> tensor<1x2x1x1xf32>
  %1 = nn.max_pool %f {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
     : (tensor<1x2x4x4xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.concat %f, %f {axis = 1 : i64} : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>) -> tensor<1x4x4x4xf32>
  %3 = nn.conv %f, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x4x4xf32>
  // expected-error @below {{-style=unrolled: floats between integers have no engine}}
  %4 = nn.quantize %0, %s, %z : (tensor<1x2x1x1xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x1x1xi8>
  // expected-error @below {{-style=unrolled: floats between integers have no engine}}
  %5 = nn.quantize %1, %s, %z : (tensor<1x2x2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x2x2xi8>
  // expected-error @below {{-style=unrolled: floats between integers have no engine}}
  %6 = nn.quantize %2, %s, %z : (tensor<1x4x4x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4x4x4xi8>
  // expected-error @below {{-style=unrolled: floats between integers have no engine}}
  %7 = nn.quantize %3, %s, %z : (tensor<1x2x4x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x4x4xi8>
  // expected-error @below {{-style=unrolled: casts of floats to integers have no engine; quantize them}}
  %8 = nn.cast %f : tensor<1x2x4x4xf32> to tensor<1x2x4x4xi32>
  return %4, %5, %6, %7, %8 : tensor<1x2x1x1xi8>, tensor<1x2x2x2xi8>, tensor<1x4x4x4xi8>, tensor<1x2x4x4xi8>, tensor<1x2x4x4xi32>
}

// -----

// expected-error @below {{input 0 is no tensor of integers}}
// expected-error @below {{-style=unrolled: a stream has lanes, and a range of up to 62 bits}}
func.func @inputs(%x: tensor<1x2xf32> {nn.name = "x"}, %y: tensor<1x2xi64> {nn.name = "y"}) -> (tensor<1x2xf32>, tensor<1x2xi64>) {
  return %x, %y : tensor<1x2xf32>, tensor<1x2xi64>
}

// -----

func.func @batch(%x: tensor<2x8x16x16xi8> {nn.name = "x"}) -> tensor<2x8x16x16xi32> {
  %w = nn.constant dense<1> : tensor<8x1x3x3xi8>
  // expected-error @below {{-style=unrolled: its input does not come pixel by pixel}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 8 : i64}
     : (tensor<2x8x16x16xi8>, tensor<8x1x3x3xi8>) -> tensor<2x8x16x16xi32>
  return %0 : tensor<2x8x16x16xi32>
}

// -----

// CHECK-LABEL: flow.network "single"
func.func @single(%x: tensor<1x1x3x3xi8> {nn.name = "x"}) -> tensor<1x1x3x3xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3x3xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x1x3x3xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x3x3xi32>
  return %0 : tensor<1x1x3x3xi32>
}
