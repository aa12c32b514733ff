// RUN: nn-opt %s --nn-prove-elementwise | FileCheck %s

// Equal scales: one sum, no shift. The zero points 3 + 4 - 5 go into the offset, and the bounds are
// those of the results.
// CHECK-LABEL: func.func @sum_on_one_grid
func.func @sum_on_one_grid(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[1, 1, 0, -2, 0, -128, 127, 0]> : tensor<8xi64>}
  %s = nn.constant dense<0.5> : tensor<f32>
  %za = nn.constant dense<3> : tensor<i8>
  %zb = nn.constant dense<4> : tensor<i8>
  %zy = nn.constant dense<5> : tensor<i8>
  %0 = nn.dequantize %a, %s, %za : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %zb : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %zy : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// The first weight is that of the operand on the left, here the second argument.
// CHECK-LABEL: func.func @operands_from_left_to_right
func.func @operands_from_left_to_right(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[1, -1, 0, 0, 0, -128, 127, 0]> : tensor<8xi64>}
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %a, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.sub %1, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// A ReLU behind the sum is a bound; of a difference the second weight is negative.
// CHECK-LABEL: func.func @difference_with_relu
func.func @difference_with_relu(%a: tensor<4xui8>, %b: tensor<4xui8>) -> tensor<4xui8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[{{[0-9]+}}, -{{[0-9]+}}, 0, {{.*}}, {{[0-9]+}}, 7, 234, 0]> : tensor<8xi64>}
  %sa = nn.constant dense<0.037131> : tensor<f32>
  %sb = nn.constant dense<0.018917> : tensor<f32>
  %sy = nn.constant dense<0.0412> : tensor<f32>
  %z = nn.constant dense<7> : tensor<ui8>
  %0 = nn.dequantize %a, %sa, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %sb, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %2 = nn.sub %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.relu %2 : tensor<4xf32>
  %4 = nn.quantize %3, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %4 : tensor<4xui8>
}

// Scales that are powers of two have ties, which go to even numbers.
// CHECK-LABEL: func.func @sum_with_ties
func.func @sum_with_ties(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[2, 1, 0, 0, 2, -96, 95, 1]> : tensor<8xi64>}
  %sa = nn.constant dense<0.5> : tensor<f32>
  %sb = nn.constant dense<0.25> : tensor<f32>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %a, %sa, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %sb, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// With an odd zero point even numbers are stored as odd ones.
// CHECK-LABEL: func.func @ties_with_odd_zero_point
func.func @ties_with_odd_zero_point(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[2, 1, 0, 20, 2, -91, 100, 2]> : tensor<8xi64>}
  %sa = nn.constant dense<0.5> : tensor<f32>
  %sb = nn.constant dense<0.25> : tensor<f32>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zy = nn.constant dense<5> : tensor<i8>
  %0 = nn.dequantize %a, %sa, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %sb, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %sy, %zy : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// About (a - 3) * (b - 4) / 4, which is a * b - 4 a - 3 b + 12.
// CHECK-LABEL: func.func @product
func.func @product(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[-{{[0-9]+}}, -{{[0-9]+}}, {{[1-9][0-9]*}}, {{.*}}, -128, 127, 0]> : tensor<8xi64>}
  %s = nn.constant dense<0.53> : tensor<f32>
  %sy = nn.constant dense<1.1> : tensor<f32>
  %za = nn.constant dense<3> : tensor<i8>
  %zb = nn.constant dense<4> : tensor<i8>
  %zy = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %a, %s, %za : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %zb : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.mul %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %sy, %zy : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// Of words not all pairs are looked at: with scales of few bits no float is rounded, and the integers follow. Here a * 2 / 4 + b * 3 / 4,
// rounded to even numbers less the zero point, and cut off at what ReLU leaves.
// CHECK-LABEL: func.func @words
func.func @words(%a: tensor<4xi16>, %b: tensor<4xi8>) -> tensor<4xi16> {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[2, 3, 0, 20, 2, 5, 16484, 2]> : tensor<8xi64>}
  %sa = nn.constant dense<0.5> : tensor<f32>
  %sb = nn.constant dense<0.75> : tensor<f32>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %za = nn.constant dense<0> : tensor<i16>
  %zb = nn.constant dense<0> : tensor<i8>
  %zy = nn.constant dense<5> : tensor<i16>
  %0 = nn.dequantize %a, %sa, %za : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %sb, %zb : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.relu %2 : tensor<4xf32>
  %4 = nn.quantize %3, %sy, %zy : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  return %4 : tensor<4xi16>
}

// A product of words would need 32 bits; clipped to 12 bits each, it needs 22.
// CHECK-LABEL: func.func @products_of_words
func.func @products_of_words(%a: tensor<4xi16>, %b: tensor<4xi16>) -> (tensor<4xi16>, tensor<4xi16>) {
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "not all of its integers have 8 bits, and its floats are rounded on the way: {{.*}}"}
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[0, 0, 1, 0, 8, -16376, 16384, 1]> : tensor<8xi64>}
  %s = nn.constant dense<0.0625> : tensor<f32>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %a, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %2 = nn.mul %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.quantize %2, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  %4 = nn.clip %a {min = -2048 : i16, max = 2047 : i16} : tensor<4xi16>
  %5 = nn.clip %b {min = -2048 : i16, max = 2047 : i16} : tensor<4xi16>
  %6 = nn.dequantize %4, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %7 = nn.dequantize %5, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %8 = nn.mul %6, %7 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %9 = nn.quantize %8, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  return %3, %9 : tensor<4xi16>, tensor<4xi16>
}

// A ReLU of what is never negative changes nothing. Halves that go away from 0 go up there. Of what has both signs neither is known.
// CHECK-LABEL: func.func @signs_of_words
func.func @signs_of_words(%a: tensor<4xui16>, %b: tensor<4xi16>) -> (tensor<4xi16>, tensor<4xi16>, tensor<4xi16>) {
  // CHECK: nn.quantize {{.*}} {nn.bilinear = dense<[1, 1, 0, 2, 2, 0, 24576, 0]> : tensor<8xi64>, rounding
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "not all of its integers have 8 bits, and its rounding looks at the sign, and it has both", rounding
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "not all of its integers have 8 bits, and 'nn.relu' is no sum, difference or product"
  %s = nn.constant dense<0.25> : tensor<f32>
  %sy = nn.constant dense<1.0> : tensor<f32>
  %za = nn.constant dense<0> : tensor<ui16>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %a, %s, %za : (tensor<4xui16>, tensor<f32>, tensor<ui16>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %2 = nn.relu %0 : tensor<4xf32>
  %3 = nn.add %2, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = nn.relu %3 : tensor<4xf32>
  %5 = nn.quantize %4, %sy, %z {rounding = 1} : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  %6 = nn.quantize %3, %sy, %z {rounding = 1} : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  %7 = nn.relu %1 : tensor<4xf32>
  %8 = nn.add %0, %7 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %9 = nn.quantize %8, %sy, %z : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  return %5, %6, %9 : tensor<4xi16>, tensor<4xi16>, tensor<4xi16>
}

// What has no form says why: no sum and no product, words whose floats are rounded, three tensors, an op that is not elementwise.
// CHECK-LABEL: func.func @obstacles
func.func @obstacles(%a: tensor<4xi8>, %b: tensor<4xi8>, %c: tensor<4xi8>, %w: tensor<4xi16>) -> (tensor<4xi8>, tensor<4xi8>, tensor<4xi8>, tensor<4xi8>) {
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "no weighted sum and no product gives all of its 65536 results"}
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "not all of its integers have 8 bits, and its floats are rounded on the way: {{.*}}"}
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "it reads 3 tensors, and forms are searched for two"}
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "'nn.reduce_sum' is not elementwise"}
  %s = nn.constant dense<0.5> : tensor<f32>
  %sw = nn.constant dense<0.3> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %zw = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %a, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.dequantize %b, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %2 = nn.dequantize %c, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %3 = nn.dequantize %w, %sw, %zw : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %4 = nn.div %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %6 = nn.add %0, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %7 = nn.quantize %6, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %8 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %9 = nn.add %8, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %10 = nn.quantize %9, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %11 = nn.reduce_sum %0 {axes = array<i64: 0>, keepdims = true} : (tensor<4xf32>) -> tensor<1xf32>
  %12 = nn.add %1, %11 : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %13 = nn.quantize %12, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %5, %7, %10, %13 : tensor<4xi8>, tensor<4xi8>, tensor<4xi8>, tensor<4xi8>
}

// Fewer bits than 8 are told so as well, sums of int32 and one tensor of words, too.
// CHECK-LABEL: func.func @obstacles_of_other_widths
func.func @obstacles_of_other_widths(%a: tensor<4xi4>, %w: tensor<4xi16>, %sums: tensor<4xi32>) -> (tensor<4xi4>, tensor<4xi16>, tensor<4xi16>) {
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "not all of its integers have 8 bits, and {{.*}}"}
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "it maps one tensor to another, of which one has not 8 bits"}
  // CHECK: nn.quantize {{.*}} {nn.obstacle = "it reads integers of more than 16 bits"}
  %s = nn.constant dense<0.3> : tensor<f32>
  %t = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i4>
  %zw = nn.constant dense<0> : tensor<i16>
  %z32 = nn.constant dense<0> : tensor<i32>
  %0 = nn.dequantize %a, %s, %z : (tensor<4xi4>, tensor<f32>, tensor<i4>) -> tensor<4xf32>
  %1 = nn.dequantize %w, %t, %zw : (tensor<4xi16>, tensor<f32>, tensor<i16>) -> tensor<4xf32>
  %2 = nn.dequantize %sums, %t, %z32 : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %3 = nn.max %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = nn.quantize %3, %t, %z : (tensor<4xf32>, tensor<f32>, tensor<i4>) -> tensor<4xi4>
  %5 = nn.mul %1, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = nn.quantize %5, %t, %zw : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  %7 = nn.add %1, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %8 = nn.quantize %7, %t, %zw : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  return %4, %6, %8 : tensor<4xi4>, tensor<4xi16>, tensor<4xi16>
}

// Floats that enter the network are no island; what a text claims of them is not believed.
// CHECK-LABEL: func.func @input
func.func @input(%x: tensor<4xf32>) -> tensor<4xi8> {
  // CHECK: nn.quantize
  // CHECK-NOT: nn.obstacle
  // CHECK-NOT: nn.bilinear
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {nn.bilinear = dense<0> : tensor<8xi64>} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}
