// RUN: nn-opt %s --nn-verify-graph --split-input-file --verify-diagnostics

func.func @composite(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @below {{internal: 'nn.softmax' survived the graph stage}}
  %0 = nn.softmax %x {axes = array<i64: 1>} : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @product_without_floor(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %f = nn.floor0 %x {exponent = -125 : i64} : tensor<2x2xf32>
  // expected-error @below {{internal: operand 0 of 'nn.matmul' has not passed floor0 with exponent -40}}
  %0 = nn.matmul %f, %f : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

func.func @sum_without_floor(%x: tensor<2x2xf32>, %y: tensor<2x2xi32>) -> (tensor<2x2xf32>, tensor<2x2xi32>) {
  %i = nn.add %y, %y : (tensor<2x2xi32>, tensor<2x2xi32>) -> tensor<2x2xi32>
  // expected-error @below {{internal: operand 0 of 'nn.add' has not passed floor0 with exponent -125}}
  %0 = nn.add %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %i : tensor<2x2xf32>, tensor<2x2xi32>
}

// -----

// Movement of anything is in order, and so is arithmetic on arithmetic.
func.func @nothing_missing(%x: tensor<4xf32>) -> (tensor<2x2xf32>, tensor<4xf32>) {
  %0 = nn.reshape %x : tensor<4xf32> to tensor<2x2xf32>
  %f = nn.floor0 %x {exponent = -125 : i64} : tensor<4xf32>
  %1 = nn.exp %f : tensor<4xf32>
  %2 = nn.add %1, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %2 : tensor<2x2xf32>, tensor<4xf32>
}
