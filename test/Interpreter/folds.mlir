// RUN: nn-opt %s -nn-evaluate -o /dev/null > %t.meaning
// RUN: nn-opt %s --canonicalize -o %t.folded && nn-opt %t.folded -nn-evaluate -o /dev/null > %t.folds
// RUN: diff %t.meaning %t.folds
// RUN: FileCheck %s < %t.folded

// What the ops fold by themselves is what the interpreter, which folds everything else, makes of it: on the ends of each
// type, on zeros, infinities and NaN. Nothing but constants is left of the first, all is left of the second.

// CHECK: module {
// CHECK-NOT: nn.{{[^cn]|co[^n]|c[^o]}}
// CHECK-LABEL: func.func @left_to_the_interpreter
func.func @arithmetic_i64() -> (tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>) {
  %a = nn.constant dense<[9223372036854775807, -9223372036854775808, -9223372036854775808, 7, -7]> : tensor<5xi64>
  %b = nn.constant dense<[1, -1, 0, -2, 2]> : tensor<5xi64>
  %0 = nn.add %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  %1 = nn.sub %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  %2 = nn.mul %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  %3 = nn.div %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  %4 = nn.min %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  %5 = nn.max %a, %b : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  return %0, %1, %2, %3, %4, %5 : tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>, tensor<5xi64>
}
func.func @arithmetic_i32() -> (tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>) {
  %a = nn.constant dense<[2147483647, -2147483648, -2147483648, 65537, -7]> : tensor<5xi32>
  %b = nn.constant dense<[1, -1, 0, 65537, 2]> : tensor<5xi32>
  %0 = nn.add %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  %1 = nn.sub %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  %2 = nn.mul %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  %3 = nn.div %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  %4 = nn.min %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  %5 = nn.max %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return %0, %1, %2, %3, %4, %5 : tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>, tensor<5xi32>
}
func.func @arithmetic_bytes() -> (tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xui8>, tensor<3xui8>, tensor<3xui8>, tensor<3xui8>) {
  %a = nn.constant dense<[-128, 127, 100]> : tensor<3xi8>
  %b = nn.constant dense<[-1, 127, 0]> : tensor<3xi8>
  %c = nn.constant dense<[255, 128, 200]> : tensor<3xui8>
  %d = nn.constant dense<[1, 255, 0]> : tensor<3xui8>
  %0 = nn.add %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  %1 = nn.mul %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  %2 = nn.div %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  %3 = nn.max %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  %4 = nn.sub %c, %d : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xui8>
  %5 = nn.mul %c, %d : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xui8>
  %6 = nn.div %c, %d : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xui8>
  %7 = nn.min %c, %d : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xui8>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xui8>, tensor<3xui8>, tensor<3xui8>, tensor<3xui8>
}
func.func @broadcast_and_choice() -> (tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %column = nn.constant dense<[[10], [-20]]> : tensor<2x1xi64>
  %row = nn.constant dense<[1, 2, 3]> : tensor<3xi64>
  %which = nn.constant dense<[[true], [false]]> : tensor<2x1xi1>
  %x = nn.constant dense<[[0x7FC00000, 1.0], [0x80000000, 0xFF800000]]> : tensor<2x2xf32>
  %y = nn.constant dense<[[1.0, 0x7FC00000], [0.0, 0x7F800000]]> : tensor<2x2xf32>
  %0 = nn.add %column, %row : (tensor<2x1xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  %1 = nn.select %which, %column, %row : (tensor<2x1xi1>, tensor<2x1xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  %2 = nn.min %x, %y : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %3 = nn.max %x, %y : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %1, %2, %3 : tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x2xf32>, tensor<2x2xf32>
}
func.func @casts_of_floats() -> (tensor<9xi32>, tensor<9xi64>, tensor<9xi1>, tensor<4xf32>, tensor<3xf32>, tensor<2xf32>) {
  %f = nn.constant dense<[300.0, -300.0, 0.5, -0.5, 0x80000000, 0x7FC00000, 0x7F800000, 0xFF800000, 1.0e+30]> : tensor<9xf32>
  %l = nn.constant dense<[16777217, 16777219, 9223372036854775807, -1]> : tensor<4xi64>
  %u = nn.constant dense<[255, 128, 0]> : tensor<3xui8>
  %t = nn.constant dense<[true, false]> : tensor<2xi1>
  %0 = nn.cast %f : tensor<9xf32> to tensor<9xi32>
  %1 = nn.cast %f : tensor<9xf32> to tensor<9xi64>
  %2 = nn.cast %f : tensor<9xf32> to tensor<9xi1>
  %3 = nn.cast %l : tensor<4xi64> to tensor<4xf32>
  %4 = nn.cast %u : tensor<3xui8> to tensor<3xf32>
  %5 = nn.cast %t : tensor<2xi1> to tensor<2xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<9xi32>, tensor<9xi64>, tensor<9xi1>, tensor<4xf32>, tensor<3xf32>, tensor<2xf32>
}
func.func @casts_of_integers() -> (tensor<4xi8>, tensor<4xui8>, tensor<4xi1>, tensor<4xi32>, tensor<2xi64>, tensor<2xi64>) {
  %l = nn.constant dense<[300, -129, 4294967296, 0]> : tensor<4xi64>
  %u = nn.constant dense<[255, 128]> : tensor<2xui8>
  %t = nn.constant dense<[true, false]> : tensor<2xi1>
  %0 = nn.cast %l : tensor<4xi64> to tensor<4xi8>
  %1 = nn.cast %l : tensor<4xi64> to tensor<4xui8>
  %2 = nn.cast %l : tensor<4xi64> to tensor<4xi1>
  %3 = nn.cast %l : tensor<4xi64> to tensor<4xi32>
  %4 = nn.cast %u : tensor<2xui8> to tensor<2xi64>
  %5 = nn.cast %t : tensor<2xi1> to tensor<2xi64>
  return %0, %1, %2, %3, %4, %5 : tensor<4xi8>, tensor<4xui8>, tensor<4xi1>, tensor<4xi32>, tensor<2xi64>, tensor<2xi64>
}
func.func @movement() -> (tensor<6xi64>, tensor<3x2xi64>, tensor<2x2x3xi64>, tensor<1x2xi64>, tensor<4x3xi64>, tensor<4x3xi64>) {
  %a = nn.constant dense<[[1, 2, 3], [-4, -5, -6]]> : tensor<2x3xi64>
  %i = nn.constant dense<[-1, 9, -9, 0]> : tensor<4xi64>
  %0 = nn.reshape %a : tensor<2x3xi64> to tensor<6xi64>
  %1 = nn.transpose %a {permutation = array<i64: 1, 0>} : (tensor<2x3xi64>) -> tensor<3x2xi64>
  %2 = nn.broadcast %a : tensor<2x3xi64> to tensor<2x2x3xi64>
  %3 = nn.slice %a {starts = array<i64: 1, 2>, steps = array<i64: 1, -2>} : tensor<2x3xi64> to tensor<1x2xi64>
  %4 = nn.concat %a, %a {axis = 0 : i64} : (tensor<2x3xi64>, tensor<2x3xi64>) -> tensor<4x3xi64>
  %5 = nn.gather %a, %i {axis = 0 : i64} : (tensor<2x3xi64>, tensor<4xi64>) -> tensor<4x3xi64>
  return %0, %1, %2, %3, %4, %5 : tensor<6xi64>, tensor<3x2xi64>, tensor<2x2x3xi64>, tensor<1x2xi64>, tensor<4x3xi64>, tensor<4x3xi64>
}
// CHECK-COUNT-4: nn.cast
// CHECK: nn.max
// CHECK: nn.cast
func.func @left_to_the_interpreter() -> (tensor<4xi8>, tensor<4xi16>, tensor<4xui8>, tensor<4xui16>, tensor<2xui64>, tensor<2xf32>) {
  %f = nn.constant dense<[300.0, -129.0, 70000.0, 0x7FC00000]> : tensor<4xf32>
  %u = nn.constant dense<[18446744073709551615, 1]> : tensor<2xui64>
  %v = nn.constant dense<[2, 3]> : tensor<2xui64>
  %0 = nn.cast %f : tensor<4xf32> to tensor<4xi8>
  %1 = nn.cast %f : tensor<4xf32> to tensor<4xi16>
  %2 = nn.cast %f : tensor<4xf32> to tensor<4xui8>
  %3 = nn.cast %f : tensor<4xf32> to tensor<4xui16>
  %4 = nn.max %u, %v : (tensor<2xui64>, tensor<2xui64>) -> tensor<2xui64>
  %5 = nn.cast %u : tensor<2xui64> to tensor<2xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<4xi8>, tensor<4xi16>, tensor<4xui8>, tensor<4xui16>, tensor<2xui64>, tensor<2xf32>
}
