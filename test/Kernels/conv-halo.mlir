// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=kernels | FileCheck %s \
// RUN:   --implicit-check-not="call @" --implicit-check-not=alloca --implicit-check-not=scf.if --implicit-check-not=cf.cond_br

// A padded convolution reads the halo of its operand instead of asking where the border is: no comparison, no mask, and
// the window's last two dimensions, which lie in one run, are one loop of nine.

// CHECK: func.func private @conv(
// CHECK-NOT: llvm.store
// CHECK: to %c9{{.*}} iter_args(
// CHECK-NOT: arith.cmp
// CHECK-NOT: masked
// CHECK: llvm.store {{.*}}!llvm.ptr
// CHECK-NOT: masked
// CHECK: return

// The program asks for a halo around the result of the other: zeros are written first, on all four sides, before the
// first accumulator starts.

// CHECK: func.func private @conv_into_halo(
// CHECK-COUNT-4: llvm.store %{{.*}} : vector<8xf32>, !llvm.ptr
// CHECK: to %c9{{.*}} iter_args(
// CHECK: return
module {
  plan.kernel @conv attributes {algorithm = "contraction.packed",
      operand_layouts = [#plan.layout<strides = [300, 1, 30, 3], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>, #plan.layout<strides = [432, 16, 144, 48], blocks = [16, 1, 1, 1], block_strides = [1, 0, 0, 0]>],
      result_layouts = [#plan.layout<strides = [1024, 1, 128, 16]>], tile = {block = 16 : i64, columns_outside, rows0 = 1 : i64, rows1 = 6 : i64}} {
  ^bb0(%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x3x3xf32>):
    %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
    nn.yield %0 : tensor<1x16x8x8xf32>
  }
  plan.kernel @conv_into_halo attributes {algorithm = "contraction.packed",
      operand_layouts = [#plan.layout<strides = [300, 1, 30, 3], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>, #plan.layout<strides = [432, 16, 144, 48], blocks = [16, 1, 1, 1], block_strides = [1, 0, 0, 0]>],
      result_layouts = [#plan.layout<strides = [1600, 1, 160, 16], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>], tile = {block = 16 : i64, columns_outside, rows0 = 1 : i64, rows1 = 6 : i64}} {
  ^bb0(%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x3x3xf32>):
    %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
    nn.yield %0 : tensor<1x16x8x8xf32>
  }
  plan.kernel @fill attributes {algorithm = "point.elementwise", operand_layouts = [#plan.layout<strides = [192, 64, 8, 1]>],
      result_layouts = [#plan.layout<strides = [300, 1, 30, 3], low = [0, 0, 1, 1], high = [0, 0, 1, 1]>], tile = {}} {
  ^bb0(%x: tensor<1x3x8x8xf32>):
    %0 = nn.floor0 %x {exponent = -40 : i64} : tensor<1x3x8x8xf32>
    nn.yield %0 : tensor<1x3x8x8xf32>
  }
  plan.program @net attributes {arena_align = 64 : i64, arena_bytes = 32768 : i64} {
    %in0 = plan.input 0 "x0" : tensor<1x3x8x8xf32>
    %conv_x = plan.slot offset 0 bytes 4096 live 0 to 3
    %conv_out0 = plan.slot offset 4096 bytes 12288 live 0 to 3
    %conv_into_halo_x = plan.slot offset 16384 bytes 4096 live 0 to 3
    %conv_into_halo_out0 = plan.slot offset 20480 bytes 12288 live 0 to 3
    %conv_w = plan.constant dense<0.5> : tensor<16x3x3x3xf32> as #plan.layout<strides = [432, 16, 144, 48], blocks = [16, 1, 1, 1], block_strides = [1, 0, 0, 0]>
    %conv_into_halo_w = plan.constant dense<0.5> : tensor<16x3x3x3xf32> as #plan.layout<strides = [432, 16, 144, 48], blocks = [16, 1, 1, 1], block_strides = [1, 0, 0, 0]>
    plan.step @fill (%in0[0]) -> (%conv_x[512]) nodes []
    plan.step @fill (%in0[0]) -> (%conv_into_halo_x[512]) nodes []
    plan.step @conv (%conv_x[512], %conv_w[0]) -> (%conv_out0[0]) nodes []
    plan.step @conv_into_halo (%conv_into_halo_x[512], %conv_into_halo_w[0]) -> (%conv_into_halo_out0[704]) nodes []
  }
}
