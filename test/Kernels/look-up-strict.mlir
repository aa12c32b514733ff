// RUN: nn-compile %s -target=x86 -constant-time=strict -stop-after=schedule | FileCheck %s --check-prefix=STRICT
// RUN: nn-compile %s -target=x86 -stop-after=schedule | FileCheck %s --check-prefix=DEFAULT

// 1000 rows are too many to read them all, but for a promise: 32 KB may be read whole then.
// STRICT: algorithm = "point.gather_scan"
// DEFAULT: algorithm = "point.gather_lookup"
func.func @network(%t: tensor<1000x8xf32> {nn.name = "t"}, %i: tensor<4xi64> {nn.name = "i"}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %0 = nn.gather %t, %i {axis = 0 : i64} : (tensor<1000x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
