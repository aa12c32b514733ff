// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// 0x21, 0xF8, 0x97; the high bits of the last byte mean nothing.
// CHECK: @unpack_int4: tensor<5xi4> = [1, 2, -8, -1, 7]
func.func @unpack_int4() -> tensor<5xi4> {
  %x = nn.constant dense<[33, 248, 151]> : tensor<3xui8>
  %0 = nn.unpack %x : tensor<3xui8> to tensor<5xi4>
  return %0 : tensor<5xi4>
}
// CHECK: @unpack_uint4: tensor<5xui4> = [1, 2, 8, 15, 7]
func.func @unpack_uint4() -> tensor<5xui4> {
  %x = nn.constant dense<[33, 248, 151]> : tensor<3xui8>
  %0 = nn.unpack %x : tensor<3xui8> to tensor<5xui4>
  return %0 : tensor<5xui4>
}
// CHECK: @unpack_int2: tensor<5xi2> = [0, 1, -2, -1, -1]
func.func @unpack_int2() -> tensor<5xi2> {
  %x = nn.constant dense<[228, 255]> : tensor<2xui8>
  %0 = nn.unpack %x : tensor<2xui8> to tensor<5xi2>
  return %0 : tensor<5xi2>
}
// CHECK: @unpack_uint2: tensor<4xui2> = [0, 1, 2, 3]
func.func @unpack_uint2() -> tensor<4xui2> {
  %x = nn.constant dense<228> : tensor<1xui8>
  %0 = nn.unpack %x : tensor<1xui8> to tensor<4xui2>
  return %0 : tensor<4xui2>
}
// CHECK: @pack_int4: tensor<3xui8> = [33, 248, 7]
func.func @pack_int4() -> tensor<3xui8> {
  %x = nn.constant dense<[1, 2, -8, -1, 7]> : tensor<5xi4>
  %0 = nn.pack %x : tensor<5xi4> to tensor<3xui8>
  return %0 : tensor<3xui8>
}
// CHECK: @pack_uint4: tensor<2xui8> = [240, 15]
func.func @pack_uint4() -> tensor<2xui8> {
  %x = nn.constant dense<[0, 15, 15]> : tensor<3xui4>
  %0 = nn.pack %x : tensor<3xui4> to tensor<2xui8>
  return %0 : tensor<2xui8>
}
// CHECK: @pack_int2: tensor<2xui8> = [228, 2]
func.func @pack_int2() -> tensor<2xui8> {
  %x = nn.constant dense<[0, 1, -2, -1, -2]> : tensor<5xi2>
  %0 = nn.pack %x : tensor<5xi2> to tensor<2xui8>
  return %0 : tensor<2xui8>
}
// CHECK: @pack_uint2: tensor<1xui8> = [27]
func.func @pack_uint2() -> tensor<1xui8> {
  %x = nn.constant dense<[3, 2, 1, 0]> : tensor<4xui2>
  %0 = nn.pack %x : tensor<4xui2> to tensor<1xui8>
  return %0 : tensor<1xui8>
}
