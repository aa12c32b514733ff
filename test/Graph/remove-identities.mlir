// RUN: nn-opt %s --nn-remove-identities | FileCheck %s

// CHECK-LABEL: func.func @plus_zero_times_one
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @plus_zero_times_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %[[X]]
  %zero = nn.constant dense<0.0> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<4xf32>
  %0 = nn.add %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = nn.mul %0, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Adding zeros of a larger shape repeats the operand.
// CHECK-LABEL: func.func @broadcasting_zero_stays
func.func @broadcasting_zero_stays(%x: tensor<1xf32>) -> tensor<4xf32> {
  // CHECK: nn.add
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %0 = nn.add %x, %zero : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// 0 - x is a negation.
// CHECK-LABEL: func.func @zero_minus_stays
func.func @zero_minus_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.sub
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %0 = nn.sub %zero, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @empty_pad
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @empty_pad(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = nn.pad %x {low = array<i64: 0>, high = array<i64: 0>, mode = 0 : i64, value = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @part_without_elements
// CHECK-SAME: %{{[^:]*}}: tensor<0xf32>, %[[X:[^:]*]]: tensor<4xf32>, %[[Y:[^:]*]]: tensor<2xf32>
func.func @part_without_elements(%e: tensor<0xf32>, %x: tensor<4xf32>, %y: tensor<2xf32>) -> (tensor<6xf32>, tensor<0xf32>) {
  // CHECK: %[[E:.*]] = nn.constant dense<> : tensor<0xf32>
  // CHECK: %[[C:.*]] = nn.concat %[[X]], %[[Y]]
  // CHECK: return %[[C]], %[[E]]
  %r = nn.relu %e : tensor<0xf32>
  %0 = nn.concat %x, %r, %y {axis = 0 : i64} : (tensor<4xf32>, tensor<0xf32>, tensor<2xf32>) -> tensor<6xf32>
  return %0, %r : tensor<6xf32>, tensor<0xf32>
}

// Without thresholds there is one number everywhere; with one there are two.
// CHECK-LABEL: func.func @no_threshold
func.func @no_threshold(%x: tensor<4xf32>) -> (tensor<4xi8>, tensor<4xi8>) {
  // CHECK-DAG: %[[ALL:.*]] = nn.constant dense<3> : tensor<4xi8>
  // CHECK-DAG: %[[SOME:.*]] = nn.threshold
  // CHECK: return %[[ALL]], %[[SOME]]
  %none = nn.constant dense<> : tensor<1x0xf32>
  %one = nn.constant dense<1.0> : tensor<1x1xf32>
  %0 = nn.threshold %x, %none {channel = 0 : i64, least = 3 : i64} : (tensor<4xf32>, tensor<1x0xf32>) -> tensor<4xi8>
  %1 = nn.threshold %x, %one {channel = 0 : i64, least = 3 : i64} : (tensor<4xf32>, tensor<1x1xf32>) -> tensor<4xi8>
  return %0, %1 : tensor<4xi8>, tensor<4xi8>
}
