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
  %0 = nn.quantize %x, %s, %z {rounding = 1 : i64} : (tensor<8xf32>, tensor<f32>, tensor<i8>) -> tensor<8xi8>
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

// The bits of a signed byte are the index: -1 takes the last number, -128 the one in the middle.
// CHECK: @table_of_bytes: tensor<5xui8> = [0, 127, 128, 254, 255]
func.func @table_of_bytes() -> tensor<5xui8> {
  %x = nn.constant dense<[0, 127, -128, -2, -1]> : tensor<5xi8>
  %0 = nn.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255>} : tensor<5xi8> to tensor<5xui8>
  return %0 : tensor<5xui8>
}
