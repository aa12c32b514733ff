// RUN: %nn-opt %s --nn-record-liveness-peak | FileCheck %s

// Input, both results of the first two ops and nothing else are live together: 64 + 64 + 64 bytes. The constant does
// not count, five floats are rounded up to sixteen. A peak that was recorded before stays.

// CHECK: func.func @three
// CHECK-SAME: plan.liveness_peak = 192 : i64
func.func @three(%x: tensor<5xf32>) -> tensor<5xf32> {
  %c = nn.constant dense<1.0> : tensor<5xf32>
  %0 = nn.relu %x : tensor<5xf32>
  %1 = nn.add %x, %c : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  %2 = nn.add %0, %1 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %2 : tensor<5xf32>
}

// CHECK: func.func @recorded
// CHECK-SAME: plan.liveness_peak = 7 : i64
func.func @recorded(%x: tensor<5xf32>) -> tensor<5xf32> attributes {plan.liveness_peak = 7 : i64} {
  return %x : tensor<5xf32>
}
