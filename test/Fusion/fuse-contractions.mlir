// RUN: nn-opt %s --nn-fuse-contractions | FileCheck %s

// CHECK-LABEL: func.func @residual_joins_later_product
func.func @residual_joins_later_product(%x: tensor<4x8xf32>, %a: tensor<8x8xf32>, %b: tensor<8x8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[FIRST:.*]] = nn.fused
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: nn.matmul
  // CHECK-NEXT: nn.yield
  %0 = nn.matmul %x, %a : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  // CHECK: nn.fused(%{{.*}}, %{{.*}}, %[[FIRST]]) {nn.notes = ["result is an output"]}
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.add
  // CHECK-NEXT: nn.relu
  // CHECK-NEXT: nn.yield
  %1 = nn.matmul %x, %b : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %2 = nn.add %0, %1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %3 = nn.relu %2 : tensor<4x8xf32>
  return %3 : tensor<4x8xf32>
}

// A value that the epilogue reads twice stays inside.
// CHECK-LABEL: func.func @swish_is_an_epilogue
func.func @swish_is_an_epilogue(%x: tensor<4x8xf32>, %a: tensor<8x8xf32>) -> tensor<4x8xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.sigmoid
  // CHECK-NEXT: nn.mul
  // CHECK-NEXT: nn.yield
  %0 = nn.matmul %x, %a : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %1 = nn.sigmoid %0 : tensor<4x8xf32>
  %2 = nn.mul %0, %1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// What else is read ends the group: it has one result.
// CHECK-LABEL: func.func @second_reader_ends_group
func.func @second_reader_ends_group(%x: tensor<4x8xf32>, %a: tensor<8x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  // CHECK: nn.fused{{.*}}"result has 2 readers"
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.yield
  // CHECK: nn.relu
  %0 = nn.matmul %x, %a : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %1 = nn.relu %0 : tensor<4x8xf32>
  return %0, %1 : tensor<4x8xf32>, tensor<4x8xf32>
}

// A sum that makes the tensor larger is no epilogue.
// CHECK-LABEL: func.func @broadcasting_sum_stays_outside
func.func @broadcasting_sum_stays_outside(%x: tensor<1x8xf32>, %a: tensor<8x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.yield
  %0 = nn.matmul %x, %a : (tensor<1x8xf32>, tensor<8x8xf32>) -> tensor<1x8xf32>
  // CHECK: nn.add
  %1 = nn.add %0, %y : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// The product that depends on this one through another step cannot share its group.
// CHECK-LABEL: func.func @no_cycle
func.func @no_cycle(%x: tensor<8x8xf32>, %a: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.yield
  %0 = nn.matmul %x, %a : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %t = nn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = nn.add %0, %t : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

// Integers are stored as narrow as they are: a reduction subtracts their zero point itself.
// CHECK-LABEL: func.func @reduction_widens
func.func @reduction_widens(%x: tensor<1x8xi8>, %a: tensor<8x8xi8>, %s: tensor<f32>, %z: tensor<i8>, %w: tensor<i32>) -> tensor<1x1xi32> {
  // CHECK: nn.notes = ["reduce_sum not fused: not elementwise", "stored as narrow integers, which the reader widens"]
  // CHECK: nn.requantize
  // CHECK-NEXT: nn.yield %{{.*}} : tensor<1x8xi8>
  %0 = nn.matmul %x, %a : (tensor<1x8xi8>, tensor<8x8xi8>) -> tensor<1x8xi32>
  %1 = nn.requantize %0, %s, %z : (tensor<1x8xi32>, tensor<f32>, tensor<i8>) -> tensor<1x8xi8>
  // CHECK: nn.cast
  %2 = nn.cast %1 : tensor<1x8xi8> to tensor<1x8xi32>
  // CHECK-NEXT: nn.sub
  %3 = nn.sub %2, %w : (tensor<1x8xi32>, tensor<i32>) -> tensor<1x8xi32>
  %4 = nn.reduce_sum %3 {axes = array<i64: 1>, keepdims = true} : (tensor<1x8xi32>) -> tensor<1x1xi32>
  return %4 : tensor<1x1xi32>
}

// The same before floats; the note names who reads them, not the dequantization that left the group.
// CHECK-LABEL: func.func @product_widens
func.func @product_widens(%x: tensor<1x8xi8>, %a: tensor<8x8xi8>, %s: tensor<f32>, %z: tensor<i8>, %b: tensor<8x4xf32>) -> tensor<1x4xf32> {
  // CHECK: nn.notes = ["matmul not fused: a step of its own", "stored as narrow integers, which the reader widens"]
  // CHECK: nn.requantize
  // CHECK-NEXT: nn.yield %{{.*}} : tensor<1x8xi8>
  %0 = nn.matmul %x, %a : (tensor<1x8xi8>, tensor<8x8xi8>) -> tensor<1x8xi32>
  %1 = nn.requantize %0, %s, %z : (tensor<1x8xi32>, tensor<f32>, tensor<i8>) -> tensor<1x8xi8>
  // CHECK: nn.dequantize
  %2 = nn.dequantize %1, %s, %z : (tensor<1x8xi8>, tensor<f32>, tensor<i8>) -> tensor<1x8xf32>
  %3 = nn.matmul %2, %b : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// Others would take a step for that.
// CHECK-LABEL: func.func @movement_does_not
func.func @movement_does_not(%x: tensor<1x8xi8>, %a: tensor<8x8xi8>, %s: tensor<f32>, %z: tensor<i8>, %w: tensor<i32>) -> tensor<8x1xi32> {
  // CHECK: nn.requantize
  // CHECK-NEXT: nn.cast
  // CHECK-NEXT: nn.sub
  // CHECK-NEXT: nn.yield %{{.*}} : tensor<1x8xi32>
  %0 = nn.matmul %x, %a : (tensor<1x8xi8>, tensor<8x8xi8>) -> tensor<1x8xi32>
  %1 = nn.requantize %0, %s, %z : (tensor<1x8xi32>, tensor<f32>, tensor<i8>) -> tensor<1x8xi8>
  %2 = nn.cast %1 : tensor<1x8xi8> to tensor<1x8xi32>
  %3 = nn.sub %2, %w : (tensor<1x8xi32>, tensor<i32>) -> tensor<1x8xi32>
  %4 = nn.transpose %3 {permutation = array<i64: 1, 0>} : (tensor<1x8xi32>) -> tensor<8x1xi32>
  return %4 : tensor<8x1xi32>
}

// A table would make the kernel one that no other step shares.
// CHECK-LABEL: func.func @table_stays_outside
func.func @table_stays_outside(%x: tensor<1x4xi8>, %w: tensor<4x4xi8>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<1x4xi8> {
  // CHECK: nn.fused{{.*}}lookup not fused: its table would make the kernel one that no other step shares
  // CHECK: nn.matmul
  // CHECK-NEXT: nn.requantize
  // CHECK-NEXT: nn.yield
  // CHECK: nn.lookup
  %0 = nn.matmul %x, %w : (tensor<1x4xi8>, tensor<4x4xi8>) -> tensor<1x4xi32>
  %1 = nn.requantize %0, %s, %z : (tensor<1x4xi32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  %2 = nn.lookup %1 {table = array<i32: 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3>} : tensor<1x4xi8> to tensor<1x4xi8>
  return %2 : tensor<1x4xi8>
}
