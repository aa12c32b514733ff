//===- main.cpp - nn-verify: re-checks the promises about a network --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Folder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace nnc;

namespace {

constexpr StringLiteral usage =
    R"(usage: nn-verify DIR | FILE [-manifest=NAME.json] [-name=NAME] [-json]

Checks by analysis of the machine code that a compiled network runs in constant
time and memory. DIR is an output folder of nn-compile; FILE is an object, a
library or a linked program (a firmware image) that holds the network.

  -manifest=NAME.json  the network's description: sizes of its buffers, its core
  -name=NAME           which network, if FILE holds several
  -json                the findings as JSON instead of text
  -h, --version

exit status: 0 nothing is violated, 1 something is, 2 wrong usage
)";

struct Options {
  std::string subject, manifest, name;
  bool json = false;
};

int wrongUsage(const Twine &what) {
  errs() << "nn-verify: " << what << "\n" << usage;
  return 2;
}

/// Takes `-key=value`, `--key=value`, `-key value` and `--key value`.
bool takeValue(ArrayRef<const char *> args, size_t &i, StringRef key, std::string &value) {
  StringRef arg = args[i];
  if (!arg.consume_front("--") && !arg.consume_front("-"))
    return false;
  if (!arg.consume_front(key))
    return false;
  if (arg.consume_front("=")) {
    value = arg.str();
    return true;
  }
  if (!arg.empty() || i + 1 >= args.size())
    return false;
  value = args[++i];
  return true;
}

/// An exit status if the program is done already.
std::optional<int> parse(ArrayRef<const char *> args, Options &options) {
  for (size_t i = 0; i < args.size(); ++i) {
    StringRef arg = args[i];
    if (takeValue(args, i, "manifest", options.manifest) ||
        takeValue(args, i, "name", options.name))
      continue;
    if (arg == "-json" || arg == "--json") {
      options.json = true;
    } else if (arg == "-h" || arg == "--help" || arg == "-help") {
      outs() << usage;
      return 0;
    } else if (arg == "--version" || arg == "-version") {
      outs() << "nn-verify " NNC_VERSION "\n";
      return 0;
    } else if (arg.size() > 1 && arg.starts_with("-")) {
      return wrongUsage("unknown option '" + arg + "'");
    } else if (!options.subject.empty()) {
      return wrongUsage("one DIR or FILE at a time");
    } else {
      options.subject = arg.str();
    }
  }
  if (options.subject.empty())
    return wrongUsage("no DIR or FILE given");
  return std::nullopt;
}

StringRef wordFor(ProofStatus status) {
  return status == ProofStatus::Unresolved ? "not decided" : proofStatusName(status);
}

void printVerdict(StringRef file, const Findings &f) {
  outs() << file << ": " << f.entries.size() << " entries, " << f.functions.size()
         << " functions, " << f.instructions << " instructions, " << f.conditionalBranches
         << " conditional branches, " << f.loops << " loops\n"
         << "  instruction trace: " << wordFor(f.statusOf(Promise::InstructionTrace)) << "\n"
         << "  address trace:     " << wordFor(f.statusOf(Promise::AddressTrace)) << "\n"
         << "  memory:            " << wordFor(f.statusOf(Promise::Memory)) << ", "
         << f.provedAccesses << " of " << f.memoryAccesses
         << " memory instructions in bounds, stack " << f.stackBytes << " bytes, code "
         << f.codeBytes << " bytes\n";
}

/// Violations as errors, the rest as notes; true if there is a violation.
bool printFindings(StringRef file, const Findings &f) {
  constexpr unsigned maxNotes = 20;
  unsigned notes = 0;
  for (const Finding &finding : f.findings) {
    bool violated = finding.status == ProofStatus::Violated;
    if (!violated && ++notes > maxNotes)
      continue;
    errs() << (violated ? "error: " : "note: ") << file << ": "
           << promiseName(finding.promise) << ": " << describe(finding) << "\n";
  }
  if (notes > maxNotes)
    errs() << "note: " << notes - maxNotes << " more undecided or excepted places\n";
  return f.anyViolated();
}

bool report(StringRef file, const Findings &f, bool json) {
  if (json)
    outs() << formatv("{0:2}\n", json::Value(proofsAsJSON(f)));
  else
    printVerdict(file, f);
  return printFindings(file, f);
}

int fail(const Twine &what) {
  errs() << "error: " << what << "\n";
  return 1;
}

int verifyWholeFolder(const Options &options) {
  Expected<Manifest> manifest =
      options.manifest.empty() ? findManifest(options.subject) : readManifest(options.manifest);
  if (!manifest)
    return fail(toString(manifest.takeError()));
  FolderVerdict verdict = verifyFolder(options.subject, *manifest);
  bool bad = !verdict.errors.empty();
  for (const VerifiedFile &file : verdict.verified)
    bad |= report(file.file, file.findings, options.json);
  for (const std::string &error : verdict.errors)
    errs() << "error: " << error << "\n";
  return bad;
}

Expected<Contract> contractFor(const Options &options) {
  if (!options.manifest.empty()) {
    Expected<Manifest> manifest = readManifest(options.manifest);
    if (!manifest)
      return manifest.takeError();
    return std::move(manifest->contract);
  }
  auto buffer = MemoryBuffer::getFile(options.subject, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(options.subject + ": " + buffer.getError().message());
  Expected<Contract> contract = contractFromSymbols(**buffer, options.name);
  if (!contract)
    return createStringError(options.subject + ": " + toString(contract.takeError()));
  return contract;
}

int verifyOneFile(const Options &options) {
  Expected<Contract> contract = contractFor(options);
  if (!contract)
    return fail(toString(contract.takeError()));
  Expected<Findings> findings = verifyFile(options.subject, *contract);
  if (!findings)
    return fail(options.subject + ": " + toString(findings.takeError()));
  return report(options.subject, *findings, options.json);
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  if (std::optional<int> status = parse(ArrayRef(argv + 1, argc - 1), options))
    return *status;
  return sys::fs::is_directory(options.subject) ? verifyWholeFolder(options)
                                                : verifyOneFile(options);
}
