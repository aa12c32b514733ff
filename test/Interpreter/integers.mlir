// RUN: nn-opt %s -nn-evaluate -o /dev/null | FileCheck %s

// CHECK: @wrap: tensor<2xi32> = [-2147483648, 2147483647]
func.func @wrap() -> tensor<2xi32> {
  %a = nn.constant dense<[2147483647, -2147483648]> : tensor<2xi32>
  %b = nn.constant dense<[1, -1]> : tensor<2xi32>
  %0 = nn.add %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
// CHECK: @mul_wraps: tensor<2xi64> = [1, -9223372036854775808]
func.func @mul_wraps() -> tensor<2xi64> {
  %a = nn.constant dense<[9223372036854775807, -9223372036854775808]> : tensor<2xi64>
  %b = nn.constant dense<[9223372036854775807, 1]> : tensor<2xi64>
  %0 = nn.mul %a, %b : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}
// CHECK: @div: tensor<5xi32> = [3, -3, -3, 0, -2147483648]
func.func @div() -> tensor<5xi32> {
  %a = nn.constant dense<[7, -7, 7, 5, -2147483648]> : tensor<5xi32>
  %b = nn.constant dense<[2, 2, -2, 0, -1]> : tensor<5xi32>
  %0 = nn.div %a, %b : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return %0 : tensor<5xi32>
}
// CHECK: @pow: tensor<6xi64> = [1024, 1, 0, -1, 1, 0]
func.func @pow() -> tensor<6xi64> {
  %a = nn.constant dense<[2, 5, 2, -1, -1, 0]> : tensor<6xi64>
  %b = nn.constant dense<[10, 0, -1, -3, -2, -1]> : tensor<6xi64>
  %0 = nn.pow %a, %b : (tensor<6xi64>, tensor<6xi64>) -> tensor<6xi64>
  return %0 : tensor<6xi64>
}
// CHECK: @unsigned_max: tensor<2xui8> = [255, 7]
func.func @unsigned_max() -> tensor<2xui8> {
  %a = nn.constant dense<[255, 1]> : tensor<2xui8>
  %b = nn.constant dense<[1, 7]> : tensor<2xui8>
  %0 = nn.max %a, %b : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}
// CHECK: @narrow_wraps: tensor<2xi8> = [-128, -1]
func.func @narrow_wraps() -> tensor<2xi8> {
  %a = nn.constant dense<[127, -128]> : tensor<2xi8>
  %b = nn.constant dense<[1, 127]> : tensor<2xi8>
  %0 = nn.add %a, %b : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}
// CHECK: @clip: tensor<3xi64> = [0, 5, 3]
func.func @clip() -> tensor<3xi64> {
  %a = nn.constant dense<[-9, 9, 3]> : tensor<3xi64>
  %0 = nn.clip %a {min = 0 : i64, max = 5 : i64} : tensor<3xi64>
  return %0 : tensor<3xi64>
}

// Bounds of nibbles without a sign.
// CHECK: @clip_nibbles: tensor<4xui4> = [9, 9, 14, 14]
func.func @clip_nibbles() -> tensor<4xui4> {
  %x = nn.constant dense<[0, 9, 14, 15]> : tensor<4xui4>
  %0 = nn.clip %x {min = 9 : ui4, max = 14 : ui4} : tensor<4xui4>
  return %0 : tensor<4xui4>
}
