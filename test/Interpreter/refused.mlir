// RUN: not nn-opt %s -split-input-file -nn-evaluate -o /dev/null 2>&1 | FileCheck %s

// CHECK: error: 'nn.exp' has no meaning in NumericSpec on elements of type f64
func.func @exp_f64() -> tensor<1xf64> {
  %a = nn.constant dense<1.0> : tensor<1xf64>
  %0 = nn.exp %a : tensor<1xf64>
  return %0 : tensor<1xf64>
}
// -----
// CHECK: error: 'nn.add' has no meaning in NumericSpec on elements of type i1
func.func @add_bool() -> tensor<1xi1> {
  %a = nn.constant dense<true> : tensor<1xi1>
  %0 = nn.add %a, %a : (tensor<1xi1>, tensor<1xi1>) -> tensor<1xi1>
  return %0 : tensor<1xi1>
}
