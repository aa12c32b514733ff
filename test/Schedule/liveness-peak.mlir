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

// The floats of a quantized network are never stored: its peak is that of its steps, and not known here.

// CHECK: func.func @quantized
// CHECK-NOT: plan.liveness_peak
// CHECK: return
func.func @quantized(%x: tensor<5xi8>) -> tensor<5xi8> {
  %scale = nn.constant dense<0.5> : tensor<f32>
  %zero = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %scale, %zero : (tensor<5xi8>, tensor<f32>, tensor<i8>) -> tensor<5xf32>
  %1 = nn.relu %0 : tensor<5xf32>
  %2 = nn.quantize %1, %scale, %zero : (tensor<5xf32>, tensor<f32>, tensor<i8>) -> tensor<5xi8>
  return %2 : tensor<5xi8>
}
