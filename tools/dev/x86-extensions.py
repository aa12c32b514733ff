#!/usr/bin/env python3
"""Writes the table of lib/Verify that says which extensions an x86 instruction needs.

    pip install iced-x86 && tools/dev/x86-extensions.py > lib/Verify/ExtensionTable.cpp

LLVM's disassembler accepts every extension and its installed libraries do not say which one an opcode belongs to, so
the table comes from iced-x86, another disassembler. A name that is missing from EXTENSIONS leaves its instructions out
of the table, and the checker refuses what is not in the table: to admit a feature, add it here (and its level, if a
psABI level has it, to lib/Verify/Extensions.cpp).
"""

import collections
import textwrap

from iced_x86 import Code, CpuidFeature, EncodingKind, Instruction, Mnemonic, OpCodeInfo

# iced-x86's name and LLVM's.
EXTENSIONS = {
    "SSE3": "sse3", "SSSE3": "ssse3", "SSE4_1": "sse4.1", "SSE4_2": "sse4.2", "POPCNT": "popcnt",
    "AVX": "avx", "AVX2": "avx2", "BMI1": "bmi", "BMI2": "bmi2", "F16C": "f16c", "FMA": "fma", "LZCNT": "lzcnt",
    "MOVBE": "movbe", "XSAVE": "xsave",
    "AVX512F": "avx512f", "AVX512BW": "avx512bw", "AVX512CD": "avx512cd", "AVX512DQ": "avx512dq",
    "AVX512_VNNI": "avx512vnni", "AVX_VNNI": "avxvnni", "AVX_VNNI_INT8": "avxvnniint8",
    "AVX_VNNI_INT16": "avxvnniint16", "AVX512_IFMA": "avx512ifma", "AVX_IFMA": "avxifma",
    "AVX512_VBMI": "avx512vbmi", "AVX512_VBMI2": "avx512vbmi2", "AVX512_BITALG": "avx512bitalg",
    "AVX512_VPOPCNTDQ": "avx512vpopcntdq", "AVX512_BF16": "avx512bf16", "AVX512_FP16": "avx512fp16",
    "GFNI": "gfni", "VAES": "vaes", "VPCLMULQDQ": "vpclmulqdq", "SHA": "sha",
    "AMX_TILE": "amx-tile", "AMX_INT8": "amx-int8",
}  # fmt: skip
# What every x86-64 has, and what others take for a nop. x87 and MMX are left out on purpose.
BASELINE = {"INTEL8086", "INTEL186", "INTEL286", "INTEL386", "INTEL486", "X64", "CMOV", "MULTIBYTENOP", "PAUSE", "CX8",
            "SSE", "SSE2", "CPUID", "CET_IBT"}  # fmt: skip
ENCODINGS = {"LEGACY": "Legacy", "VEX": "VEX", "EVEX": "EVEX"}
# What LLVM prints in Intel syntax: one instruction by another name, a form by its own, prefixes without an instruction.
SPELLINGS = {"sal": "shl"}
OTHER_WORDS = {"movabs", "data16", "cs", "ds"}

HEADER = """\
//===- ExtensionTable.cpp - Which extensions an instruction needs ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written by tools/dev/x86-extensions.py: change that, not this.
//
//===----------------------------------------------------------------------===//
#include "Extensions.h"

using namespace llvm;

namespace nnc::verify {
"""


def names(enum):
    return {value: name for name, value in vars(enum).items() if isinstance(value, int)}


def collect():
    """{(extensions, encoding): mnemonics}, and the EVEX mnemonics whose short forms do not need AVX512VL."""
    features, encodings, mnemonics = names(CpuidFeature), names(EncodingKind), names(Mnemonic)
    needs, long = collections.defaultdict(set), set()
    for code in names(Code):
        info, instruction = OpCodeInfo(code), Instruction()
        instruction.code = code
        encoding = ENCODINGS.get(encodings[info.encoding])
        if not (info.is_instruction and info.mode64 and info.cpl3 and encoding):
            continue
        has = {features[f] for f in instruction.cpuid_features()}
        mnemonic = mnemonics[info.mnemonic].lower()
        mnemonic = SPELLINGS.get(mnemonic, mnemonic)
        if "AVX512VL" in has:
            long.add(mnemonic)
        if encoding == "EVEX":
            has = (has - {"AVX512VL"}) | {"AVX512F"}
        has -= BASELINE
        if has <= EXTENSIONS.keys():
            needs[encoding, mnemonic].add(tuple(sorted((EXTENSIONS[f] for f in has), key=list(EXTENSIONS.values()).index)))
    rows = collections.defaultdict(set)
    for (encoding, mnemonic), sets in needs.items():
        # Forms that differ (128 and 256 bits, say): the later extension counts for all.
        rows[max(sets, key=lambda s: [list(EXTENSIONS.values()).index(e) for e in s]), encoding].add(mnemonic)
    rows[(), "Legacy"] |= OTHER_WORDS
    scalars = {m for (e, m) in needs if e == "EVEX"} - long
    return rows, scalars


def literal(words):
    lines = textwrap.wrap(" ".join(sorted(words)), 92)
    return "\n".join(f'     "{line}{" " if line is not lines[-1] else ""}"' for line in lines)


def main():
    rows, scalars = collect()
    order = list(EXTENSIONS.values())
    print(HEADER)
    print("static constexpr ExtensionRow rows[] = {")
    for (extensions, encoding), mnemonics in sorted(
            rows.items(), key=lambda row: ([order.index(e) for e in row[0][0]], row[0][1])):
        print(f'    {{"{" ".join(extensions)}", Encoding::{encoding},\n{literal(mnemonics)}}},')
    print("};\n\nArrayRef<ExtensionRow> extensionRows() { return rows; }\n")
    print(f"StringRef fixedLengthMnemonics() {{\n  return\n{literal(scalars)};\n}}\n")
    print("} // namespace nnc::verify")


if __name__ == "__main__":
    main()
