// RUN: nn-opt %s --nn-verify-profile=exact=tflite-double --split-input-file --verify-diagnostics
// RUN: nn-opt %s --nn-verify-profile --split-input-file -o /dev/null

// Floats enter and leave at the ends.
func.func @at_the_ends(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = nn.quantize %0, %s, %z {rounding = 1 : i64} : (tensor<3x2xf32>, tensor<f32>, tensor<i8>) -> tensor<3x2xi8>
  %2 = nn.dequantize %1, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// -----

// As stage graph leaves it: a text of it goes through the pass again.
func.func @floored(%x: tensor<3xf32>) -> tensor<3xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.floor0 %x {exponent = -125 : i64} : tensor<3xf32>
  %1 = nn.quantize %0, %s, %z {rounding = 1 : i64} : (tensor<3xf32>, tensor<f32>, tensor<i8>) -> tensor<3xi8>
  return %1 : tensor<3xi8>
}

// -----

func.func @floored_between_grids(%q: tensor<2xi8>, %t: tensor<f32>) -> tensor<2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %t, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %1 = nn.floor0 %0 {exponent = -125 : i64} : tensor<2xf32>
  // expected-error @+1 {{a change between grids of several scales, or of scales known at run time only}}
  %2 = nn.quantize %1, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %2 : tensor<2xi8>
}

// -----

// Nothing is rounded.
func.func @moved(%q: tensor<2x3xi8>) -> tensor<3x2xi8> {
  %0 = nn.transpose %q {permutation = array<i64: 1, 0>} : (tensor<2x3xi8>) -> tensor<3x2xi8>
  return %0 : tensor<3x2xi8>
}

// -----

// What does not depend on inputs is computed when we compile.
func.func @constants(%q: tensor<2xi8>) -> tensor<2xf32> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.mul %s, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %1 = nn.dequantize %q, %0, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// All obstacles at once.
func.func @islands(%q: tensor<2xi8>) -> (tensor<2xi8>, tensor<2xf32>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  // expected-error @+1 {{-exact=tflite-double: 'nn.sigmoid' on these operands has no integer form of TFLite here}}
  %1 = nn.sigmoid %0 : tensor<2xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  // expected-error @+1 {{-exact=tflite-double: 'nn.mul' on these operands has no integer form}}
  %3 = nn.mul %0, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %2, %3 : tensor<2xi8>, tensor<2xf32>
}

// -----

func.func @grids(%q: tensor<2xi8>, %t: tensor<f32>) -> tensor<2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  %0 = nn.dequantize %q, %t, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  // expected-error @+1 {{a change between grids of several scales, or of scales known at run time only}}
  %1 = nn.quantize %0, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %1 : tensor<2xi8>
}

// -----

func.func @rounded_already(%a: tensor<2xi32>) -> tensor<2xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<7> : tensor<i8>
  // expected-error @+1 {{-exact=tflite-double: it is rounded as in -exact=ort already}}
  %0 = nn.requantize %a, %s, %z : (tensor<2xi32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

// A softmax's quotient, too, if nothing else is quantized.
func.func @divided_already(%e: tensor<2xi32>, %n: tensor<1xi64>) -> tensor<2xi8> {
  %z = nn.constant dense<-128> : tensor<i8>
  // expected-error @+1 {{-exact=tflite-double: it is rounded as in -exact=ort already}}
  %0 = nn.proportion %e, %n, %z {division = 0 : i64, shift = 8 : i64} : (tensor<2xi32>, tensor<1xi64>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

func.func @divided_as_there(%e: tensor<2xi32>, %n: tensor<1xi64>) -> tensor<2xi8> {
  %z = nn.constant dense<-128> : tensor<i8>
  %0 = nn.proportion %e, %n, %z {division = 1 : i64, shift = 8 : i64} : (tensor<2xi32>, tensor<1xi64>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

// expected-error @+1 {{-exact=tflite-double says how quantized networks round, this one is not quantized; add -quantize=int8}}
func.func @floats(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = nn.relu %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}
