// RUN: nn-run %s -via=native -compare -cpu=x86-64-v3 | FileCheck %s
// REQUIRES: x86-64-v3

// Padding takes its value's bits, whatever the sign of its type.

// CHECK: random: unsigned tensor<2x3xui8> = 200 200
// CHECK: random: signed tensor<2x3xi8> = -56 -56
// CHECK: random: words tensor<2x3xui16> = 65535 65535
// CHECK: random: wide tensor<2x3xi64> = -1 -1
// CHECK: random: truth tensor<2x3xi1> = true true
func.func @model(%a: tensor<1x2xui8> {nn.name = "a"}, %b: tensor<1x2xi8> {nn.name = "b"}, %c: tensor<1x2xui16> {nn.name = "c"}, %d: tensor<1x2xi64> {nn.name = "d"}, %e: tensor<1x2xi1> {nn.name = "e"})
    -> (tensor<2x3xui8> {nn.name = "unsigned"}, tensor<2x3xi8> {nn.name = "signed"}, tensor<2x3xui16> {nn.name = "words"}, tensor<2x3xi64> {nn.name = "wide"}, tensor<2x3xi1> {nn.name = "truth"}) {
  %0 = nn.pad %a {low = array<i64: 1, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = 200 : ui8} : (tensor<1x2xui8>) -> tensor<2x3xui8>
  %1 = nn.pad %b {low = array<i64: 1, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = -56 : i8} : (tensor<1x2xi8>) -> tensor<2x3xi8>
  %2 = nn.pad %c {low = array<i64: 1, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = 65535 : ui16} : (tensor<1x2xui16>) -> tensor<2x3xui16>
  %3 = nn.pad %d {low = array<i64: 1, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = -1 : i64} : (tensor<1x2xi64>) -> tensor<2x3xi64>
  %4 = nn.pad %e {low = array<i64: 1, 1>, high = array<i64: 0, 0>, mode = 0 : i64, value = true} : (tensor<1x2xi1>) -> tensor<2x3xi1>
  return %0, %1, %2, %3, %4 : tensor<2x3xui8>, tensor<2x3xi8>, tensor<2x3xui16>, tensor<2x3xi64>, tensor<2x3xi1>
}
