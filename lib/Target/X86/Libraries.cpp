//===- Libraries.cpp - Static and shared libraries -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/X86/X86.h"

#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace nnc::x86 {

Error writeStaticLibrary(StringRef path, StringRef member, StringRef memberName) {
  Expected<NewArchiveMember> file = NewArchiveMember::getFile(member, /*Deterministic=*/true);
  if (!file)
    return file.takeError();
  file->MemberName = memberName;
  file->Perms = 0644;
  std::vector<NewArchiveMember> members;
  members.push_back(std::move(*file));
  // writeArchive would abort on a full disk: its stream takes the error with it.
  std::error_code code;
  raw_fd_ostream os(path, code);
  if (code)
    return createStringError(code, "cannot write '" + path + "': " + code.message());
  Error failed = writeArchiveToStream(os, members, SymtabWritingMode::NormalSymtab,
                                      object::Archive::K_GNU, /*Deterministic=*/true,
                                      /*Thin=*/false);
  os.close();
  code = os.error();
  os.clear_error();
  if (code)
    return joinErrors(std::move(failed),
                      createStringError(code, "cannot write '" + path + "': " + code.message()));
  return failed;
}

std::string findLinker() {
  // GNU ld first: lld drops the note that names the instruction set.
  for (StringRef name : {"ld.bfd", "ld", "ld.lld"})
    if (ErrorOr<std::string> path = sys::findProgramByName(name))
      return *path;
  return "";
}

/// `path` as no linker takes it for an option (-zz/kws.o) or a list of them (@zz/kws.o).
static std::string asFile(StringRef path) {
  return (sys::path::is_absolute(path) ? "" : "./") + path.str();
}

Error linkSharedLibrary(StringRef linker, StringRef object, StringRef path, StringRef soname) {
  SmallString<128> log;
  if (std::error_code code = sys::fs::createTemporaryFile("nn-compile-link", "log", log))
    return createStringError(code, "cannot make a temporary file");
  FileRemover removeLog(log);
  std::string from = asFile(object), to = asFile(path);
  StringRef arguments[] = {linker,
                           "-shared",
                           "--no-undefined",
                           "--fatal-warnings",
                           "--build-id=none",
                           "-z",
                           "noexecstack",
                           "-z",
                           "relro",
                           "-z",
                           "now",
                           "--hash-style=gnu",
                           "-soname",
                           soname,
                           "-o",
                           to,
                           from};
  std::optional<StringRef> redirects[] = {StringRef(""), log.str(), log.str()};
  std::string message;
  int code = sys::ExecuteAndWait(linker, arguments, std::nullopt, redirects, 0, 0, &message);
  if (code == 0)
    return Error::success();
  if (message.empty())
    if (auto text = MemoryBuffer::getFile(log))
      message = (*text)->getBuffer().rtrim().str();
  return createStringError("the linker " + linker + " failed: " + message);
}

} // namespace nnc::x86
