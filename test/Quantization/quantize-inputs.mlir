// RUN: nn-opt %s --nn-quantize-inputs | FileCheck %s

// Six bits are fewer than a byte has.
// CHECK-LABEL: func.func @six_bits
// CHECK-SAME: (%[[X:.*]]: tensor<1x4xf32> {nn.name = "x"})
func.func @six_bits(%x: tensor<1x4xf32> {nn.name = "x", nn.format = array<i64: 6, 4>}) -> tensor<1x4xf32> {
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<6.250000e-02> : tensor<f32>
  // CHECK-DAG: %[[Z:.*]] = nn.constant dense<0> : tensor<i8>
  // CHECK: %[[Q:.*]] = nn.quantize %[[X]], %[[S]], %[[Z]] : {{.*}} -> tensor<1x4xi8>
  // CHECK-NEXT: %[[C:.*]] = nn.clip %[[Q]] {max = 31 : i8, min = -32 : i8}
  // CHECK-NEXT: %[[D:.*]] = nn.dequantize %[[C]], %[[S]], %[[Z]]
  // CHECK-NEXT: nn.add %[[D]], %[[D]]
  %0 = nn.add %x, %x : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// CHECK-LABEL: func.func @sixteen_bits
func.func @sixteen_bits(%x: tensor<1x4xf32> {nn.format = array<i64: 16, 10>}) -> tensor<1x4xf32> {
  // CHECK: nn.quantize {{.*}} -> tensor<1x4xi16>
  // CHECK-NOT: nn.clip
  // CHECK: nn.dequantize
  %0 = nn.relu %x : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// An input without a format stays.
// CHECK-LABEL: func.func @without
func.func @without(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // CHECK-NEXT: nn.relu %{{.*}} : tensor<1x4xf32>
  %0 = nn.relu %x : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
