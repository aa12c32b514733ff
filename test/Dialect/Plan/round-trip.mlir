// RUN: nn-opt %s --verify-roundtrip | FileCheck %s

// CHECK: plan.kernel @relu attributes {algorithm = "light"
plan.kernel @relu attributes {algorithm = "light", tile = {},
    operand_layouts = [#plan.layout<strides = [8, 1]>],
    result_layouts = [#plan.layout<strides = [10, 1], low = [0, 1], high = [0, 1]>]} {
^bb0(%a: tensor<2x8xf32>):
  %0 = nn.relu %a : tensor<2x8xf32>
  nn.yield %0 : tensor<2x8xf32>
}
// CHECK: plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 128 : i64}
plan.program @net attributes {arena_bytes = 128 : i64, arena_align = 64 : i64} {
  // CHECK: plan.input 0 "x" {nn.scale = 5.000000e-01 : f32, nn.zero_point = 3 : i32} : tensor<2x8xf32>
  %x = plan.input 0 "x" {nn.scale = 0.5 : f32, nn.zero_point = 3 : i32} : tensor<2x8xf32>
  // CHECK: plan.input 1 "p" {nn.packed = tensor<5xi4>} : tensor<3xui8>
  %p = plan.input 1 "p" {nn.packed = tensor<5xi4>} : tensor<3xui8>
  %s = plan.slot offset 0 bytes 80 live 0 to 0
  // CHECK: plan.step @relu (%{{.*}}[0]) -> (%{{.*}}[4]) nodes ["relu1"]
  plan.step @relu (%x[0]) -> (%s[4]) nodes ["relu1"]
}
