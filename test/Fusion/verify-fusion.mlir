// RUN: nn-opt %s --nn-verify-fusion --split-input-file --verify-diagnostics

func.func @op_in_no_group(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{internal: 'nn.relu' is in no group after the fusion stage}}
  %0 = nn.relu %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @two_products(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error @below {{internal: a group of 2 anchors and 0 reductions}}
  %0 = nn.fused(%x) : (tensor<4x4xf32>) -> tensor<4x4xf32> {
  ^bb0(%a: tensor<4x4xf32>):
    %1 = nn.matmul %a, %a : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    %2 = nn.matmul %1, %a : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    nn.yield %2 : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32>
}

// -----

func.func @constant_inside(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.fused(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    // expected-error @below {{internal: 'nn.constant' cannot be in a group}}
    %c = nn.constant dense<1.0> : tensor<4xf32>
    %1 = nn.add %a, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @views_and_groups(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %0 = nn.reshape %x : tensor<4xf32> to tensor<2x2xf32>
  %1 = nn.fused(%0) : (tensor<2x2xf32>) -> tensor<2x2xf32> {
  ^bb0(%a: tensor<2x2xf32>):
    %2 = nn.relu %a : tensor<2x2xf32>
    nn.yield %2 : tensor<2x2xf32>
  }
  return %1 : tensor<2x2xf32>
}

// -----

func.func @indices_at_run_time(%x: tensor<9xf32>, %i: tensor<2x4xi32>) -> tensor<4xf32> {
  %0 = nn.fused(%x, %i) : (tensor<9xf32>, tensor<2x4xi32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<9xf32>, %b: tensor<2x4xi32>):
    // expected-error @below {{internal: sums elements picked by indices that are no constants}}
    %1 = nn.gather %a, %b {axis = 0 : i64} : (tensor<9xf32>, tensor<2x4xi32>) -> tensor<2x4xf32>
    %2 = nn.reduce_sum %1 {axes = array<i64: 0>, keepdims = false} : (tensor<2x4xf32>) -> tensor<4xf32>
    nn.yield %2 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
