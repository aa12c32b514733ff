//===- NNSearchOps.h - Ops of the nn dialect that find elements ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#define GET_OP_CLASSES
#include "dialects/NN/NNSearchOps.h.inc"
