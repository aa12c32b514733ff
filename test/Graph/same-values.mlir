// RUN: nn-opt %s --nn-evaluate -o /dev/null | FileCheck %s
// RUN: nn-opt %s --nn-decompose-composites --nn-reduce-strength --nn-compose-movement --nn-absorb-pads \
// RUN:   --nn-absorb-scale --nn-absorb-bias --nn-insert-floors --nn-verify-graph --nn-evaluate -o /dev/null | FileCheck %s
// RUN: nn-opt %s --nn-decompose-composites --nn-reduce-strength --nn-compose-movement --nn-absorb-pads \
// RUN:   --nn-absorb-scale --nn-absorb-bias --nn-insert-floors --nn-fusion --nn-evaluate -o /dev/null | FileCheck %s
// RUN: nn-opt %s --nn-graph --nn-evaluate -o /dev/null | FileCheck %s

// Numbers for which every rewrite is exact: the stages change no answer.
// CHECK: @network: tensor<1x2xf32> = [32.65625, 21.234375]
func.func @network() -> tensor<1x2xf32> {
  %x = nn.constant dense<[[[1.0, 2.0, 3.0, 4.0], [-1.0, -2.0, -3.0, -4.0]]]> : tensor<1x2x4xf32>
  %w = nn.constant dense<[[[1.0, 0.0, 1.0], [0.5, 0.5, 0.5]], [[-1.0, 2.0, -1.0], [1.0, 1.0, -1.0]]]> : tensor<2x2x3xf32>
  %half = nn.constant dense<0.5> : tensor<2xf32>
  %one = nn.constant dense<1.0> : tensor<2xf32>
  %zero = nn.constant dense<0.0> : tensor<2xf32>
  %d = nn.constant dense<[[1.0, 2.0], [3.0, -1.0]]> : tensor<2x2xf32>
  %p = nn.pad %x {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 1>, mode = 0 : i64, value = 0.0 : f32}
    : (tensor<1x2x4xf32>) -> tensor<1x2x6xf32>
  %0 = nn.conv %p, %w, %half {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
    : (tensor<1x2x6xf32>, tensor<2x2x3xf32>, tensor<2xf32>) -> tensor<1x2x4xf32>
  %1 = nn.batch_norm %0, %one, %half, %zero, %one {epsilon = 3.0 : f32}
    : (tensor<1x2x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4xf32>
  %2 = nn.relu %1 : tensor<1x2x4xf32>
  %3 = nn.add %2, %x : (tensor<1x2x4xf32>, tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  %two = nn.constant dense<2.0> : tensor<f32>
  %4 = nn.pow %3, %two : (tensor<1x2x4xf32>, tensor<f32>) -> tensor<1x2x4xf32>
  %5 = nn.reduce_mean %4 {axes = array<i64: 2>, keepdims = false} : (tensor<1x2x4xf32>) -> tensor<1x2xf32>
  %6 = nn.matmul %5, %d : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %6 : tensor<1x2xf32>
}
