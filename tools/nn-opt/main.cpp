//===- main.cpp - nn-opt: one pass at a time, for tests --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/NNOps.h"
#include "dialects/Plan/PlanOps.h"
#include "dialects/RTL/RTLOps.h"
#include "nnc/Dataflow/Passes.h"
#include "nnc/Dataflow/Sequencer/Passes.h"
#include "nnc/Fusion/Passes.h"
#include "nnc/Graph/Passes.h"
#include "nnc/Interpreter/Passes.h"
#include "nnc/Quantization/Passes.h"
#include "nnc/Schedule/Passes.h"
#include "nnc/Target/HLS/Passes.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<nnc::nn::NNDialect, nnc::plan::PlanDialect, nnc::rtl::RTLDialect,
                  nnc::flow::FlowDialect, mlir::func::FuncDialect>();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  nnc::graph::registerGraphPasses();
  nnc::quantization::registerQuantizationPasses();
  nnc::fusion::registerFusionPasses();
  nnc::interpreter::registerInterpreterPasses();
  nnc::registerSchedulePasses();
  nnc::sequencer::registerDataflowSequencerPasses();
  nnc::hls::registerTargetHLSPasses();
  nnc::dataflow::registerDataflowPasses();
  mlir::PassPipelineRegistration<>(
      "nn-resolve-quantization", "the integer meaning of quantized operators",
      [](mlir::OpPassManager &pm) { nnc::quantization::buildResolution(pm); });
  mlir::PassPipelineRegistration<>("nn-graph", "the passes of stage graph", nnc::graph::buildGraph);
  mlir::PassPipelineRegistration<>("nn-fusion", "the passes of stage fusion",
                                   nnc::fusion::buildFusion);
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "nn-opt: runs passes of nn-compile on .mlir files\n", registry));
}
