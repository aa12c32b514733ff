// RUN: %nn-opt %s --nn-assign-layouts --nn-plan-memory --nn-verify-plan | FileCheck %s

// Producers write into the parts of a concat, here the caller's buffer; a value that is returned twice, an input that
// is returned and a tensor without elements all get their own output.

// CHECK: plan.program @cat attributes {arena_align = 64 : i64, arena_bytes = 0 : i64}
// CHECK: %[[X:.*]] = plan.input 0 "input0"
// CHECK: %[[I:.*]] = plan.input 1 "input1"
// CHECK: %[[C:.*]] = plan.output 0
// CHECK: %[[J:.*]] = plan.output 1
// CHECK: %[[P:.*]] = plan.output 2
// CHECK: plan.step @k0_relu (%[[X]][0]) -> (%[[C]][0])
// CHECK: plan.step @k1_neg (%[[X]][0]) -> (%[[C]][256])
// CHECK: plan.step @k2_copy (%[[I]][0]) -> (%[[J]][0])
// CHECK: plan.step @k3_copy (%[[C]][0]) -> (%[[P]][0])
// CHECK-NOT: plan.step
func.func @cat(%x: tensor<1x4x4x4xf32>, %y: tensor<4xi64>) -> (tensor<1x8x4x4xf32>, tensor<4xi64>, tensor<1x4x4x4xf32>, tensor<0xf32>) {
  %0 = nn.fused(%x) : (tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  ^bb0(%a: tensor<1x4x4x4xf32>):
    %m = nn.relu %a : tensor<1x4x4x4xf32>
    nn.yield %m : tensor<1x4x4x4xf32>
  }
  %1 = nn.fused(%x) : (tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  ^bb0(%a: tensor<1x4x4x4xf32>):
    %m = nn.neg %a : tensor<1x4x4x4xf32>
    nn.yield %m : tensor<1x4x4x4xf32>
  }
  %2 = nn.concat %0, %1 {axis = 1 : i64} : (tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32>) -> tensor<1x8x4x4xf32>
  %e = nn.slice %x {starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 1, 1>} : tensor<1x4x4x4xf32> to tensor<0x4x4x4xf32>
  %f = nn.reshape %e : tensor<0x4x4x4xf32> to tensor<0xf32>
  return %2, %y, %0, %f : tensor<1x8x4x4xf32>, tensor<4xi64>, tensor<1x4x4x4xf32>, tensor<0xf32>
}
