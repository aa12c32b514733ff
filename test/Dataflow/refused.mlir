// What is too much at once is refused before anything is made of it; a little less is not.
// RUN: nn-opt %s -split-input-file -nn-build-flow -verify-diagnostics | FileCheck %s

func.func @dense(%x: tensor<1x64x16x16xi8> {nn.name = "x"}) -> tensor<1x1x16x16xi32> {
  %w = nn.constant dense<1> : tensor<1x64x13x13xi8>
  // expected-error @below {{-style=unrolled: takes 86528 bits at once, wires have up to 65536; -style=sequencer}}
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 6, 6, 6, 6>, group = 1 : i64}
     : (tensor<1x64x16x16xi8>, tensor<1x64x13x13xi8>) -> tensor<1x1x16x16xi32>
  return %0 : tensor<1x1x16x16xi32>
}

// -----

// CHECK-LABEL: flow.network "fits"
func.func @fits(%x: tensor<1x64x16x16xi8> {nn.name = "x"}) -> tensor<1x1x16x16xi32> {
  %w = nn.constant dense<1> : tensor<1x64x11x11xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 5, 5, 5, 5>, group = 1 : i64}
     : (tensor<1x64x16x16xi8>, tensor<1x64x11x11xi8>) -> tensor<1x1x16x16xi32>
  return %0 : tensor<1x1x16x16xi32>
}

// -----

func.func @many(%x: tensor<1x512xi8> {nn.name = "x"}) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<512x513xi8>
  %v = nn.constant dense<1> : tensor<513x2xi32>
  // expected-error @below {{-style=unrolled: sums up to here have 2101248 bits to add, one for each digit of a weight and bit of its operand, and 2097152 are the most; -style=sequencer}}
  %0 = nn.matmul %x, %w : (tensor<1x512xi8>, tensor<512x513xi8>) -> tensor<1x513xi32>
  // Said once.
  %1 = nn.matmul %0, %v : (tensor<1x513xi32>, tensor<513x2xi32>) -> tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

// CHECK-LABEL: flow.network "fewer"
func.func @fewer(%x: tensor<1x512xi8> {nn.name = "x"}) -> tensor<1x512xi32> {
  %w = nn.constant dense<1> : tensor<512x512xi8>
  %0 = nn.matmul %x, %w : (tensor<1x512xi8>, tensor<512x512xi8>) -> tensor<1x512xi32>
  return %0 : tensor<1x512xi32>
}

// -----

func.func @steps(%x: tensor<1x20000xui2> {nn.name = "x"}) -> tensor<1x20000xui2> {
  // expected-error @below {{-style=unrolled: changes 20000 elements at once, 8192 are the most; -style=sequencer}}
  %0 = nn.clip %x {max = 2 : ui2, min = 1 : ui2} : tensor<1x20000xui2>
  return %0 : tensor<1x20000xui2>
}

// -----

func.func @pairs(%x: tensor<1x1xi8> {nn.name = "x"}, %y: tensor<1x1xi2> {nn.name = "y"}) -> tensor<1x1xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i2>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1xf32>
  %1 = nn.dequantize %y, %s, %o : (tensor<1x1xi2>, tensor<f32>, tensor<i2>) -> tensor<1x1xf32>
  %2 = nn.mul %0, %1 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  // expected-error @below {{-style=unrolled: its 1024 results are given by no sum with constant factors, and tables of more than 256 numbers have no engine; -style=sequencer}}
  %3 = nn.quantize %2, %s, %z {nn.table = dense<0> : tensor<256x4xi32>}
     : (tensor<1x1xf32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %3 : tensor<1x1xi8>
}

// -----

// expected-error @below {{-style=unrolled: one of several inputs, and comes pixel by pixel; -style=sequencer takes them one after another}}
func.func @pixels(%x: tensor<1x1x2x2xi8> {nn.name = "x"}, %y: tensor<1x4xi8> {nn.name = "y"}) -> (tensor<1x1x2x2xi32>, tensor<1x4xi8>) {
  %w = nn.constant dense<3> : tensor<1x1x1x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x2x2xi32>
  return %0, %y : tensor<1x1x2x2xi32>, tensor<1x4xi8>
}

// -----

func.func @whole(%x: tensor<1x1x128x128xi8> {nn.name = "x"}) -> (tensor<1x1x128x128xi32> {nn.name = "a"}, tensor<1x1x128x128xi32> {nn.name = "b"}) {
  %w = nn.constant dense<3> : tensor<1x1x1x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x128x128xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x128x128xi32>
  // expected-error @below {{-style=unrolled: output 'a' leaves whole, as one of several: takes 163840 bits at once, wires have up to 65536; -style=sequencer}}
  return %0, %0 : tensor<1x1x128x128xi32>, tensor<1x1x128x128xi32>
}

// -----

// Alone it leaves pixel by pixel.
// CHECK-LABEL: flow.network "alone"
func.func @alone(%x: tensor<1x1x128x128xi8> {nn.name = "x"}) -> (tensor<1x1x128x128xi32> {nn.name = "a"}) {
  %w = nn.constant dense<3> : tensor<1x1x1x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x128x128xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x128x128xi32>
  return %0 : tensor<1x1x128x128xi32>
}

// -----

func.func @constant(%x: tensor<1x4xi8> {nn.name = "x"}) -> (tensor<1x4xi8> {nn.name = "a"}, tensor<4xi8> {nn.name = "b"}) {
  %0 = nn.constant dense<1> : tensor<4xi8>
  // expected-error @below {{-style=unrolled: output 'b' comes as floats, or is a constant}}
  return %x, %0 : tensor<1x4xi8>, tensor<4xi8>
}

// -----

func.func @wraps(%x: tensor<1x2xi8> {nn.name = "x"}) -> (tensor<1x2xi32>, tensor<1x2xi32>) {
  %m = nn.constant dense<[3, 16777217]> : tensor<2xi32>
  %b = nn.constant dense<[2147483520, 2147483521]> : tensor<2xi32>
  %0 = nn.cast %x : tensor<1x2xi8> to tensor<1x2xi32>
  // expected-error @below {{-style=unrolled: its results can reach -2147483776 to 2130706559, beyond int32 they wrap, which hardware does not do}}
  %1 = nn.mul %0, %m : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  // expected-error @below {{-style=unrolled: its results can reach 2147483392 to 2147483648, beyond int32 they wrap, which hardware does not do}}
  %2 = nn.add %0, %b : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  return %1, %2 : tensor<1x2xi32>, tensor<1x2xi32>
}

// -----

// CHECK-LABEL: flow.network "stays"
func.func @stays(%x: tensor<1x2xi8> {nn.name = "x"}) -> (tensor<1x2xi32>, tensor<1x2xi32>) {
  %m = nn.constant dense<[3, 16777216]> : tensor<2xi32>
  %b = nn.constant dense<[2147483520, -2147483520]> : tensor<2xi32>
  %0 = nn.cast %x : tensor<1x2xi8> to tensor<1x2xi32>
  %1 = nn.mul %0, %m : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  %2 = nn.add %0, %b : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  return %1, %2 : tensor<1x2xi32>, tensor<1x2xi32>
}

// -----

func.func @wrapping_pixels(%x: tensor<1x1x4x4xi8> {nn.name = "x"}) -> tensor<1x1x1x1xi32> {
  %m = nn.constant dense<1048577> : tensor<i32>
  %0 = nn.cast %x : tensor<1x1x4x4xi8> to tensor<1x1x4x4xi32>
  %1 = nn.mul %0, %m : (tensor<1x1x4x4xi32>, tensor<i32>) -> tensor<1x1x4x4xi32>
  // expected-error @below {{-style=unrolled: its results can reach -2147485696 to 2130708464}}
  %2 = nn.reduce_sum %1 {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x1x4x4xi32>) -> tensor<1x1x1x1xi32>
  return %2 : tensor<1x1x1x1xi32>
}
