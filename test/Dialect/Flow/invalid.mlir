// RUN: nn-opt %s --split-input-file --verify-diagnostics

// Streams.

flow.network "net" {
  // expected-error @below {{a raster has up to two dimensions of at least one position}}
  %x = flow.input "x" : !flow.stream<[2, 2, 2] x 1, 0, 1>
  flow.output %x : !flow.stream<[2, 2, 2] x 1, 0, 1>
}

// -----

flow.network "net" {
  // expected-error @below {{a raster has up to two dimensions of at least one position}}
  %x = flow.input "x" : !flow.stream<[0] x 1, 0, 1>
  flow.output %x : !flow.stream<[0] x 1, 0, 1>
}

// -----

flow.network "net" {
  // expected-error @below {{expected ']'}}
  %x = flow.input "x" : !flow.stream<[2 2] x 1, 0, 1>
  flow.output %x : !flow.stream<[2 2] x 1, 0, 1>
}

// -----

flow.network "net" {
  // expected-error @below {{a stream has lanes, and a range of up to 62 bits}}
  %x = flow.input "x" : !flow.stream<[] x 0, 0, 1>
  flow.output %x : !flow.stream<[] x 0, 0, 1>
}

// -----

flow.network "net" {
  // expected-error @below {{a stream has lanes, and a range of up to 62 bits}}
  %x = flow.input "x" : !flow.stream<[] x 1, 1, 0>
  flow.output %x : !flow.stream<[] x 1, 1, 0>
}

// -----

flow.network "net" {
  // expected-error @below {{a beat of 8193 lanes is wider than 65536 bits}}
  %x = flow.input "x" : !flow.stream<[] x 8193, 0, 255>
  flow.output %x : !flow.stream<[] x 8193, 0, 255>
}

// -----

// Networks.

// expected-error @below {{must end with flow.output}}
flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 1, 0, 1>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[2] x 1, 0, 1>
  // expected-error @below {{all inputs must have one raster}}
  %y = flow.input "y" : !flow.stream<[3] x 1, 0, 1>
  flow.output %x : !flow.stream<[2] x 1, 0, 1>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[2] x 1, 0, 1>
  %y = flow.collect %x : !flow.stream<[2] x 1, 0, 1> -> !flow.stream<[] x 2, 0, 1>
  // expected-error @below {{all outputs must have one raster}}
  flow.output %x, %y : !flow.stream<[2] x 1, 0, 1>, !flow.stream<[] x 2, 0, 1>
}

// -----

// Matrices.

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{weights must be 1x2}}
  %y = flow.matrix %x by dense<1> : tensor<2x1xi8> plus dense<0> : tensor<1xi64> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, -16, 14>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{needs one constant for each lane of the result}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<2xi64> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, -16, 14>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{operand and result must have one raster}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[2] x 1, -16, 14>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{results from -16 to 14 do not fit into the range of the result}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, -16, 13>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{has forms or thresholds, not both}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 0, 0, 0, 1]]> : tensor<1x6xi8> thresholds dense<[[1]]> : tensor<1x1xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{forms must be a row of six numbers for each lane, or one for all}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 0, 0, 0]]> : tensor<1x5xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{form 0 needs a shift of 0 to 62, ties of 0 to 2 (0 without a shift), and bounds in ascending order}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 63, 0, 0, 1]]> : tensor<1x6xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{form 0 needs a shift of 0 to 62, ties of 0 to 2 (0 without a shift), and bounds in ascending order}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 0, 1, 0, 1]]> : tensor<1x6xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{form 0 needs a shift of 0 to 62, ties of 0 to 2 (0 without a shift), and bounds in ascending order}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 2, 3, 0, 1]]> : tensor<1x6xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{form 0 needs a shift of 0 to 62, ties of 0 to 2 (0 without a shift), and bounds in ascending order}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 0, 0, 1, 0]]> : tensor<1x6xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{results from 0 to 2 do not fit into the range of the result}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> forms dense<[[1, 0, 0, 0, 0, 2]]> : tensor<1x6xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{thresholds must be a row for each lane, or one for all}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> thresholds dense<1> : tensor<2x1xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{thresholds must ascend}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> thresholds dense<[[2, 1]]> : tensor<1x2xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 2>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{results from 0 to 2 do not fit into the range of the result}}
  %y = flow.matrix %x by dense<1> : tensor<1x2xi8> plus dense<0> : tensor<1xi64> thresholds dense<[[1, 2]]> : tensor<1x2xi8> : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

// Other engines of single beats.

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{takes one lane of the operands for each lane of the result}}
  %y = flow.lanes %x take [0] : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 2, -8, 7>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{takes one lane of the operands for each lane of the result}}
  %y = flow.lanes %x take [0, 2] : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 2, -8, 7>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{takes one lane of the operands for each lane of the result}}
  %y = flow.lanes %x take [0, -1] : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 2, -8, 7>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{results from -8 to 7 do not fit into the range of the result}}
  %y = flow.lanes %x take [1] : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, 0, 7>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{lanes of the operand must be a multiple of those of the result}}
  %y = flow.max %x : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 2, 0, 3>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{results from 0 to 3 do not fit into the range of the result}}
  %y = flow.max %x : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 1, 0, 2>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{lanes of the operand must be a multiple of those of the result}}
  %y = flow.arg_max %x : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 2, 0, 2>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{results from 0 to 2 do not fit into the range of the result}}
  %y = flow.arg_max %x : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 1, 0, 1>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{operand and result must have one raster and as many lanes}}
  %y = flow.softmax %x groups 1 exponentials [8, 4, 2, 1] factor 1 shift 8 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 2, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{lanes must be a multiple of the groups}}
  %y = flow.softmax %x groups 2 exponentials [8, 4, 2, 1] factor 1 shift 8 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{needs an exponential below 2^31 for each distance in the operand's range}}
  %y = flow.softmax %x groups 1 exponentials [8, 4] factor 1 shift 8 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{needs an exponential below 2^31 for each distance in the operand's range}}
  %y = flow.softmax %x groups 1 exponentials [0, 4, 2, 1] factor 1 shift 8 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{shifts are 0 to 32, factors 1 to 2^24}}
  %y = flow.softmax %x groups 1 exponentials [8, 4, 2, 1] factor 1 shift 33 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{shifts are 0 to 32, factors 1 to 2^24}}
  %y = flow.softmax %x groups 1 exponentials [8, 4, 2, 1] factor 0 shift 8 plus 0 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{the zero point must be in the range of the result}}
  %y = flow.softmax %x groups 1 exponentials [8, 4, 2, 1] factor 1 shift 8 plus 256 : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 255>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{operand and result must have one raster and as many lanes}}
  %y = flow.table %x in dense<0> : tensor<1x4xi8> : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 1, 0, 3>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{needs one value for each number of the operand's range}}
  %y = flow.table %x in dense<0> : tensor<1x3xi8> : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 3>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 1, 0, 65536>
  // expected-error @below {{tables have indices of up to 16 bits}}
  %y = flow.table %x in dense<0> : tensor<1x65537xi8> : !flow.stream<[] x 1, 0, 65536> -> !flow.stream<[] x 1, 0, 3>
  flow.output %x : !flow.stream<[] x 1, 0, 65536>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 3, 0, 3>
  // expected-error @below {{results from 0 to 4 do not fit into the range of the result}}
  %y = flow.table %x in dense<[[0, 4, 0, 0]]> : tensor<1x4xi8> : !flow.stream<[] x 3, 0, 3> -> !flow.stream<[] x 3, 0, 3>
  flow.output %x : !flow.stream<[] x 3, 0, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{operands and result must have one raster and as many lanes}}
  %y = flow.multiply %x, %x : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 1, -64, 64>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 2, -8, 7>
  // expected-error @below {{results from -56 to 64 do not fit into the range of the result}}
  %y = flow.multiply %x, %x : !flow.stream<[] x 2, -8, 7> -> !flow.stream<[] x 2, -56, 63>
  flow.output %x : !flow.stream<[] x 2, -8, 7>
}

// -----

// Engines over the raster.

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{kernel, strides, dilations and pads must be those of the raster}}
  %y = flow.window %x kernel [3] strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[] x 1, 1, 3>
  // expected-error @below {{kernel, strides, dilations and pads must be those of the raster}}
  %y = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[] x 1, 1, 3> -> !flow.stream<[2, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{kernel, strides and dilations must be positive, pads not negative}}
  %y = flow.window %x kernel [3, 3] strides [0, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{kernel, strides and dilations must be positive, pads not negative}}
  %y = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [-1, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{raster of the result is not what the window gives in dimension 1}}
  %y = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 3] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{raster of the result is not what the window gives in dimension 0}}
  %y = flow.window %x kernel [5, 3] strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{result must have 9 lanes}}
  %y = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[2, 2] x 8, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{results from 0 to 3 do not fit into the range of the result}}
  %y = flow.window %x kernel [3, 3] strides [1, 1] dilations [1, 1] pads [1, 0, 0, 0] fill 0 : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[3, 2] x 9, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{result must be one beat with the lanes of the operand}}
  %y = flow.reduce max %x : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[4] x 1, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{results from 16 to 48 do not fit into the range of the result}}
  %y = flow.reduce sum %x : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[] x 1, 16, 47>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{result must be one beat with all lanes of a frame}}
  %y = flow.collect %x : !flow.stream<[4, 4] x 1, 1, 3> -> !flow.stream<[] x 15, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{latency and depth must be positive}}
  %y = flow.delay %x by 0 holds 1 : !flow.stream<[4, 4] x 1, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}

// -----

flow.network "net" {
  %x = flow.input "x" : !flow.stream<[4, 4] x 1, 1, 3>
  // expected-error @below {{latency and depth must be positive}}
  %y = flow.delay %x by 1 holds 0 : !flow.stream<[4, 4] x 1, 1, 3>
  flow.output %x : !flow.stream<[4, 4] x 1, 1, 3>
}
