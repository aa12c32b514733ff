// RUN: %nn-opt %s --nn-assign-layouts | FileCheck %s --check-prefix=LAYOUT
// RUN: %nn-opt %s --nn-assign-layouts --nn-plan-memory --nn-verify-plan | FileCheck %s

// A row-major image is copied into the haloed channels-last buffer that the convolution asks for; the pool and what
// follows read what stands there. Flatten of a channels-last tensor is a step, the output is written in place.

// LAYOUT: nn.fused(%arg0) {{.*}}plan.results = [#plan.layout<strides = [300, 1, 30, 3], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>]
// LAYOUT: plan.algorithm = "conv"{{.*}}plan.results = [#plan.layout<strides = [1024, 1, 128, 16]>]
// LAYOUT: plan.algorithm = "pool"{{.*}}plan.results = [#plan.layout<strides = [256, 1, 64, 16]>]

// CHECK: plan.kernel @k0_copy
// CHECK: plan.kernel @k1_conv3x3
// CHECK: plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 5312 : i64}
// CHECK: %[[X:.*]] = plan.input 0 "image"
// CHECK: %[[Y:.*]] = plan.output 0 "scores"
// CHECK: %[[P:.*]] = plan.slot offset 4096 bytes 1200 live 0 to 1
// CHECK: plan.constant dense<1.000000e+00> : tensor<16x3x3x3xf32> as #plan.layout<strides = [1, 16, 144, 48]>
// CHECK: plan.step @k0_copy (%[[X]][0]) -> (%[[P]][132])
// CHECK: plan.step @k1_conv3x3 (%[[P]][132],
// CHECK: plan.step @k3_reshape
// CHECK: plan.step @k5_relu (%[[Y]][0]) -> (%[[Y]][0])
func.func @net(%x: tensor<1x3x8x8xf32> {nn.name = "image"}) -> (tensor<1x10xf32> {nn.name = "scores"}) {
  %w = nn.constant dense<1.0> : tensor<16x3x3x3xf32>
  %fc = nn.constant dense<0.5> : tensor<256x10xf32>
  %0 = nn.fused(%x, %w) {plan.candidates = [{algorithm = "conv", operands = [{unit = 1, low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>}, {packed = #plan.layout<strides = [1, 16, 144, 48]>}], results = [{unit = 1}]}]}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32> {
  ^bb0(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>):
    %c = nn.conv %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
    : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
    nn.yield %c : tensor<1x16x8x8xf32>
  }
  %1 = nn.fused(%0) {plan.candidates = [{algorithm = "pool", operands = [{unit = 1}], results = [{unit = 1}]}]}
      : (tensor<1x16x8x8xf32>) -> tensor<1x16x4x4xf32> {
  ^bb0(%a: tensor<1x16x8x8xf32>):
    %p = nn.max_pool %a {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
      : (tensor<1x16x8x8xf32>) -> tensor<1x16x4x4xf32>
    nn.yield %p : tensor<1x16x4x4xf32>
  }
  %2 = nn.reshape %1 : tensor<1x16x4x4xf32> to tensor<1x256xf32>
  %3 = nn.fused(%2, %fc) {plan.candidates = [{algorithm = "dense", operands = [{unit = 1}, {}], results = [{unit = 1}]}]}
      : (tensor<1x256xf32>, tensor<256x10xf32>) -> tensor<1x10xf32> {
  ^bb0(%a: tensor<1x256xf32>, %b: tensor<256x10xf32>):
    %m = nn.matmul %a, %b : (tensor<1x256xf32>, tensor<256x10xf32>) -> tensor<1x10xf32>
    nn.yield %m : tensor<1x10xf32>
  }
  %4 = nn.fused(%3) : (tensor<1x10xf32>) -> tensor<1x10xf32> {
  ^bb0(%a: tensor<1x10xf32>):
    %m = nn.relu %a : tensor<1x10xf32>
    nn.yield %m : tensor<1x10xf32>
  }
  return %4 : tensor<1x10xf32>
}
