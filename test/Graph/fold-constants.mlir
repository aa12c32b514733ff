// RUN: nn-opt %s --nn-fold-constants | FileCheck %s

// CHECK-LABEL: func.func @floats
func.func @floats() -> tensor<2xf32> {
  // CHECK-NEXT: %[[C:.*]] = nn.constant dense<[4.000000e+00, 1.000000e+00]>
  // CHECK-NEXT: return %[[C]]
  %a = nn.constant dense<[-2.0, 1.0]> : tensor<2xf32>
  %0 = nn.mul %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A matrix in another order is a new resource; the old one is gone.
// CHECK-LABEL: func.func @weights
func.func @weights() -> tensor<4x20xf32> {
  // CHECK-NEXT: nn.constant dense_resource<weight_{{.*}}> : tensor<4x20xf32>
  // CHECK-NEXT: return
  %a = nn.constant dense_resource<old> : tensor<20x4xf32>
  %0 = nn.transpose %a {permutation = array<i64: 1, 0>} : (tensor<20x4xf32>) -> tensor<4x20xf32>
  return %0 : tensor<4x20xf32>
}

// A large repetition stays an op.
// CHECK-LABEL: func.func @large_stays
func.func @large_stays() -> tensor<1000x1000xf32> {
  // CHECK: nn.broadcast
  %a = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.broadcast %a : tensor<f32> to tensor<1000x1000xf32>
  return %0 : tensor<1000x1000xf32>
}

// A part that is read twice counts once: doubling doubles no further than what is small.
// CHECK-LABEL: func.func @doubling_ends
func.func @doubling_ends() -> tensor<65536xf32> {
  // CHECK-NEXT: %[[C:.*]] = nn.constant dense_resource<{{.*}}> : tensor<16384xf32>
  // CHECK-NEXT: %[[D:.*]] = nn.concat %[[C]], %[[C]]
  // CHECK-NEXT: nn.concat %[[D]], %[[D]]
  %a = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = nn.concat %a, %a, %a, %a, %a, %a, %a, %a {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<16xf32>
  %c = nn.concat %b, %b, %b, %b, %b, %b, %b, %b {axis = 0 : i64} : (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<128xf32>
  %d = nn.concat %c, %c, %c, %c, %c, %c, %c, %c {axis = 0 : i64} : (tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>) -> tensor<1024xf32>
  %e = nn.concat %d, %d, %d, %d, %d, %d, %d, %d {axis = 0 : i64} : (tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<1024xf32>) -> tensor<8192xf32>
  %f = nn.concat %e, %e {axis = 0 : i64} : (tensor<8192xf32>, tensor<8192xf32>) -> tensor<16384xf32>
  %g = nn.concat %f, %f {axis = 0 : i64} : (tensor<16384xf32>, tensor<16384xf32>) -> tensor<32768xf32>
  %h = nn.concat %g, %g {axis = 0 : i64} : (tensor<32768xf32>, tensor<32768xf32>) -> tensor<65536xf32>
  return %h : tensor<65536xf32>
}

// CHECK-NOT: old:
{-#
  dialect_resources: {
    builtin: {
      old: "0x400000000000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C00000803F000000400000404000008040000080BF000000C0000040C0000080C0"
    }
  }
#-}
