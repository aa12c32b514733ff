//===- OptionTable.h - A tool's generated option table -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the one file of a tool that reads its options: OPT_… and Table from the
// Options.inc that nnc_add_options() made of the tool's Options.td.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"

namespace {

using namespace llvm::opt; // the generated table names its flags bare
using llvm::ArrayRef;
using llvm::StringLiteral;

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

#define PREFIX(NAME, VALUE)                                                                        \
  static constexpr StringLiteral NAME##_init[] = VALUE;                                            \
  static constexpr ArrayRef<StringLiteral> NAME(NAME##_init, std::size(NAME##_init) - 1);
#include "Options.inc"
#undef PREFIX

constexpr OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

struct Table : GenericOptTable {
  Table() : GenericOptTable(optionInfos) {}
};

} // namespace
