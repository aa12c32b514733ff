// RUN: nn-opt %s --nn-split-averages | FileCheck %s

// Three windows of one count each, of what they read.
// CHECK-LABEL: func.func @borders
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x5xf32>)
func.func @borders(%x: tensor<1x2x5xf32>) -> tensor<1x2x5xf32> {
  // CHECK: %[[F:.*]] = nn.slice %[[X]] {starts = array<i64: 0, 0, 0>, {{.*}} to tensor<1x2x2xf32>
  // CHECK: %[[A:.*]] = nn.average_pool %[[F]] {{.*}}pads = array<i64: 1, 0>{{.*}} -> tensor<1x2x1xf32>
  // CHECK: %[[B:.*]] = nn.average_pool %[[X]] {{.*}}pads = array<i64: 0, 0>{{.*}} -> tensor<1x2x3xf32>
  // CHECK: %[[L:.*]] = nn.slice %[[X]] {starts = array<i64: 0, 0, 3>, {{.*}} to tensor<1x2x2xf32>
  // CHECK: %[[C:.*]] = nn.average_pool %[[L]] {{.*}}pads = array<i64: 0, 1>{{.*}} -> tensor<1x2x1xf32>
  // CHECK: %[[Y:.*]] = nn.concat %[[A]], %[[B]], %[[C]] {axis = 2 : i64}
  // CHECK: return %[[Y]]
  %0 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = false} : (tensor<1x2x5xf32>) -> tensor<1x2x5xf32>
  return %0 : tensor<1x2x5xf32>
}

// Along one of two dimensions: ceil_mode reaches past the end.
// CHECK-LABEL: func.func @past_the_end
// CHECK-SAME: (%[[X:.*]]: tensor<1x1x4x5xf32>)
func.func @past_the_end(%x: tensor<1x1x4x5xf32>) -> tensor<1x1x2x3xf32> {
  // CHECK: %[[F:.*]] = nn.slice %[[X]] {{.*}} to tensor<1x1x4x4xf32>
  // CHECK: %[[A:.*]] = nn.average_pool %[[F]] {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}} -> tensor<1x1x2x2xf32>
  // CHECK: %[[L:.*]] = nn.slice %[[X]] {starts = array<i64: 0, 0, 0, 4>, {{.*}} to tensor<1x1x4x1xf32>
  // CHECK: %[[B:.*]] = nn.average_pool %[[L]] {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}} -> tensor<1x1x2x1xf32>
  // CHECK: nn.concat %[[A]], %[[B]] {axis = 3 : i64}
  %0 = nn.average_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, count_include_pad = false} : (tensor<1x1x4x5xf32>) -> tensor<1x1x2x3xf32>
  return %0 : tensor<1x1x2x3xf32>
}

// Padding that counts, and behind it what ceil_mode reaches, which does not.
// CHECK-LABEL: func.func @past_what_counts
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x6xf32>)
func.func @past_what_counts(%x: tensor<1x2x6xf32>) -> tensor<1x2x4xf32> {
  // CHECK: %[[A:.*]] = nn.average_pool %[[X]] {count_include_pad = true, {{.*}}pads = array<i64: 1, 0>{{.*}} -> tensor<1x2x3xf32>
  // CHECK: %[[L:.*]] = nn.slice %[[X]] {starts = array<i64: 0, 0, 5>, {{.*}} to tensor<1x2x1xf32>
  // CHECK: %[[B:.*]] = nn.average_pool %[[L]] {count_include_pad = true, {{.*}}pads = array<i64: 0, 1>{{.*}} -> tensor<1x2x1xf32>
  // CHECK: nn.concat %[[A]], %[[B]] {axis = 2 : i64}
  %0 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x2x6xf32>) -> tensor<1x2x4xf32>
  return %0 : tensor<1x2x4xf32>
}

// --- What stays: padding that counts, and windows inside of the input.

// CHECK-LABEL: func.func @counted
// CHECK-NEXT: nn.average_pool
// CHECK-NEXT: return
func.func @counted(%x: tensor<1x2x5xf32>) -> tensor<1x2x5xf32> {
  %0 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x2x5xf32>) -> tensor<1x2x5xf32>
  return %0 : tensor<1x2x5xf32>
}

// CHECK-LABEL: func.func @inside
// CHECK-NEXT: nn.average_pool
// CHECK-NEXT: return
func.func @inside(%x: tensor<1x2x5xf32>) -> tensor<1x2x3xf32> {
  %0 = nn.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, count_include_pad = false} : (tensor<1x2x5xf32>) -> tensor<1x2x3xf32>
  return %0 : tensor<1x2x3xf32>
}
