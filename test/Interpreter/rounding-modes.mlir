// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// Every mode on the numbers of QONNX' own table.
// CHECK: @half_even: tensor<10xi8> = [6, 2, 2, 1, 1, -1, -1, -2, -2, -6]
func.func @half_even() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 0 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @half_away: tensor<10xi8> = [6, 3, 2, 1, 1, -1, -1, -2, -3, -6]
func.func @half_away() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 1 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @half_to_zero: tensor<10xi8> = [5, 2, 2, 1, 1, -1, -1, -2, -2, -5]
func.func @half_to_zero() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 2 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @away: tensor<10xi8> = [6, 3, 2, 2, 1, -1, -2, -2, -3, -6]
func.func @away() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 3 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @to_zero: tensor<10xi8> = [5, 2, 1, 1, 1, -1, -1, -1, -2, -5]
func.func @to_zero() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 4 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @ceil: tensor<10xi8> = [6, 3, 2, 2, 1, -1, -1, -1, -2, -5]
func.func @ceil() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 5 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// CHECK: @floor: tensor<10xi8> = [5, 2, 1, 1, 1, -1, -2, -2, -3, -6]
func.func @floor() -> tensor<10xi8> {
  %x = nn.constant dense<[5.5, 2.5, 1.6, 1.1, 1.0, -1.0, -1.1, -1.6, -2.5, -5.5]> : tensor<10xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 6 : i64} : (tensor<10xf32>, tensor<f32>, tensor<i8>) -> tensor<10xi8>
  return %0 : tensor<10xi8>
}

// The floats next to a half, and to 0: what is below 2^-125 is 0. NaN gives the least, infinities the ends.
// CHECK: @beside_a_half: tensor<4xi8> = [0, 1, 0, -1]
func.func @beside_a_half() -> tensor<4xi8> {
  %x = nn.constant dense<[0.5, 0x3F000001, 0x3EFFFFFF, 0xBF000001]> : tensor<4xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 2 : i64} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// CHECK: @nearly_nothing: tensor<7xi4> = [1, 0, 0, -1, 7, -8, -8]
func.func @nearly_nothing() -> tensor<7xi4> {
  %x = nn.constant dense<[0x01000000, 0x00FFFFFF, 0x80FFFFFF, 0x81000000, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<7xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i4>
  %0 = nn.quantize %x, %s, %z {rounding = 3 : i64} : (tensor<7xf32>, tensor<f32>, tensor<i4>) -> tensor<7xi4>
  return %0 : tensor<7xi4>
}
