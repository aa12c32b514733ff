// What keeps an input floats is said of the ONNX nodes that read it, floors between or not.
// RUN: split-file %s %t
// RUN: not %nn-compile %t/grids.mlir -target=hls -o %t/out 2>&1 | FileCheck %t/grids.mlir
// RUN: not %nn-compile %t/sum.mlir -target=hls -o %t/out 2>&1 | FileCheck %t/sum.mlir

//--- grids.mlir
// CHECK: input 'x' comes as floats, and hardware takes integers: it is read with several scales, zero points or types; let
func.func @grids(%x: tensor<1x4xf32> {nn.name = "x"}) -> (tensor<1x4xi8>, tensor<1x4xi8>) {
  %s = nn.constant dense<0.5> : tensor<f32>
  %t = nn.constant dense<0.25> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  %1 = nn.quantize %x, %t, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %0, %1 : tensor<1x4xi8>, tensor<1x4xi8>
}

//--- sum.mlir
// CHECK: input 'x' comes as floats, and hardware takes integers: 'more' reads it as it is; let
func.func @sum(%x: tensor<1x4xf32> {nn.name = "x"}) -> tensor<1x4xi8> {
  %s = nn.constant dense<0.5> : tensor<f32>
  %z = nn.constant dense<0> : tensor<i8>
  %0 = nn.quantize %x, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  %1 = nn.dequantize %0, %s, %z : (tensor<1x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4xf32>
  %2 = nn.add %x, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32> loc("more")
  %3 = nn.quantize %2, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<i8>) -> tensor<1x4xi8>
  return %3 : tensor<1x4xi8>
}
