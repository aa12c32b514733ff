//===- BuildResolution.cpp - The passes that resolve quantization --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void nnc::quantization::buildResolution(OpPassManager &pm, Profile profile) {
  auto network = [&](std::unique_ptr<Pass> pass) {
    pm.addNestedPass<func::FuncOp>(std::move(pass));
  };
  network(createDescribePorts());
  network(createQuantizeConstants());
  // Contractions are found where quantize and dequantize stand next to them. Some exporters write a
  // quantize for each reader; equal ones are one, or what they round would have several readers.
  network(createCSEPass());
  network(createPropagateQuantization());
  network(createCSEPass());
  network(createAbsorbStoredBias({profile}));
  network(createResolveContractions({profile}));
  network(createResolveMeans({profile}));
  network(createResolveSoftmax({profile}));
  network(createTabulate({profile}));
  network(createResolveElementwise({profile}));
  // Last of those that look for a quantized result: all others have had their choice.
  network(createResolveSums({profile}));
  network(createVerifyProfile({profile}));
  network(createAbsorbZeroPoints());
}
