// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// Truncates, saturates, NaN is the least integer.
// CHECK: @f32_to_i32: tensor<7xi32> = [1, -1, -2147483648, 2147483647, -2147483648, 2147483647, -2147483648]
func.func @f32_to_i32() -> tensor<7xi32> {
  %a = nn.constant dense<[1.9, -1.9, 0x7FC00000, 0x7F800000, 0xFF800000, 2147483648.0, -2147483648.0]> : tensor<7xf32>
  %0 = nn.cast %a : tensor<7xf32> to tensor<7xi32>
  return %0 : tensor<7xi32>
}
// CHECK: @f32_to_i64: tensor<3xi64> = [9223372036854775807, -9223372036854775808, 16777216]
func.func @f32_to_i64() -> tensor<3xi64> {
  %a = nn.constant dense<[1.0e30, -1.0e30, 16777216.0]> : tensor<3xf32>
  %0 = nn.cast %a : tensor<3xf32> to tensor<3xi64>
  return %0 : tensor<3xi64>
}
// Bytes and words are the low bits of int32.
// CHECK: @f32_to_ui8: tensor<4xui8> = [253, 44, 0, 254]
func.func @f32_to_ui8() -> tensor<4xui8> {
  %a = nn.constant dense<[-3.0, 300.0, -0.5, 254.9]> : tensor<4xf32>
  %0 = nn.cast %a : tensor<4xf32> to tensor<4xui8>
  return %0 : tensor<4xui8>
}
// Fewer bits likewise, of integers too.
// CHECK: @f32_to_i4: tensor<5xi4> = [-8, 7, 1, -1, -1]
func.func @f32_to_i4() -> tensor<5xi4> {
  %a = nn.constant dense<[8.0, 7.9, 17.0, -1.5, 0x7F800000]> : tensor<5xf32>
  %0 = nn.cast %a : tensor<5xf32> to tensor<5xi4>
  return %0 : tensor<5xi4>
}
// CHECK: @i4_to_ui2: tensor<4xui2> = [1, 3, 0, 3]
func.func @i4_to_ui2() -> tensor<4xui2> {
  %a = nn.constant dense<[5, -1, -8, 7]> : tensor<4xi4>
  %0 = nn.cast %a : tensor<4xi4> to tensor<4xui2>
  return %0 : tensor<4xui2>
}
// CHECK: @i4_to_ui8: tensor<2xui8> = [255, 7]
func.func @i4_to_ui8() -> tensor<2xui8> {
  %a = nn.constant dense<[-1, 7]> : tensor<2xi4>
  %0 = nn.cast %a : tensor<2xi4> to tensor<2xui8>
  return %0 : tensor<2xui8>
}
// To nearest even: 2^24 + 1 is halfway.
// CHECK: @i64_to_f32: tensor<3xf32> = [16777216, 16777220, -1]
func.func @i64_to_f32() -> tensor<3xf32> {
  %a = nn.constant dense<[16777217, 16777219, -1]> : tensor<3xi64>
  %0 = nn.cast %a : tensor<3xi64> to tensor<3xf32>
  return %0 : tensor<3xf32>
}
// CHECK: @i64_to_i32: tensor<2xi32> = [1, -2147483648]
func.func @i64_to_i32() -> tensor<2xi32> {
  %a = nn.constant dense<[4294967297, 2147483648]> : tensor<2xi64>
  %0 = nn.cast %a : tensor<2xi64> to tensor<2xi32>
  return %0 : tensor<2xi32>
}
// CHECK: @f32_to_bool: tensor<4xi1> = [false, false, true, true]
func.func @f32_to_bool() -> tensor<4xi1> {
  %a = nn.constant dense<[0.0, 0x80000000, 0x7FC00000, 0.1]> : tensor<4xf32>
  %0 = nn.cast %a : tensor<4xf32> to tensor<4xi1>
  return %0 : tensor<4xi1>
}
// CHECK: @i32_to_bool: tensor<3xi1> = [false, true, true]
func.func @i32_to_bool() -> tensor<3xi1> {
  %a = nn.constant dense<[0, 2, -1]> : tensor<3xi32>
  %0 = nn.cast %a : tensor<3xi32> to tensor<3xi1>
  return %0 : tensor<3xi1>
}
// CHECK: @bool_to_f32: tensor<2xf32> = [1, 0]
func.func @bool_to_f32() -> tensor<2xf32> {
  %a = nn.constant dense<[true, false]> : tensor<2xi1>
  %0 = nn.cast %a : tensor<2xi1> to tensor<2xf32>
  return %0 : tensor<2xf32>
}
// CHECK: @f64_to_f32: tensor<2xf32> = [0.1, 0]
func.func @f64_to_f32() -> tensor<2xf32> {
  %a = nn.constant dense<[0.1, 1.0e-40]> : tensor<2xf64>
  %0 = nn.cast %a : tensor<2xf64> to tensor<2xf32>
  return %0 : tensor<2xf32>
}
