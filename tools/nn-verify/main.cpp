//===- main.cpp - nn-verify: re-checks the promises about a network --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Folder.h"

#include "nnc/Support/Printable.h"
#include "nnc/Support/StandardOutput.h"
#include "tools/common/Arguments.h"
#include "tools/common/OptionTable.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace nnc;

namespace {

struct Options {
  std::string subject, manifest, name;
  bool json = false;
};

constexpr StringLiteral helpTitle =
    "checks by analysis of the machine code that a compiled network runs in constant time and\n"
    "memory. DIR is an output folder of nn-compile, of which every network is checked; FILE is an\n"
    "object, a static library, nn-compile's own shared library or a linked program (a firmware\n"
    "image) that holds the network.\n"
    "Exit status: 0 nothing is violated, 1 something is, 2 wrong usage";

int wrongUsage(const Twine &what) {
  Usage usage;
  usage.fail(what);
  return usage.report("nn-verify");
}

StringRef wordFor(ProofStatus status) {
  return status == ProofStatus::Unresolved ? "not decided" : proofStatusName(status);
}

void printVerdict(StringRef file, const Findings &f) {
  outs() << file << ": " << f.entries.size() << " entries, " << f.functions.size() << " functions, "
         << f.instructions << " instructions, " << f.conditionalBranches
         << " conditional branches, " << f.loops << " loops\n"
         << "  instruction trace: " << wordFor(f.statusOf(Promise::InstructionTrace)) << "\n"
         << "  address trace:     " << wordFor(f.statusOf(Promise::AddressTrace)) << "\n"
         << "  memory:            " << wordFor(f.statusOf(Promise::Memory)) << ", "
         << f.provedAccesses << " of " << f.memoryAccesses
         << " memory instructions in bounds, stack " << f.stackBytes << " bytes, code "
         << f.codeBytes << " bytes\n";
}

/// One line, whatever names the file has for its functions.
void say(StringRef kind, const Twine &what) {
  errs() << kind << ": " << printable(what.str()) << "\n";
}

/// Violations as errors, the rest as notes; true if there is a violation.
bool printFindings(StringRef file, const Findings &f) {
  constexpr unsigned maxNotes = 20;
  unsigned notes = 0;
  for (const Finding &finding : f.findings) {
    bool violated = finding.status == ProofStatus::Violated;
    if (!violated && ++notes > maxNotes)
      continue;
    say(violated ? "error" : "note",
        file + ": " + promiseName(finding.promise) + ": " + describe(finding));
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
  say("error", what);
  return 1;
}

bool report(const FolderVerdict &verdict, bool json) {
  bool bad = !verdict.errors.empty();
  for (const VerifiedFile &file : verdict.verified)
    bad |= report(file.file, file.findings, json);
  for (const std::string &note : verdict.notes)
    say("note", note);
  for (const std::string &error : verdict.errors)
    say("error", error);
  return bad;
}

int verifyWholeFolder(const Options &options) {
  if (!options.manifest.empty())
    return wrongUsage("a DIR has its own description: no -manifest");
  Expected<std::vector<std::string>> paths = findManifests(options.subject);
  if (!paths)
    return fail(toString(paths.takeError()));
  bool bad = false, isFound = options.name.empty();
  for (const std::string &path : *paths) {
    Expected<Manifest> manifest = readManifest(path);
    if (!manifest) {
      bad |= fail(toString(manifest.takeError()));
    } else if (options.name.empty() || options.name == manifest->contract.name) {
      bad |= report(verifyFolder(options.subject, *manifest), options.json);
      isFound = true;
    }
  }
  return isFound ? bad : fail(options.subject + ": describes no network '" + options.name + "'");
}

int verifyDescribed(const Options &options) {
  Expected<Manifest> manifest = readManifest(options.manifest);
  if (!manifest)
    return fail(toString(manifest.takeError()));
  if (!options.name.empty() && options.name != manifest->contract.name)
    return wrongUsage("-manifest describes network '" + manifest->contract.name +
                      "', -name asks for '" + options.name + "'");
  return report(verifyFileOf(*manifest, options.subject), options.json);
}

int verifyOneFile(const Options &options) {
  if (!options.manifest.empty())
    return verifyDescribed(options);
  Expected<Contract> contract = contractFromFile(options.subject, options.name);
  if (!contract)
    return fail(options.subject + ": " + toString(contract.takeError()));
  return report(verifyAlone(*contract, options.subject), options.json);
}

int runTool(int argc, char **argv) {
  Table table;
  Usage usage;
  Arguments args(table, argc, argv, usage);
  if (usage)
    return usage.report("nn-verify");
  if (args.has(OPT_help)) {
    table.printHelp(outs(), "nn-verify DIR|FILE [options]", helpTitle.data());
    return 0;
  }
  if (args.has(OPT_version)) {
    outs() << "nn-verify " NNC_VERSION "\n";
    return 0;
  }
  std::vector<std::string> subjects = args.inputs();
  if (subjects.size() != 1)
    return wrongUsage("one DIR or FILE, please: nn-verify DIR|FILE [-manifest=NAME.json]");
  Options options{subjects.front(), args.value(OPT_manifest, "", "file"),
                  args.value(OPT_name, "", "name"), args.has(OPT_json)};
  if (usage)
    return usage.report("nn-verify");
  return sys::fs::is_directory(options.subject) ? verifyWholeFolder(options)
                                                : verifyOneFile(options);
}

} // namespace

int main(int argc, char **argv) { return finishOutput(runTool(argc, argv)); }
