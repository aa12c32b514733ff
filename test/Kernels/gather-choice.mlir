// RUN: %nn-compile %s -target=x86 -stop-after=schedule | FileCheck %s

// A table of 256 rows is scanned, so that the network needs no exception from constant time; one of 257 is looked up.

// CHECK: plan.kernel @[[SCAN:.*]] attributes {algorithm = "point.gather_scan"
// CHECK: plan.kernel @[[LOOKUP:.*]] attributes {algorithm = "point.gather_lookup"
// CHECK: plan.program @rows256
// CHECK: plan.step @[[SCAN]]
// CHECK: plan.program @rows257
// CHECK: plan.step @[[LOOKUP]]
func.func @rows256(%t: tensor<256x8xf32> {nn.name = "t"}, %i: tensor<4xi64> {nn.name = "i"}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<256x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func @rows257(%t: tensor<257x8xf32> {nn.name = "t"}, %i: tensor<4xi64> {nn.name = "i"}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<257x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
