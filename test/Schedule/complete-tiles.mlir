// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=schedule | FileCheck %s
// RUN: %nn-compile %s -target=x86 -cpu=x86-64-v3 -stop-after=schedule > %t.mlir
// RUN: %nn-opt %t.mlir --nn-complete-tiles | FileCheck %s
// RUN: %nn-compile %t.mlir -target=x86 -cpu=x86-64-v3 -q -o %t.out

// Every kernel states all that its code is made from: rows and columns of the tile, the loop that is outside, and what is
// fetched ahead where the weights come from memory. Where there is nothing to choose there is nothing. The pass without a
// machine leaves what is stated.

// CHECK: plan.kernel @{{.*}}conv3x3{{.*}} tile = {block = 8 : i64, columns_outside, rows0 = {{[0-9]+}} : i64, rows1 = {{[0-9]+}} : i64}}
// CHECK: plan.kernel @{{.*}}depthwise3x3{{.*}} tile = {block = 8 : i64, columns = {{[0-9]+}} : i64, rows = {{[0-9]+}} : i64}}
// CHECK: plan.kernel @{{.*}}reshape{{.*}} tile = {}}
// CHECK: plan.kernel @{{.*}}matmul{{.*}} tile = {block = {{[0-9]+}} : i64, columns_outside, prefetch, rows0 = 1 : i64, rows1 = {{[0-9]+}} : i64}}
func.func @net(%x: tensor<16x3x8x8xf32>) -> tensor<16x2048xf32> {
  %w = nn.constant dense<0.5> : tensor<8x3x3x3xf32>
  %d = nn.constant dense<0.25> : tensor<8x1x3x3xf32>
  %m = nn.constant dense<0.125> : tensor<512x2048xf32>
  %0 = nn.conv %x, %w {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
    : (tensor<16x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<16x8x8x8xf32>
  %1 = nn.conv %0, %d {dilations = array<i64: 1, 1>, group = 8 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
    : (tensor<16x8x8x8xf32>, tensor<8x1x3x3xf32>) -> tensor<16x8x8x8xf32>
  %2 = nn.reshape %1 : tensor<16x8x8x8xf32> to tensor<16x512xf32>
  %3 = nn.matmul %2, %m : (tensor<16x512xf32>, tensor<512x2048xf32>) -> tensor<16x2048xf32>
  return %3 : tensor<16x2048xf32>
}
