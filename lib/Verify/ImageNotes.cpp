//===- ImageNotes.cpp - What an ELF file asks of linkers and loaders -------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Image.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::object;

namespace nnc::verify {
namespace {

/// GNU_PROPERTY_X86_ISA_1_NEEDED among the properties of one note: one bit for
/// each level, the baseline first.
uint32_t neededBits(ArrayRef<uint8_t> properties) {
  uint32_t needed = 0;
  while (properties.size() >= 8) {
    uint32_t type = support::endian::read32le(properties.data());
    uint64_t size = support::endian::read32le(properties.data() + 4);
    properties = properties.drop_front(8);
    if (size > properties.size())
      break;
    if (type == ELF::GNU_PROPERTY_X86_ISA_1_NEEDED && size == 4)
      needed |= support::endian::read32le(properties.data());
    properties = properties.drop_front(std::min<uint64_t>(alignTo(size, 8), properties.size()));
  }
  return needed;
}

Error noteError(StringRef section, Error error) {
  return createStringError("section " + section + ": " + toString(std::move(error)));
}

Expected<bool> hasExecutableStackHeader(const ELFFile<ELF64LE> &elf) {
  auto headers = elf.program_headers();
  if (!headers)
    return headers.takeError();
  for (const auto &header : *headers)
    if (header.p_type == ELF::PT_GNU_STACK)
      return header.p_flags & ELF::PF_X;
  return true; // the loader's default on x86-64
}

/// Whether a section of this name or type holds code, or the addresses of functions, that runs
/// before or after everything else.
bool runsOnItsOwn(StringRef name, unsigned type) {
  static constexpr unsigned types[] = {ELF::SHT_INIT_ARRAY, ELF::SHT_FINI_ARRAY,
                                       ELF::SHT_PREINIT_ARRAY};
  static constexpr StringLiteral names[] = {".init", ".fini", ".ctors", ".dtors"};
  StringRef first = name.take_front(name.find('.', 1)); // .ctors.65535
  return is_contained(types, type) || is_contained(names, first);
}

/// What of a library's dynamic section runs code or brings other files; empty: nothing.
StringRef requestOf(int64_t tag) {
  switch (tag) {
  case ELF::DT_INIT:
    return "DT_INIT";
  case ELF::DT_FINI:
    return "DT_FINI";
  case ELF::DT_NEEDED:
    return "DT_NEEDED";
  case ELF::DT_AUXILIARY:
    return "DT_AUXILIARY";
  case ELF::DT_FILTER:
    return "DT_FILTER";
  default:
    return "";
  }
}

} // namespace

/// The arrays of functions are sections as well.
Error Image::loadRequests(const File &file) {
  const auto &elf = file.getELFFile();
  auto headers = elf.sections();
  if (!headers)
    return headers.takeError();
  for (const auto &header : *headers) {
    Expected<StringRef> name = elf.getSectionName(header);
    if (!name)
      return name.takeError();
    if (header.sh_size != 0 && runsOnItsOwn(*name, header.sh_type))
      requests.push_back("section " + name->str());
  }
  if (relocatable)
    return Error::success();
  auto entries = elf.dynamicEntries();
  if (!entries)
    return entries.takeError();
  for (const auto &entry : *entries)
    if (StringRef request = requestOf(entry.getTag()); !request.empty())
      requests.push_back("entry " + request.str());
  return Error::success();
}

Error Image::loadNotes(const File &file) {
  const auto &elf = file.getELFFile();
  auto headers = elf.sections();
  if (!headers)
    return headers.takeError();
  executableStack = true; // the linkers' default for an object that says nothing
  uint32_t needed = 0;
  for (const auto &header : *headers) {
    Expected<StringRef> name = elf.getSectionName(header);
    if (!name)
      return name.takeError();
    if (*name == ".note.GNU-stack")
      executableStack = header.sh_flags & ELF::SHF_EXECINSTR;
    if (*name != ".note.gnu.property" || header.sh_type != ELF::SHT_NOTE)
      continue;
    Error error = Error::success();
    for (const auto &note : elf.notes(header, error))
      if (note.getName() == "GNU" && note.getType() == ELF::NT_GNU_PROPERTY_TYPE_0)
        needed |= neededBits(note.getDesc(std::max<uint64_t>(header.sh_addralign, 4)));
    if (error)
      return noteError(*name, std::move(error));
  }
  constexpr uint32_t levels = 15;
  if (needed & levels)
    isaLevel = Log2_32(needed & levels) + 1;
  if (relocatable)
    return Error::success();
  Expected<bool> executable = hasExecutableStackHeader(elf);
  if (!executable)
    return executable.takeError();
  executableStack = *executable;
  return Error::success();
}

} // namespace nnc::verify
