// Which engines ops become; sums that something else reads, too, are no part of a matrix with steps.
// RUN: nn-opt %s -split-input-file -nn-build-flow | FileCheck %s

// CHECK-LABEL: flow.network "dense"
// CHECK: %[[X:.*]] = flow.input "x"
// CHECK-NEXT: %[[Y:.*]] = flow.matrix %[[X]] by dense<{{\[\[}}1, -2], [3, 0]]> : tensor<2x2xi8> plus dense<[5, -6]>
// CHECK-SAME: forms dense<{{.*}}> : tensor<2x6xi
// CHECK-SAME: !flow.stream<[] x 2, -128, 127> -> !flow.stream<[] x 2, -128, 127>
// CHECK-NEXT: flow.output %[[Y]]
func.func @dense(%x: tensor<1x2xi8> {nn.name = "x"}) -> tensor<1x2xi8> {
  %w = nn.constant dense<[[1, 3], [-2, 0]]> : tensor<2x2xi8>
  %b = nn.constant dense<[5, -6]> : tensor<2xi32>
  %s = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w, %b : (tensor<1x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<1x2xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[1, 2, 2]]> : tensor<1x3xi64>}
     : (tensor<1x2xi32>, tensor<f32>, tensor<i8>) -> tensor<1x2xi8>
  return %1 : tensor<1x2xi8>
}

// -----

// One scale, but each channel's sums reach other ends, and its own row of the table gives their steps.
// CHECK-LABEL: flow.network "own_ends"
// CHECK: forms dense<{{\[\[}}0, 0, 0, 0, 0, 3], [1, -1, 5, 0, 0, 3]]>
func.func @own_ends(%x: tensor<1x2xi4> {nn.name = "x"}) -> tensor<1x2xui2> {
  %w = nn.constant dense<[[1, 1], [0, 1]]> : tensor<2x2xi8>
  %b = nn.constant dense<[-52, 36]> : tensor<2xi32>
  %s = nn.constant dense<0.015625> : tensor<f32>
  %z = nn.constant dense<0> : tensor<ui2>
  %0 = nn.cast %x : tensor<1x2xi4> to tensor<1x2xi8>
  %1 = nn.matmul %0, %w, %b : (tensor<1x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<1x2xi32>
  %2 = nn.requantize %1, %s, %z {nn.affine = dense<[[0, 0, 0], [1, -1, 5]]> : tensor<2x3xi64>}
     : (tensor<1x2xi32>, tensor<f32>, tensor<ui2>) -> tensor<1x2xui2>
  return %2 : tensor<1x2xui2>
}

// -----

// CHECK-LABEL: flow.network "shared"
// CHECK: %[[SUMS:.*]] = flow.matrix %{{.*}} plus dense<0> : tensor<1xi64> {{.*}} -> !flow.stream<[] x 1, -384, 381>
// CHECK-NEXT: %[[Y:.*]] = flow.matrix %[[SUMS]] by dense<1>
// CHECK-SAME: forms
// CHECK-NEXT: flow.output %[[Y]], %[[SUMS]]
func.func @shared(%x: tensor<1x2xi8> {nn.name = "x"}) -> (tensor<1x1xi8>, tensor<1x1xi32>) {
  %w = nn.constant dense<[[1], [2]]> : tensor<2x1xi8>
  %s = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x2xi8>, tensor<2x1xi8>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[1, 2, 2]]> : tensor<1x3xi64>}
     : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %1, %0 : tensor<1x1xi8>, tensor<1x1xi32>
}

// -----

// One step alone has no slope, but what comes before and behind it has to stay.
// CHECK-LABEL: flow.network "one_step"
// CHECK: forms dense<{{\[\[}}1, 128, 7, 0, -128, 127]]>
func.func @one_step(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %s = nn.constant dense<0.00390625> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[1, 256, 8]]> : tensor<1x3xi64>}
     : (tensor<1x1xi32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// What the bounds of the results cut off may be anything: two bits are dropped.
// CHECK-LABEL: flow.network "cut_off"
// CHECK: forms dense<{{\[\[}}1, 0, 2, 0, -2, 1]]>
func.func @cut_off(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi2> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %s = nn.constant dense<0.234375> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i2>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.requantize %0, %s, %z {nn.affine = dense<[[15, 4, 6]]> : tensor<1x3xi64>}
     : (tensor<1x1xi32>, tensor<f32>, tensor<i2>) -> tensor<1x1xi2>
  return %1 : tensor<1x1xi2>
}

// -----

// Halves go to even numbers: no factor and no comparison, three bits are dropped.
// CHECK-LABEL: flow.network "halves"
// CHECK: forms dense<{{\[\[}}1, 0, 3, 1, 0, 3]]> : tensor<1x6xi8>
func.func @halves(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[5, 12, 21]]> : tensor<1x3xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1xi32>, tensor<1x3xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// Two steps at once: a factor.
// CHECK-LABEL: flow.network "doubled"
// CHECK: forms dense<{{\[\[}}2, 0, 0, 0, 0, 7]]> : tensor<1x6xi8>
func.func @doubled(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[1, 1, 2, 2, 3, 3, 4]]> : tensor<1x7xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1xi32>, tensor<1x7xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// All steps at once: a comparison.
// CHECK-LABEL: flow.network "jump"
// CHECK: thresholds dense<9> : tensor<1x4xi8>
func.func @jump(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[9, 9, 9, 9]]> : tensor<1x4xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1xi32>, tensor<1x4xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// CHECK-LABEL: flow.network "comparisons"
// CHECK: thresholds dense<{{\[\[}}5, 12, 60]]> : tensor<1x3xi8>
func.func @comparisons(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[5, 12, 60]]> : tensor<1x3xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1xi32>, tensor<1x3xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// Several results at once are a factor; the last leap is cut by the end of the results.
// CHECK-LABEL: flow.network "leaps"
// CHECK: forms dense<{{\[\[}}4, 7, 0, 0, -5, 6]]>
func.func @leaps(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[-2, -2, -2, -2, -1, -1, -1, -1, 0, 0, 0]]> : tensor<1x11xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = -5 : i64} : (tensor<1x1xi32>, tensor<1x11xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// CHECK-LABEL: flow.network "uneven_leaps"
// CHECK: thresholds dense<{{\[\[}}-2, -2, -2, 5, 5, 6]]>
func.func @uneven_leaps(%x: tensor<1x1xi8> {nn.name = "x"}) -> tensor<1x1xi8> {
  %w = nn.constant dense<[[1]]> : tensor<1x1xi8>
  %t = nn.constant dense<[[-2, -2, -2, 5, 5, 6]]> : tensor<1x6xi32>
  %0 = nn.matmul %x, %w : (tensor<1x1xi8>, tensor<1x1xi8>) -> tensor<1x1xi32>
  %1 = nn.threshold %0, %t {channel = 1 : i64, least = -5 : i64} : (tensor<1x1xi32>, tensor<1x6xi32>) -> tensor<1x1xi8>
  return %1 : tensor<1x1xi8>
}

// -----

// Pixels come row by row, padding is the window's; a mean is one sum per channel.
// CHECK-LABEL: flow.network "pixels"
// CHECK: flow.input "x" {flow.order = array<i32: 0, 4, 1, 5, 2, 6, 3, 7>} : !flow.stream<[2, 2] x 2, 0, 255>
// CHECK-NEXT: flow.window %{{.*}} kernel [3, 1] strides [1, 1] dilations [1, 1] pads [1, 0, 1, 0] fill 7
// CHECK-NEXT: flow.matrix %{{.*}} by dense<{{\[\[}}1, 0, 2, 0, 3, 0], [0, 4, 0, 5, 0, 6]]>
// CHECK-NEXT: flow.reduce sum
// CHECK-NEXT: flow.output
func.func @pixels(%x: tensor<1x2x2x2xui8> {nn.name = "x"}) -> tensor<1x2x1x1xi32> {
  %w = nn.constant dense<[[[[1], [2], [3]]], [[[4], [5], [6]]]]> : tensor<2x1x3x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, 1, 0>,
                       group = 2 : i64, pad_value = 7 : i64} : (tensor<1x2x2x2xui8>, tensor<2x1x3x1xi8>) -> tensor<1x2x2x2xi32>
  %r = nn.relu %0 : tensor<1x2x2x2xi32>
  %1 = nn.reduce_sum %r {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x2x2x2xi32>) -> tensor<1x2x1x1xi32>
  return %1 : tensor<1x2x1x1xi32>
}

// What counts the thresholds of an input has it come pixel by pixel, if what is behind wants pixels.
// CHECK-LABEL: flow.network "counted"
// CHECK: flow.input "x" {{.*}} : !flow.stream<[4] x 1, -128, 127>
func.func @counted(%x: tensor<1x1x4xi8> {nn.name = "x"}) -> tensor<1x1x3xi32> {
  %t = nn.constant dense<[[-3, 5, 9]]> : tensor<1x3xi32>
  %w = nn.constant dense<[[[1, 2]]]> : tensor<1x1x2xi8>
  %0 = nn.cast %x : tensor<1x1x4xi8> to tensor<1x1x4xi32>
  %1 = nn.threshold %0, %t {channel = 0 : i64, least = 0 : i64} : (tensor<1x1x4xi32>, tensor<1x3xi32>) -> tensor<1x1x4xi8>
  %2 = nn.conv %1, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, group = 1 : i64}
     : (tensor<1x1x4xi8>, tensor<1x1x2xi8>) -> tensor<1x1x3xi32>
  return %2 : tensor<1x1x3xi32>
}

// Few pairs are an index and a table; many are refused (refused.mlir).
// CHECK-LABEL: flow.network "pairs"
// CHECK: flow.matrix {{.*}} by dense<{{\[\[}}4, 1]]> : tensor<1x2xi8> plus dense<10>
// CHECK: flow.table {{.*}}dense<{{\[\[}}4, 2, 0, -2, 2, 1, 0, -1, 0, 0, 0, 0, -2, -1, 0, 1]]>
func.func @pairs(%x: tensor<1x1xi2> {nn.name = "x"}, %y: tensor<1x1xi2> {nn.name = "y"}) -> tensor<1x1xi8> {
  %s = nn.constant dense<1.0> : tensor<f32>
  %o = nn.constant dense<0> : tensor<i2>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.dequantize %x, %s, %o : (tensor<1x1xi2>, tensor<f32>, tensor<i2>) -> tensor<1x1xf32>
  %1 = nn.dequantize %y, %s, %o : (tensor<1x1xi2>, tensor<f32>, tensor<i2>) -> tensor<1x1xf32>
  %2 = nn.mul %0, %1 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %3 = nn.quantize %2, %s, %z {nn.table = dense<[[4, 2, 0, -2], [2, 1, 0, -1], [0, 0, 0, 0], [-2, -1, 0, 1]]> : tensor<4x4xi32>}
     : (tensor<1x1xf32>, tensor<f32>, tensor<i8>) -> tensor<1x1xi8>
  return %3 : tensor<1x1xi8>
}

// -----

// Tensors stand one after another in a frame, so several leave whole; a single one leaves as it comes.
// CHECK-LABEL: flow.network "several"
// CHECK: %[[A:.*]] = flow.matrix {{.*}} -> !flow.stream<[2, 2] x 1
// CHECK: %[[ALL:.*]] = flow.collect %[[A]]
// CHECK: %[[B:.*]] = flow.collect
// CHECK: flow.output %[[ALL]], %[[B]]
func.func @several(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> (tensor<1x1x2x2xi32>, tensor<1x1x2x2xi8>) {
  %w = nn.constant dense<3> : tensor<1x1x1x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x2x2xi32>
  return %0, %x : tensor<1x1x2x2xi32>, tensor<1x1x2x2xi8>
}

// -----

// CHECK-LABEL: flow.network "single"
// CHECK-NOT: flow.collect
func.func @single(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> tensor<1x1x2x2xi32> {
  %w = nn.constant dense<3> : tensor<1x1x1x1xi8>
  %0 = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x1x1xi8>) -> tensor<1x1x2x2xi32>
  return %0 : tensor<1x1x2x2xi32>
}

// -----

// Steps before the first convolution see its pixels; without one they see all at once.
// CHECK-LABEL: flow.network "steps_first"
// CHECK: flow.input "x" {{.*}} : !flow.stream<[2, 2] x 1
// CHECK: flow.window
func.func @steps_first(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> tensor<1x1x2x2xi32> {
  %w = nn.constant dense<1> : tensor<1x1x3x3xi8>
  %t = nn.constant dense<[[-5, 3, 60]]> : tensor<1x3xi8>
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1x2x2xi8>, tensor<1x3xi8>) -> tensor<1x1x2x2xi8>
  %1 = nn.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}
     : (tensor<1x1x2x2xi8>, tensor<1x1x3x3xi8>) -> tensor<1x1x2x2xi32>
  return %1 : tensor<1x1x2x2xi32>
}

// -----

// CHECK-LABEL: flow.network "steps_only"
// CHECK: flow.input "x" {{.*}} : !flow.stream<[] x 4
func.func @steps_only(%x: tensor<1x1x2x2xi8> {nn.name = "x"}) -> tensor<1x1x2x2xi8> {
  %t = nn.constant dense<[[-5, 3, 60]]> : tensor<1x3xi8>
  %0 = nn.threshold %x, %t {channel = 1 : i64, least = 0 : i64} : (tensor<1x1x2x2xi8>, tensor<1x3xi8>) -> tensor<1x1x2x2xi8>
  return %0 : tensor<1x1x2x2xi8>
}
