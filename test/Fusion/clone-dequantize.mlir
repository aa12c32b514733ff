// RUN: nn-opt %s -nn-clone-dequantize | FileCheck %s

// Each reader of dequantized values gets a dequantization of its own, just before it.

// CHECK-LABEL: func.func @two_readers
// CHECK: %[[A:.*]] = nn.dequantize %{{.*}}
// CHECK-NEXT: %[[X:.*]] = nn.relu %[[A]]
// CHECK: %[[B:.*]] = nn.dequantize %{{.*}}
// CHECK-NEXT: nn.add %[[B]], %[[X]]
func.func @two_readers(%q: tensor<4xi8>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<4xf32> {
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.relu %0 : tensor<4xf32>
  %2 = nn.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// One reader has its own already, and what the caller gets is computed once.

// CHECK-LABEL: func.func @one_reader
// CHECK-COUNT-1: nn.dequantize
// CHECK-NOT: nn.dequantize
// CHECK: return
func.func @one_reader(%q: tensor<4xi8>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<4xf32> {
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.relu %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @output
// CHECK: %[[OUT:.*]] = nn.dequantize
// CHECK: %[[OWN:.*]] = nn.dequantize
// CHECK-NEXT: nn.relu %[[OWN]]
// CHECK: return %[[OUT]]
func.func @output(%q: tensor<4xi8>, %s: tensor<f32>, %z: tensor<i8>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = nn.dequantize %q, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %1 = nn.relu %0 : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
