// RUN: nn-opt %s --nn-insert-quantization -split-input-file | FileCheck %s

// The ReLU goes into the range, weights have one scale per channel, the bias counts in products of scales.
// CHECK-LABEL: func.func @conv_relu
// CHECK-SAME: %[[X:.*]]: tensor<1x1x4x4xf32>)
func.func @conv_relu(%x: tensor<1x1x4x4xf32> {nn.range = array<f64: -1.0, 1.55>}) -> tensor<1x2x4x4xf32> {
  %w = nn.constant dense<[[[[1.27]]], [[[-2.54]]]]> : tensor<2x1x1x1xf32>
  %b = nn.constant dense<[1.0, -1.0]> : tensor<2xf32>
  // CHECK: %[[Q:.*]] = nn.quantize %[[X]], %{{.*}}, %{{.*}} : (tensor<1x1x4x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x1x4x4xui8>
  // CHECK: %[[A:.*]] = nn.dequantize %[[Q]]
  // CHECK: %[[WQ:.*]] = nn.constant dense<{{\[\[\[\[}}127]]], {{\[\[\[}}-127]]]]> : tensor<2x1x1x1xi8>
  // CHECK: %[[WS:.*]] = nn.constant dense<{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK: %[[W:.*]] = nn.dequantize %[[WQ]], %[[WS]]
  // CHECK: %[[BQ:.*]] = nn.constant dense<[10000, -5000]> : tensor<2xi32>
  // CHECK: %[[B:.*]] = nn.dequantize %[[BQ]], %{{.*}} : (tensor<2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  // CHECK: %[[Y:.*]] = nn.conv %[[A]], %[[W]], %[[B]]
  // CHECK-NOT: nn.relu
  // CHECK: %[[YQ:.*]] = nn.quantize %[[Y]]
  // CHECK: %[[R:.*]] = nn.dequantize %[[YQ]]
  // CHECK: return %[[R]]
  %0 = nn.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64} : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %1 = nn.relu %0 {nn.range = array<f64: 0.0, 2.55>} : tensor<1x2x4x4xf32>
  return %1 : tensor<1x2x4x4xf32>
}

// -----

// A bound inside of the range stays, on what the contraction stored.
// CHECK-LABEL: func.func @clip_inside
func.func @clip_inside(%x: tensor<1x2xf32> {nn.range = array<f64: -1.0, 1.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  // CHECK: %[[Y:.*]] = nn.matmul
  // CHECK: %[[YQ:.*]] = nn.quantize %[[Y]]
  // CHECK: %[[YD:.*]] = nn.dequantize %[[YQ]]
  // CHECK: %[[C:.*]] = nn.clip %[[YD]]
  // CHECK: nn.quantize %[[C]]
  %0 = nn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = nn.clip %0 {min = 1.0 : f32, max = 5.0 : f32, nn.range = array<f64: 1.0, 2.0>} : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

// What only moves shares a grid: all scales are equal, and the elementwise chain between stays float.
// CHECK-LABEL: func.func @movement
func.func @movement(%x: tensor<2x2xf32> {nn.range = array<f64: 0.0, 1.0>}) -> tensor<2x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  // CHECK: nn.matmul
  // CHECK: nn.quantize
  // CHECK: %[[D:.*]] = nn.dequantize
  // CHECK-NEXT: %[[T:.*]] = nn.tanh %[[D]]
  // CHECK-NEXT: %[[E:.*]] = nn.exp %[[T]]
  // CHECK: %[[S1:.*]] = nn.constant dense<0.0117647061> : tensor<f32>
  // CHECK: nn.quantize %[[E]], %[[S1]]
  // CHECK: nn.transpose
  // CHECK: %[[S2:.*]] = nn.constant dense<0.0117647061> : tensor<f32>
  // CHECK: nn.quantize %{{.*}}, %[[S2]]
  %0 = nn.matmul %x, %w {nn.range = array<f64: 0.0, 2.0>} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.tanh %0 : tensor<2x2xf32>
  %2 = nn.exp %1 {nn.range = array<f64: 0.0, 3.0>} : tensor<2x2xf32>
  %3 = nn.transpose %2 {permutation = array<i64: 1, 0>, nn.range = array<f64: 0.0, 3.0>} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %4 = nn.matmul %3, %w {nn.range = array<f64: 0.0, 4.0>} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %4 : tensor<2x2xf32>
}

// -----

// No contraction, no mean: nothing to gain.
// CHECK-LABEL: func.func @floats
func.func @floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NOT: quantize
  %0 = nn.tanh %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A channel of tiny weights takes a scale with which its bias is still a number of 32 bits; one of zeros takes any.
// CHECK-LABEL: func.func @dead_channel
func.func @dead_channel(%x: tensor<1x1xf32> {nn.range = array<f64: 0.0, 255.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[1.0e-30, 0.0]]> : tensor<1x2xf32>
  %b = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  // CHECK: nn.constant dense<0> : tensor<1x2xi8>
  // CHECK: nn.constant dense<[9.31322574E-10, 1.000000e+00]> : tensor<2xf32>
  // CHECK: nn.constant dense<[1073741824, 0]> : tensor<2xi32>
  %0 = nn.matmul %x, %w, %b {nn.range = array<f64: 0.0, 1.0>} : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// A part of a concatenation that others read takes the grid of the whole where that is up to twice as coarse, 0.04 for 0.02, and keeps its own
// where it is coarser, 0.004.
// CHECK-LABEL: func.func @concatenation
func.func @concatenation(%x: tensor<1x2xf32> {nn.range = array<f64: 0.0, 1.02>}) -> tensor<1x10xf32> {
  %w = nn.constant dense<1.0> : tensor<2x2xf32>
  // CHECK-DAG: %[[S:.*]] = nn.constant dense<4.000000e-03> : tensor<f32>
  // CHECK: nn.matmul
  // CHECK: %[[WHOLE:.*]] = nn.constant dense<4.000000e-02> : tensor<f32>
  // CHECK: nn.quantize %{{.*}}, %[[WHOLE]]
  // CHECK: nn.matmul
  // CHECK: %[[SAME:.*]] = nn.constant dense<4.000000e-02> : tensor<f32>
  // CHECK: nn.quantize %{{.*}}, %[[SAME]]
  // CHECK: nn.concat
  %0 = nn.matmul %x, %w {nn.range = array<f64: 0.0, 5.1>} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = nn.matmul %0, %w {nn.range = array<f64: 0.0, 10.2>} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %2 = nn.concat %x, %0, %1 {axis = 1 : i64, nn.range = array<f64: 0.0, 10.2>} : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
  %v = nn.constant dense<1.0> : tensor<6x10xf32>
  %3 = nn.matmul %2, %v {nn.range = array<f64: 0.0, 1.0>} : (tensor<1x6xf32>, tensor<6x10xf32>) -> tensor<1x10xf32>
  return %3 : tensor<1x10xf32>
}

// -----

// Products of scales stay normal numbers: an activation that is hardly there takes greater weight scales.
// CHECK-LABEL: func.func @tiny_numbers
func.func @tiny_numbers(%x: tensor<1x1xf32> {nn.range = array<f64: 0.0, 2.0e-26>}) -> tensor<1x1xf32> {
  %w = nn.constant dense<1.0e-20> : tensor<1x1xf32>
  // CHECK: nn.constant dense<0> : tensor<1x1xi8>
  // CHECK: nn.constant dense<0.010{{.*}}> : tensor<f32>
  %0 = nn.matmul %x, %w {nn.range = array<f64: 0.0, 1.0e-20>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// Hardware takes integers, whatever reads an input; the twin is read by the same op.
// CHECK-LABEL: func.func @integers
// CHECK-SAME: (%[[X:.*]]: tensor<1x2xf32>, %[[Z:.*]]: tensor<1x2xf32>)
func.func @integers(%x: tensor<1x2xf32> {nn.integers, nn.range = array<f64: -1.0, 1.55>}, %z: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[Q:.*]] = nn.quantize %[[X]],
  // CHECK: %[[A:.*]] = nn.dequantize %[[Q]],
  // CHECK: nn.sub %[[A]], %[[Z]]
  %0 = nn.sub %x, %z : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// So it is with results of ops.
// CHECK-LABEL: func.func @result
func.func @result(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[S:.*]] = nn.sub %{{.*}}, %{{.*}} : (tensor<1x2xf32>
  // CHECK: %[[Q:.*]] = nn.quantize %[[S]],
  // CHECK: %[[A:.*]] = nn.dequantize %[[Q]],
  // CHECK: %[[N:.*]] = nn.neg %[[A]] : tensor<1x2xf32>
  // CHECK-NEXT: return %[[N]]
  %0 = nn.sub %x, %x {nn.integers, nn.range = array<f64: -1.0, 1.55>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = nn.neg %0 : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
