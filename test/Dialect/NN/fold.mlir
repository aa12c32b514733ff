// RUN: nn-opt %s --canonicalize | FileCheck %s

// The arithmetic of shapes folds while the importer builds.
// CHECK-LABEL: func.func @shape_arithmetic
func.func @shape_arithmetic() -> (tensor<3xi64>, tensor<1xi64>) {
  %shape = nn.constant dense<[2, 3, 4, 5]> : tensor<4xi64>
  %last = nn.constant dense<-1> : tensor<1xi64>
  %batch = nn.slice %shape {starts = array<i64: 0>, steps = array<i64: 1>} : tensor<4xi64> to tensor<2xi64>
  %joined = nn.concat %batch, %last {axis = 0 : i64} : (tensor<2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %picked = nn.gather %shape, %last {axis = 0 : i64} : (tensor<4xi64>, tensor<1xi64>) -> tensor<1xi64>
  // CHECK-DAG: nn.constant dense<[2, 3, -1]> : tensor<3xi64>
  // CHECK-DAG: nn.constant dense<5> : tensor<1xi64>
  return %joined, %picked : tensor<3xi64>, tensor<1xi64>
}

// x / 0 is 0, and the least integer over -1 wraps.
// CHECK-LABEL: func.func @division
func.func @division() -> tensor<3xi32> {
  %a = nn.constant dense<[-7, 5, -2147483648]> : tensor<3xi32>
  %b = nn.constant dense<[2, 0, -1]> : tensor<3xi32>
  // CHECK: nn.constant dense<[-3, 0, -2147483648]> : tensor<3xi32>
  %0 = nn.div %a, %b : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// Floats are folded by the Graph stage, through the interpreter.
// CHECK-LABEL: func.func @floats_stay
func.func @floats_stay() -> tensor<2xf32> {
  %a = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: nn.add
  %0 = nn.add %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A slice of all elements is its input; one that reverses is not.
// CHECK-LABEL: func.func @slices
func.func @slices(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %whole = nn.slice %x {starts = array<i64: 0>, steps = array<i64: 1>} : tensor<4xf32> to tensor<4xf32>
  // CHECK: %[[REVERSED:.*]] = nn.slice
  %reversed = nn.slice %x {starts = array<i64: 3>, steps = array<i64: -1>} : tensor<4xf32> to tensor<4xf32>
  // CHECK: return %{{arg0|x}}, %[[REVERSED]]
  return %whole, %reversed : tensor<4xf32>, tensor<4xf32>
}
