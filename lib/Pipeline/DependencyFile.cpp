//===- DependencyFile.cpp - What the output depends on, for make and ninja ----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DependencyFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {

/// The path as make and ninja read it: blanks and '#' behind a backslash, '$' doubled.
static std::string spell(StringRef path) {
  std::string text;
  for (char c : path) {
    if (c == ' ' || c == '\t' || c == '#')
      text += '\\';
    if (c == '$')
      text += '$';
    text += c;
  }
  return text;
}

/// What stands between the target and the first dependency.
static constexpr StringLiteral separator = ": \\\n  ";

std::string dependencyText(StringRef target, ArrayRef<std::string> dependencies) {
  auto spelled = map_range(dependencies, [](const std::string &path) { return spell(path); });
  return spell(target) + separator.str() + join(spelled, " \\\n  ") + "\n";
}

static Error failure(StringRef path, const std::error_code &code) {
  return createStringError(code,
                           "cannot write the dependency file '" + path + "': " + code.message());
}

/// Whether `path` is to be written in place: a rename would replace the device.
static bool isStream(StringRef path) {
  sys::fs::file_status status;
  return path == "-" || (!sys::fs::status(path, status) && sys::fs::exists(status) &&
                         !sys::fs::is_regular_file(status));
}

bool isDependencyFile(StringRef path, ArrayRef<std::string> names) {
  auto file = MemoryBuffer::getFile(path);
  if (!file || !(*file)->getBuffer().contains(separator))
    return false;
  StringRef target = (*file)->getBuffer().split(separator).first;
  return any_of(
      names, [&](const std::string &name) { return sys::path::filename(target) == spell(name); });
}

DependencyFile::~DependencyFile() {
  if (temporary)
    consumeError(temporary->discard());
}

Error DependencyFile::prepare(StringRef newPath, StringRef newText) {
  path = newPath.str();
  text = newText.str();
  if (sys::fs::is_directory(path))
    return failure(path, std::make_error_code(std::errc::is_a_directory));
  if (isStream(path))
    return Error::success();
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(path + ".%%%%%%%%", sys::fs::all_read | sys::fs::all_write);
  if (!file)
    return failure(path, errorToErrorCode(file.takeError()));
  temporary.emplace(std::move(*file));
  raw_fd_ostream os(temporary->FD, /*shouldClose=*/false);
  os << text;
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return code ? failure(path, code) : Error::success();
}

Error DependencyFile::publish() {
  if (path.empty())
    return Error::success();
  if (!temporary)
    return writeToOutput(path, [&](raw_ostream &os) { return os << text, Error::success(); });
  sys::fs::TempFile file = std::move(*temporary);
  temporary.reset();
  if (Error error = file.keep(path))
    return failure(path, errorToErrorCode(std::move(error)));
  return Error::success();
}

} // namespace nnc
