// RUN: nn-opt %s --nn-insert-floors --nn-verify-graph --split-input-file --verify-diagnostics | FileCheck %s

// Every reader sees the floored value: the residual sum too.
// CHECK-LABEL: func.func @at_the_producer
// CHECK-SAME: (%[[X:.*]]: tensor<4x4xf32>, %[[W:.*]]: tensor<4x4xf32>)
func.func @at_the_producer(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // CHECK-DAG: %[[XF:.*]] = nn.floor0 %[[X]] {exponent = -40 : i64}
  // CHECK-DAG: %[[WF:.*]] = nn.floor0 %[[W]] {exponent = -40 : i64}
  // CHECK: %[[P:.*]] = nn.matmul %[[XF]], %[[WF]]
  %0 = nn.matmul %x, %w : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: %[[R:.*]] = nn.relu %[[P]]
  // CHECK-NEXT: %[[RF:.*]] = nn.floor0 %[[R]] {exponent = -40 : i64}
  %1 = nn.relu %0 : tensor<4x4xf32>
  // CHECK-NEXT: %[[T:.*]] = nn.transpose %[[RF]]
  %2 = nn.transpose %1 {permutation = array<i64: 1, 0>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: %[[Q:.*]] = nn.matmul %[[T]], %[[WF]]
  %3 = nn.matmul %2, %w : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: nn.add %[[Q]], %[[RF]]
  %4 = nn.add %3, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %4 : tensor<4x4xf32>
}

// -----

// CHECK-LABEL: func.func @in_constants
func.func @in_constants(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: nn.constant dense<{{\[}}[1.000000e+00, 0.000000e+00], [0.000000e+00, 2.000000e+00]]>
  // CHECK-DAG: nn.constant dense<0.000000e+00> : tensor<2xf32>
  // expected-remark @below {{1 of 4 weights are smaller than 2^-40 in magnitude and become 0}}
  %w = nn.constant dense<[[1.0, 1.0e-20], [0.0, 2.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<-0.0> : tensor<2xf32>
  %0 = nn.matmul %x, %w, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @arithmetic_on_inputs
func.func @arithmetic_on_inputs(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK: %[[F:.*]] = nn.floor0 %[[X:.*]] {exponent = -125 : i64}
  // CHECK-NOT: nn.floor0
  %0 = nn.reshape %x : tensor<4xf32> to tensor<2x2xf32>
  %1 = nn.exp %0 : tensor<2x2xf32>
  // Movement alone keeps all bits.
  %2 = nn.reshape %y : tensor<4xf32> to tensor<2x2xf32>
  return %1, %2 : tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

// A floor that stands there already is raised; none is put on another.
// CHECK-LABEL: func.func @no_double_floor
func.func @no_double_floor(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK-DAG: %[[LOW:.*]] = nn.floor0 %[[X:.*]] {exponent = -125 : i64}
  // CHECK-DAG: %[[HIGH:.*]] = nn.floor0 %[[X]] {exponent = -40 : i64}
  // CHECK: nn.matmul %[[HIGH]], %[[HIGH]]
  // CHECK: nn.exp %[[LOW]]
  %f = nn.floor0 %x {exponent = -125 : i64} : tensor<2x2xf32>
  %0 = nn.matmul %f, %f : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = nn.exp %x : tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

// Numbers from integers and the bounds of a clip need no floor; its subnormal bound does.
// CHECK-LABEL: func.func @numbers_of_ops
func.func @numbers_of_ops(%x: tensor<2x2xi32>, %y: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %0 = nn.cast %x : tensor<2x2xi32> to tensor<2x2xf32>
  // CHECK: %[[C:.*]] = nn.cast
  // CHECK-NEXT: nn.matmul %[[C]], %[[C]]
  %1 = nn.matmul %0, %0 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: nn.clip %{{.*}} {max = 6.000000e+00 : f32, min = 0.000000e+00 : f32}
  %2 = nn.clip %y {min = 1.0e-40 : f32, max = 6.0 : f32} : tensor<2x2xf32>
  return %1, %2 : tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

func.func @weights_must_be_finite(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[1.0, 2.0], [0x7F800000, 2.0]]> : tensor<2x2xf32>
  // expected-error @below {{weights must be finite, element 2 is infinite}}
  %0 = nn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
