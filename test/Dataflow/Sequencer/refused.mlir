// What no layer does is refused; the twin beside it is one.
// RUN: nn-opt %s -split-input-file -verify-diagnostics -nn-prove-elementwise -nn-prove-requantization -nn-sequencer | FileCheck %s

// All reasons at once, each at its op; what only follows from them is no reason.
func.func @many(%x: tensor<1x4xi8>, %w: tensor<4x4xi8>, %y: tensor<1x4xi8>) -> (tensor<1x4xi32>, tensor<1x4xi8>) {
  // expected-error@+1 {{the second operand must be one matrix of constants}}
  %0 = nn.matmul %x, %w : (tensor<1x4xi8>, tensor<4x4xi8>) -> tensor<1x4xi32>
  %1 = nn.relu %0 : tensor<1x4xi32>
  // expected-error@+1 {{a sequencer has no layer for 'nn.mul'}}
  %2 = nn.mul %x, %y : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x4xi8>
  return %1, %2 : tensor<1x4xi32>, tensor<1x4xi8>
}

// -----

// CHECK: rtl.design @constants
// expected-remark@+1 {{constants: 14 cycles from the last input to the last output = 2*4 + 6}}
func.func @constants(%x: tensor<1x4xi8>) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<4x2xi8>
  %c = nn.constant dense<[2, 3]> : tensor<2xi32>
  %0 = nn.matmul %x, %w : (tensor<1x4xi8>, tensor<4x2xi8>) -> tensor<1x2xi32>
  %1 = nn.mul %0, %c : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

// expected-error@+1 {{input 0 is no tensor of integers, or too large}}
func.func @floats(%x: tensor<1x4xf32>, %y: tensor<4xi8>) -> tensor<1x4xf32> {
  %0 = nn.exp %x : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// A softmax behind the integers: the ops that cannot be, not those before.
func.func @softmax(%x: tensor<1x4xi8>) -> tensor<1x4xf32> {
  %s = nn.constant dense<5.000000e-01> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.relu %x : tensor<1x4xi8>
  // expected-error@+1 {{a sequencer has no layer for 'nn.dequantize'}}
  %1 = nn.dequantize %0, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.exp %1 : tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

func.func @volumes(%x: tensor<1x1x2x2x2xi8>) -> tensor<1x1x1x1x1xi32> {
  %w = nn.constant dense<1> : tensor<1x1x2x2x2xi8>
  // expected-error@+1 {{its operand is no image of one or two dimensions and batch 1}}
  %0 = nn.conv %x, %w {dilations = array<i64: 1, 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0, 0, 0>,
                       strides = array<i64: 1, 1, 1>} : (tensor<1x1x2x2x2xi8>, tensor<1x1x2x2x2xi8>) -> tensor<1x1x1x1x1xi32>
  return %0 : tensor<1x1x1x1x1xi32>
}

// -----

// CHECK: rtl.design @planes
// expected-remark@+1 {{planes: 8 cycles}}
func.func @planes(%x: tensor<1x1x2x2xi8>) -> tensor<1x1x1x1xi32> {
  %w = nn.constant dense<1> : tensor<1x1x2x2xi8>
  %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
     : (tensor<1x1x2x2xi8>, tensor<1x1x2x2xi8>) -> tensor<1x1x1x1xi32>
  return %0 : tensor<1x1x1x1xi32>
}

// -----

func.func @product(%x: tensor<1x4xi8>, %y: tensor<1x4xi8>) -> tensor<1x4xi8> {
  %s = nn.constant dense<5.000000e-01> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %y, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.mul %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  // expected-error@+1 {{a product of two tensors is looked up in a table}}
  %3 = nn.quantize %2, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %3 : tensor<1x4xi8>
}

// -----

// CHECK: rtl.design @sum
// expected-remark@+1 {{sum: 12 cycles}}
func.func @sum(%x: tensor<1x4xi8>, %y: tensor<1x4xi8>) -> tensor<1x4xi8> {
  %s = nn.constant dense<5.000000e-01> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %y, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.add %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %3 : tensor<1x4xi8>
}

// -----

// Why floats have no form in integers is known already.
func.func @obstacle(%x: tensor<1x4xi8>, %y: tensor<1x4xi8>) -> tensor<1x4xi8> {
  %s = nn.constant dense<1.000000e-01> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %y, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.mul %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  // expected-error@+1 {{it has no form in integers: no weighted sum and no product gives all of its 65536 results}}
  %3 = nn.quantize %2, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %3 : tensor<1x4xi8>
}

// -----

// Sums that wrap are what the numeric spec says, but no interval holds them.
func.func @wraps(%x: tensor<1x2xi16>) -> tensor<1x1xi32> {
  %w = nn.constant dense<[[32767], [32767]]> : tensor<2x1xi16>
  %b = nn.constant dense<[2147483647]> : tensor<1xi32>
  // expected-warning@+2 {{beyond int32 they wrap}}
  // expected-error@+1 {{sums of output channel 0 may not fit into 32 bits}}
  %0 = nn.matmul %x, %w, %b : (tensor<1x2xi16>, tensor<2x1xi16>, tensor<1xi32>) -> tensor<1x1xi32>
  return %0 : tensor<1x1xi32>
}

// -----

// CHECK: rtl.design @fits
// expected-remark@+1 {{fits: 6 cycles}}
func.func @fits(%x: tensor<1x2xi16>) -> tensor<1x1xi32> {
  %w = nn.constant dense<[[32767], [32767]]> : tensor<2x1xi16>
  %0 = nn.matmul %x, %w : (tensor<1x2xi16>, tensor<2x1xi16>) -> tensor<1x1xi32>
  return %0 : tensor<1x1xi32>
}

// -----

func.func @large(%x: tensor<4096xi8>) -> tensor<8192x4096xi8> {
  // expected-error@+1 {{its result has more elements than a memory has words, 16777216}}
  %0 = nn.broadcast %x : tensor<4096xi8> to tensor<8192x4096xi8>
  return %0 : tensor<8192x4096xi8>
}

// -----

// CHECK: rtl.design @little
// expected-remark@+1 {{little: 36 cycles}}
func.func @little(%x: tensor<4xi8>) -> tensor<8x4xi8> {
  %0 = nn.broadcast %x : tensor<4xi8> to tensor<8x4xi8>
  return %0 : tensor<8x4xi8>
}

// -----

// Scales that are as many as there are channels, along another dimension.
func.func @columns(%x: tensor<1x2x3x2xi8>) -> tensor<1x2x3x2xi8> {
  %w = nn.constant dense<1> : tensor<2x2x1x1xi8>
  %s = nn.constant dense<[0.25, 0.125]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
     : (tensor<1x2x3x2xi8>, tensor<2x2x1x1xi8>) -> tensor<1x2x3x2xi32>
  // expected-error@+1 {{scales and zero points must be constants, one for each output channel}}
  %1 = nn.requantize %0, %s, %z : (tensor<1x2x3x2xi32>, tensor<2xf32>, tensor<i8>) -> tensor<1x2x3x2xi8>
  return %1 : tensor<1x2x3x2xi8>
}

// -----

// CHECK: rtl.design @channels
// expected-remark@+1 {{channels: 28 cycles}}
func.func @channels(%x: tensor<1x2x3x2xi8>) -> tensor<1x2x3x2xi8> {
  %w = nn.constant dense<1> : tensor<2x2x1x1xi8>
  %s = nn.constant dense<[[[0.25]], [[0.125]]]> : tensor<2x1x1xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
     : (tensor<1x2x3x2xi8>, tensor<2x2x1x1xi8>) -> tensor<1x2x3x2xi32>
  %1 = nn.requantize %0, %s, %z : (tensor<1x2x3x2xi32>, tensor<2x1x1xf32>, tensor<i8>) -> tensor<1x2x3x2xi8>
  return %1 : tensor<1x2x3x2xi8>
}
