// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// Whole vectors in a loop, the rest under a constant mask, which no data makes; sixteen elements leave no rest.

// CHECK: func.func private @add19
// CHECK: scf.for {{.*}} to %c16{{.*}} step %c8
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: }
// CHECK: dense<[true, true, true, false, false, false, false, false]>
// CHECK: llvm.intr.masked.load
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: llvm.intr.masked.store
// CHECK: return
// CHECK: func.func private @add16
// CHECK: scf.for {{.*}} to %c16{{.*}} step %c8
// CHECK-NOT: masked
// CHECK: return

// One number for each row is read once and spread, in a loop over rows.

// CHECK: func.func private @broad
// CHECK: scf.for {{.*}} to %c3{{.*}} step %c1
// CHECK: llvm.load {{.*}} -> f32
// CHECK: vector.broadcast {{.*}} : f32 to vector<8xf32>
// CHECK: return
// Channels of pixels are repeated in registers, in rounds of three vectors, which begin with channels 0, 2 and 1. Twelve
// channels are a vector and more.

// CHECK: func.func private @pixels
// CHECK: scf.for {{.*}} to %c48{{.*}} step %c24
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 0, 1, 2, 0, 1]
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: vector.shuffle {{.*}} [2, 0, 1, 2, 0, 1, 2, 0]
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: vector.shuffle {{.*}} [1, 2, 0, 1, 2, 0, 1, 2]
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: return
// CHECK: func.func private @channels
// CHECK-NOT: vector.shuffle
// CHECK: return
module {
  plan.kernel @add19 attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%a: tensor<19xf32>, %b: tensor<19xf32>):
    %0 = nn.add %a, %b : (tensor<19xf32>, tensor<19xf32>) -> tensor<19xf32>
    nn.yield %0 : tensor<19xf32>
  }
  plan.kernel @add16 attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [1]>], tile = {}} {
  ^bb0(%a: tensor<16xf32>, %b: tensor<16xf32>):
    %0 = nn.add %a, %b : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    nn.yield %0 : tensor<16xf32>
  }
  plan.kernel @broad attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [8, 1]>, #plan.layout<strides = [1, 1]>],
      result_layouts = [#plan.layout<strides = [8, 1]>], tile = {}} {
  ^bb0(%a: tensor<3x8xf32>, %b: tensor<3x1xf32>):
    %0 = nn.add %a, %b : (tensor<3x8xf32>, tensor<3x1xf32>) -> tensor<3x8xf32>
    nn.yield %0 : tensor<3x8xf32>
  }
  plan.kernel @pixels attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [6, 3, 1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [6, 3, 1]>], tile = {}} {
  ^bb0(%a: tensor<9x2x3xf32>, %b: tensor<3xf32>):
    %0 = nn.add %a, %b : (tensor<9x2x3xf32>, tensor<3xf32>) -> tensor<9x2x3xf32>
    nn.yield %0 : tensor<9x2x3xf32>
  }
  plan.kernel @channels attributes {algorithm = "point.elementwise",
      operand_layouts = [#plan.layout<strides = [12, 1]>, #plan.layout<strides = [1]>],
      result_layouts = [#plan.layout<strides = [12, 1]>], tile = {}} {
  ^bb0(%a: tensor<9x12xf32>, %b: tensor<12xf32>):
    %0 = nn.add %a, %b : (tensor<9x12xf32>, tensor<12xf32>) -> tensor<9x12xf32>
    nn.yield %0 : tensor<9x12xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 0 : i64} {
    %add19_a = plan.input 0 "add19_a" : tensor<19xf32>
    %add19_b = plan.input 1 "add19_b" : tensor<19xf32>
    %add16_a = plan.input 2 "add16_a" : tensor<16xf32>
    %add16_b = plan.input 3 "add16_b" : tensor<16xf32>
    %broad_a = plan.input 4 "broad_a" : tensor<3x8xf32>
    %broad_b = plan.input 5 "broad_b" : tensor<3x1xf32>
    %add19_out0 = plan.output 0 "add19_out0" : tensor<19xf32>
    %add16_out0 = plan.output 1 "add16_out0" : tensor<16xf32>
    %broad_out0 = plan.output 2 "broad_out0" : tensor<3x8xf32>
    %pixels_a = plan.input 6 "pixels_a" : tensor<9x2x3xf32>
    %pixels_b = plan.input 7 "pixels_b" : tensor<3xf32>
    %pixels_out0 = plan.output 3 "pixels_out0" : tensor<9x2x3xf32>
    %channels_a = plan.input 8 "channels_a" : tensor<9x12xf32>
    %channels_b = plan.input 9 "channels_b" : tensor<12xf32>
    %channels_out0 = plan.output 4 "channels_out0" : tensor<9x12xf32>
    plan.step @pixels (%pixels_a[0], %pixels_b[0]) -> (%pixels_out0[0]) nodes []
    plan.step @channels (%channels_a[0], %channels_b[0]) -> (%channels_out0[0]) nodes []
    plan.step @add19 (%add19_a[0], %add19_b[0]) -> (%add19_out0[0]) nodes []
    plan.step @add16 (%add16_a[0], %add16_b[0]) -> (%add16_out0[0]) nodes []
    plan.step @broad (%broad_a[0], %broad_b[0]) -> (%broad_out0[0]) nodes []
  }
}
