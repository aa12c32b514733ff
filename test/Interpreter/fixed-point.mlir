// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// A quarter of 6 and -6 lies between two integers: up, or away from zero.
// CHECK: @once: tensor<6xi32> = [1, -1, 2, -1, 2, -2]
func.func @once() -> tensor<6xi32> {
  %x = nn.constant dense<[5, -5, 6, -6, 7, -7]> : tensor<6xi32>
  %m = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<32> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<6xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<6xi32>
  return %0 : tensor<6xi32>
}

// CHECK: @away: tensor<6xi32> = [1, -1, 2, -2, 2, -2]
func.func @away() -> tensor<6xi32> {
  %x = nn.constant dense<[5, -5, 6, -6, 7, -7]> : tensor<6xi32>
  %m = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<32> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 2 : i64} : (tensor<6xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<6xi32>
  return %0 : tensor<6xi32>
}

// The first rounding may make the tie that the second one breaks: -2840 * 1500000000 / 2^38 is -15.4998.
// CHECK: @twice: tensor<2xi32> = [-16, -15]
// CHECK: @not_twice: tensor<2xi32> = [-15, -14]
func.func @twice() -> tensor<2xi32> {
  %x = nn.constant dense<[-2840, -2657]> : tensor<2xi32>
  %m = nn.constant dense<1500000000> : tensor<i32>
  %s = nn.constant dense<38> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 1 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
func.func @not_twice() -> tensor<2xi32> {
  %x = nn.constant dense<[-2840, -2657]> : tensor<2xi32>
  %m = nn.constant dense<1500000000> : tensor<i32>
  %s = nn.constant dense<38> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// A factor of 3: the input is shifted first where it is rounded twice, else the result is; int32 wraps.
// CHECK: @above_one: tensor<3xi32> = [9, -9, 0]
// CHECK: @above_one_once: tensor<3xi32> = [9, -9, -1073741824]
func.func @above_one() -> tensor<3xi32> {
  %x = nn.constant dense<[3, -3, 1073741824]> : tensor<3xi32>
  %m = nn.constant dense<1610612736> : tensor<i32>
  %s = nn.constant dense<29> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 1 : i64} : (tensor<3xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
func.func @above_one_once() -> tensor<3xi32> {
  %x = nn.constant dense<[3, -3, 1073741824]> : tensor<3xi32>
  %m = nn.constant dense<1610612736> : tensor<i32>
  %s = nn.constant dense<29> : tensor<i32>
  %z = nn.constant dense<0> : tensor<i32>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 0 : i64} : (tensor<3xi32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// Clamped before the zero point is added; factors per channel.
// CHECK: @clamped: tensor<2x2xi8> = [127, -128, 13, -127]
func.func @clamped() -> tensor<2x2xi8> {
  %x = nn.constant dense<[[1000, -1000], [10, -130]]> : tensor<2x2xi32>
  %m = nn.constant dense<1073741824> : tensor<i32>
  %s = nn.constant dense<[[31], [30]]> : tensor<2x1xi32>
  %z = nn.constant dense<3> : tensor<i8>
  %0 = nn.rescale %x, %m, %s, %z {rounding = 1 : i64} : (tensor<2x2xi32>, tensor<i32>, tensor<2x1xi32>, tensor<i8>) -> tensor<2x2xi8>
  return %0 : tensor<2x2xi8>
}

// CHECK: @half_away: tensor<8xi8> = [1, -1, 2, -2, 0, 0, 127, -128]
func.func @half_away() -> tensor<8xi8> {
  %x = nn.constant dense<[0.5, -0.5, 1.5, -1.5, 0.49999997, -0.49999997, 0x7F800000, 0x7FC00000]> : tensor<8xf32>
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {half_away} : (tensor<8xf32>, tensor<f32>, tensor<i8>) -> tensor<8xi8>
  return %0 : tensor<8xi8>
}

// 1, 3 and 4 of 8 times 4: halves go to even numbers.
// CHECK: @half_even: tensor<5xui8> = [0, 0, 2, 2, 4]
func.func @half_even() -> tensor<5xui8> {
  %x = nn.constant dense<[0, 131072, 393216, 524288, 1048576]> : tensor<5xi32>
  %n = nn.constant dense<1048576> : tensor<1xi64>
  %z = nn.constant dense<0> : tensor<ui8>
  %0 = nn.proportion %x, %n, %z {division = 0 : i64, shift = 2 : i64} : (tensor<5xi32>, tensor<1xi64>, tensor<ui8>) -> tensor<5xui8>
  return %0 : tensor<5xui8>
}

// Two equal exponentials: half of 256 each, by gemmlowp's reciprocal of 2.
// CHECK: @reciprocal: tensor<2xi8> = [0, 0]
func.func @reciprocal() -> tensor<2xi8> {
  %x = nn.constant dense<[2147483647, 2147483647]> : tensor<2xi32>
  %n = nn.constant dense<1048576> : tensor<1xi64>
  %z = nn.constant dense<-128> : tensor<i8>
  %0 = nn.proportion %x, %n, %z {division = 1 : i64, shift = 8 : i64} : (tensor<2xi32>, tensor<1xi64>, tensor<i8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// Outside of its range the nearest number inside counts: 0 of 2^20, all of it, 2^30 of 2^20; 2^31 - 1 of 2^19.
// CHECK: @outside: tensor<3xi8> = [0, 4, 127]
// CHECK: @outside_reciprocal: tensor<3xi8> = [-128, -128, 127]
func.func @outside() -> tensor<3xi8> {
  %x = nn.constant dense<[-1048576, 1048576, 2147483647]> : tensor<3xi32>
  %n = nn.constant dense<[1048576, -5, 1]> : tensor<3xi64>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.proportion %x, %n, %z {division = 0 : i64, shift = 2 : i64} : (tensor<3xi32>, tensor<3xi64>, tensor<i8>) -> tensor<3xi8>
  return %0 : tensor<3xi8>
}
func.func @outside_reciprocal() -> tensor<3xi8> {
  %x = nn.constant dense<[-1048576, 2147483647, 2147483647]> : tensor<3xi32>
  %n = nn.constant dense<[524288, 2305843009213693951, 0]> : tensor<3xi64>
  %z = nn.constant dense<-128> : tensor<i8>
  %0 = nn.proportion %x, %n, %z {division = 1 : i64, shift = 8 : i64} : (tensor<3xi32>, tensor<3xi64>, tensor<i8>) -> tensor<3xi8>
  return %0 : tensor<3xi8>
}
