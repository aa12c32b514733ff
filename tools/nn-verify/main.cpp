//===- main.cpp - nn-verify: re-checks the promises about a network --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Folder.h"

#include "nnc/Support/Printable.h"
#include "nnc/Support/StandardOutput.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace nnc;

namespace {

constexpr StringLiteral usage =
    R"(usage: nn-verify DIR | FILE [-manifest=NAME.json] [-name=NAME] [-json]

Checks by analysis of the machine code that a compiled network runs in constant
time and memory. DIR is an output folder of nn-compile, of which every network
is checked; FILE is an object, a library or a linked program (a firmware image)
that holds the network.

  -manifest=NAME.json  the network's description: sizes of its buffers, its core,
                       hashes of code and constants; with FILE
  -name=NAME           which network, if DIR or FILE holds several
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
  Options options;
  if (std::optional<int> status = parse(ArrayRef(argv + 1, argc - 1), options))
    return *status;
  return sys::fs::is_directory(options.subject) ? verifyWholeFolder(options)
                                                : verifyOneFile(options);
}

} // namespace

int main(int argc, char **argv) { return finishOutput(runTool(argc, argv)); }
