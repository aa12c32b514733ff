// RUN: nn-opt %s --nn-describe-ports | FileCheck %s

// CHECK-LABEL: func.func @floats_at_both_ends
// CHECK-SAME: (%{{.*}}: tensor<4xf32> {nn.name = "x", nn.scale = 5.000000e-01 : f32, nn.zero_point = -3 : i32})
// CHECK-SAME: -> (tensor<4xf32> {nn.name = "y", nn.scale = 2.500000e-01 : f32, nn.zero_point = 0 : i32})
func.func @floats_at_both_ends(%x: tensor<4xf32> {nn.name = "x"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<-3> : tensor<i8>
  %t = nn.constant dense<0.25> : tensor<1xf32>
  %o = nn.constant dense<0> : tensor<1xi8>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %1 = nn.neg %0 : tensor<4xi8>
  %2 = nn.dequantize %1, %t, %o : (tensor<4xi8>, tensor<1xf32>, tensor<1xi8>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @integers_at_both_ends
// CHECK-SAME: (%{{.*}}: tensor<4xui8> {nn.scale = 5.000000e-01 : f32, nn.zero_point = 128 : i32})
// CHECK-SAME: -> (tensor<4xi16> {nn.scale = 2.500000e-01 : f32, nn.zero_point = 7 : i32})
func.func @integers_at_both_ends(%x: tensor<4xui8>) -> tensor<4xi16> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<128> : tensor<ui8>
  %t = nn.constant dense<0.25> : tensor<f32>
  %o = nn.constant dense<7> : tensor<i16>
  %0 = nn.dequantize %x, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = nn.sigmoid %0 : tensor<4xf32>
  %2 = nn.quantize %1, %t, %o : (tensor<4xf32>, tensor<f32>, tensor<i16>) -> tensor<4xi16>
  return %2 : tensor<4xi16>
}

// What is moved in between, packed elements too, and several readers on one grid.
// CHECK-LABEL: func.func @rearranged
// CHECK-SAME: (%{{.*}}: tensor<3xui8> {nn.packed = tensor<2x3xi4>, nn.scale = 5.000000e-01 : f32, nn.zero_point = 1 : i32},
// CHECK-SAME: %{{.*}}: tensor<2x3xf32> {nn.scale = 5.000000e-01 : f32, nn.zero_point = 1 : i32})
// CHECK-SAME: -> (tensor<2x3xf32>, tensor<3xui8> {nn.packed = tensor<3x2xi4>, nn.scale = 5.000000e-01 : f32, nn.zero_point = 1 : i32})
func.func @rearranged(%p: tensor<3xui8> {nn.packed = tensor<2x3xi4>}, %x: tensor<2x3xf32>)
    -> (tensor<2x3xf32>, tensor<3xui8> {nn.packed = tensor<3x2xi4>}) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<1> : tensor<i4>
  %0 = nn.unpack %p : tensor<3xui8> to tensor<6xi4>
  %1 = nn.reshape %0 : tensor<6xi4> to tensor<2x3xi4>
  %2 = nn.dequantize %1, %s, %z : (tensor<2x3xi4>, tensor<f32>, tensor<i4>) -> tensor<2x3xf32>
  %3 = nn.relu %2 : tensor<2x3xf32>
  %4 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %5 = nn.quantize %4, %s, %z : (tensor<3x2xf32>, tensor<f32>, tensor<i4>) -> tensor<3x2xi4>
  %6 = nn.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<i4>) -> tensor<2x3xi4>
  %7 = nn.reshape %5 : tensor<3x2xi4> to tensor<6xi4>
  %8 = nn.pack %7 : tensor<6xi4> to tensor<3xui8>
  %9 = nn.dequantize %6, %s, %z : (tensor<2x3xi4>, tensor<f32>, tensor<i4>) -> tensor<2x3xf32>
  %10 = nn.add %3, %9 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %10, %8 : tensor<2x3xf32>, tensor<3xui8>
}

// CHECK-LABEL: func.func @read_on_two_grids
// CHECK-NOT: nn.scale
func.func @read_on_two_grids(%x: tensor<4xf32>) -> tensor<4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %1 = nn.quantize %x, %t, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %2 = nn.add %0, %1 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  // CHECK: return
  return %2 : tensor<4xi8>
}

// CHECK-LABEL: func.func @read_as_floats_too
// CHECK-NOT: nn.scale
func.func @read_as_floats_too(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xi16>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %1 = nn.neg %x : tensor<4xf32>
  %2 = nn.cast %0 : tensor<4xi8> to tensor<4xi16>
  // CHECK: return
  return %1, %2 : tensor<4xf32>, tensor<4xi16>
}

// CHECK-LABEL: func.func @scale_per_slice
// CHECK-NOT: nn.scale
func.func @scale_per_slice(%x: tensor<2xf32>) -> tensor<2xi8> {
  %s = nn.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<2xf32>, tensor<2xf32>, tensor<i8>) -> tensor<2xi8>
  // CHECK: return
  return %0 : tensor<2xi8>
}

// CHECK-LABEL: func.func @scale_at_run_time
// CHECK-NOT: nn.scale
func.func @scale_at_run_time(%x: tensor<2xf32>, %s: tensor<f32>) -> tensor<2xi8> {
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  // CHECK: return
  return %0 : tensor<2xi8>
}

// What was said before stays: the integers of this input were resolved.
// CHECK-LABEL: func.func @described_before
// CHECK-SAME: nn.scale = 5.000000e-01 : f32, nn.zero_point = 9 : i32
func.func @described_before(%x: tensor<2xi8> {nn.scale = 0.5 : f32, nn.zero_point = 9 : i32}) -> tensor<2xi8> {
  %0 = nn.neg %x : tensor<2xi8>
  return %0 : tensor<2xi8>
}

// The header's function rounds halves to even; a network that rounds otherwise takes its floats itself.
// CHECK-LABEL: func.func @rounded_down
// CHECK-NOT: nn.scale
func.func @rounded_down(%x: tensor<2xf32>) -> tensor<2xi4> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z {rounding = 6 : i64} : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xi8>
  %1 = nn.cast %0 : tensor<2xi8> to tensor<2xi4>
  // CHECK: return
  return %1 : tensor<2xi4>
}
