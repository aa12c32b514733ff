// RUN: nn-opt %s --nn-collapse-batch | FileCheck %s

// CHECK-LABEL: func.func @rows_share_a_matrix
func.func @rows_share_a_matrix(%x: tensor<5x1x8xf32>, %w: tensor<8x4xf32>) -> tensor<5x1x4xf32> {
  // CHECK: nn.reshape %{{.*}} : tensor<5x1x8xf32> to tensor<5x8xf32>
  // CHECK: nn.matmul {{.*}} -> tensor<5x4xf32>
  // CHECK: nn.reshape %{{.*}} : tensor<5x4xf32> to tensor<5x1x4xf32>
  %0 = nn.matmul %x, %w : (tensor<5x1x8xf32>, tensor<8x4xf32>) -> tensor<5x1x4xf32>
  return %0 : tensor<5x1x4xf32>
}

// CHECK-LABEL: func.func @one_row
func.func @one_row(%x: tensor<1x1x8xf32>, %w: tensor<8x4xf32>) -> tensor<1x1x4xf32> {
  // CHECK-NEXT: nn.matmul
  %0 = nn.matmul %x, %w : (tensor<1x1x8xf32>, tensor<8x4xf32>) -> tensor<1x1x4xf32>
  return %0 : tensor<1x1x4xf32>
}

// CHECK-LABEL: func.func @each_row_its_matrix
func.func @each_row_its_matrix(%x: tensor<5x1x8xf32>, %w: tensor<5x8x4xf32>) -> tensor<5x1x4xf32> {
  // CHECK-NEXT: nn.matmul
  %0 = nn.matmul %x, %w : (tensor<5x1x8xf32>, tensor<5x8x4xf32>) -> tensor<5x1x4xf32>
  return %0 : tensor<5x1x4xf32>
}
