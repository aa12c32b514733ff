// RUN: nn-opt %s --nn-prove-elementwise --nn-tabulate-islands | FileCheck %s

// All 4 x 4 results of a product, from the least operands to the greatest.
// CHECK-LABEL: func.func @product
// CHECK: nn.quantize {{.*}}nn.table = dense<{{\[}}[4, 2, 0, -2], [2, 1, 0, -1], [0, 0, 0, 0], [-2, -1, 0, 1]]> : tensor<4x4xi32>
func.func @product(%x: tensor<1x4xi2>, %y: tensor<1x4xi2>) -> tensor<1x4xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i2>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %o : (tensor<1x4xi2>, tensor<f32>, tensor<i2>) -> tensor<1x4xf32>
  %1 = nn.dequantize %y, %s, %o : (tensor<1x4xi2>, tensor<f32>, tensor<i2>) -> tensor<1x4xf32>
  %2 = nn.mul %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = nn.quantize %2, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %3 : tensor<1x4xi8>
}

// One operand, one row.
// CHECK-LABEL: func.func @hill
// CHECK: nn.quantize {{.*}}nn.table = dense<[4, 1, 0, 1]> : tensor<4xi32>
func.func @hill(%x: tensor<1x4xi2>) -> tensor<1x4xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i2>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %o : (tensor<1x4xi2>, tensor<f32>, tensor<i2>) -> tensor<1x4xf32>
  %1 = nn.mul %0, %0 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %2 : tensor<1x4xi8>
}

// A word has 65536 values, and all of them are looked at.
// CHECK-LABEL: func.func @word
// CHECK: nn.quantize {{.*}}nn.table = dense<"0x{{.*}}"> : tensor<65536xi32>
func.func @word(%x: tensor<1x4xi16>) -> tensor<1x4xi16> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i16>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x4xf32>
  %1 = nn.mul %0, %0 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %2 = nn.quantize %1, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i16>) -> tensor<1x4xi16>
  return %2 : tensor<1x4xi16>
}

// A weighted sum needs no table, and pairs of wide integers have none.
// CHECK-LABEL: func.func @sum
// CHECK-NOT: nn.table
func.func @sum(%x: tensor<1x4xi8>, %y: tensor<1x4xi8>, %w: tensor<1x4xi16>) -> (tensor<1x4xi8>, tensor<1x4xi8>) {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i16>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %1 = nn.dequantize %y, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.dequantize %w, %s, %o : (tensor<1x4xi16>, tensor<f32>, tensor<i16>) -> tensor<1x4xf32>
  %3 = nn.add %0, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %4 = nn.quantize %3, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  %5 = nn.mul %0, %2 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %6 = nn.quantize %5, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %4, %6 : tensor<1x4xi8>, tensor<1x4xi8>
}
