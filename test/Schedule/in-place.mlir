// RUN: %nn-opt %s --nn-assign-layouts --nn-order-steps --nn-plan-memory --nn-verify-plan | FileCheck %s

// A result overwrites an operand that dies, if the candidate says so; not one that is read again, and not the
// caller's input.

// CHECK: plan.program @dies
// CHECK: %[[S:.*]] = plan.slot offset 0 bytes 32 live 0 to 2
// CHECK-NOT: plan.slot
// CHECK: plan.step @{{.*}}relu (%{{.*}}[0]) -> (%[[S]][0])
// CHECK: plan.step @{{.*}}neg (%[[S]][0]) -> (%[[S]][0])
func.func @dies(%x: tensor<8xf32>) -> tensor<4xf32> {
  %0 = nn.fused(%x) : (tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %r = nn.relu %a : tensor<8xf32>
    nn.yield %r : tensor<8xf32>
  }
  %1 = nn.fused(%0) : (tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %r = nn.neg %a : tensor<8xf32>
    nn.yield %r : tensor<8xf32>
  }
  %2 = nn.slice %1 {starts = array<i64: 4>, steps = array<i64: 1>} : tensor<8xf32> to tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK: plan.program @read_again
// CHECK: %[[X:.*]] = plan.input
// CHECK: %[[Y:.*]] = plan.output
// CHECK: %[[A:.*]] = plan.slot offset 0 bytes 32 live 0 to 2
// CHECK: plan.step @{{.*}}relu (%[[X]][0]) -> (%[[A]][0])
// CHECK: plan.step @{{.*}}neg (%[[A]][0]) -> (%[[Y]][0])
// CHECK: plan.step @{{.*}}add (%[[A]][0], %[[Y]][0]) -> (%[[Y]][0])
func.func @read_again(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = nn.fused(%x) : (tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %r = nn.relu %a : tensor<8xf32>
    nn.yield %r : tensor<8xf32>
  }
  %1 = nn.fused(%0) : (tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %r = nn.neg %a : tensor<8xf32>
    nn.yield %r : tensor<8xf32>
  }
  %2 = nn.fused(%0, %1) {plan.candidates = [{algorithm = "add", alias = array<i1: false, true>}]} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>):
    %r = nn.add %a, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    nn.yield %r : tensor<8xf32>
  }
  return %2 : tensor<8xf32>
}
