// RUN: rm -rf %t && split-file %s %t
// RUN: %nn-compile %t/scan.mlir -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=SCAN
// RUN: %nn-compile %t/lookup.mlir -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=LOOKUP

// A table of 256 rows is scanned, so that the network needs no exception from constant time; one of 257 is looked up.

// SCAN: plan.kernel @[[KERNEL:.*]] attributes {algorithm = "point.gather_scan"
// SCAN: plan.step @[[KERNEL]]
// LOOKUP: plan.kernel @[[KERNEL:.*]] attributes {algorithm = "point.gather_lookup"
// LOOKUP: plan.step @[[KERNEL]]

//--- scan.mlir
func.func @net(%t: tensor<256x8xf32> {nn.name = "t"}, %i: tensor<4xi64> {nn.name = "i"}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<256x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

//--- lookup.mlir
func.func @net(%t: tensor<257x8xf32> {nn.name = "t"}, %i: tensor<4xi64> {nn.name = "i"}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<257x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
