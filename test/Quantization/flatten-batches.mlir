// RUN: nn-opt %s --nn-flatten-batches | FileCheck %s

// CHECK-LABEL: func.func @shared
func.func @shared(%x: tensor<2x3x4xf32>, %w: tensor<4x5xf32>, %b: tensor<5xf32>) -> tensor<2x3x5xf32> {
  // CHECK: %[[M:.*]] = nn.reshape %{{.*}} : tensor<2x3x4xf32> to tensor<6x4xf32>
  // CHECK: %[[P:.*]] = nn.matmul %[[M]], %{{.*}}, %{{.*}} -> tensor<6x5xf32>
  // CHECK: nn.reshape %[[P]] : tensor<6x5xf32> to tensor<2x3x5xf32>
  %0 = nn.matmul %x, %w, %b : (tensor<2x3x4xf32>, tensor<4x5xf32>, tensor<5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// CHECK-LABEL: func.func @each_its_own
func.func @each_its_own(%x: tensor<2x3x4xf32>, %w: tensor<2x4x5xf32>) -> tensor<2x3x5xf32> {
  // CHECK-NOT: nn.reshape
  %0 = nn.matmul %x, %w : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}
