//===- Relocate.cpp - Applies relocations to an image ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Image.h"

#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace llvm::object;

namespace nnc::verify {

Error Image::relocate(const File &file) {
  auto headers = file.getELFFile().sections();
  if (!headers)
    return headers.takeError();
  for (const auto &header : *headers) {
    if (header.sh_type == ELF::SHT_REL)
      return createStringError("has relocations without addends, which x86-64 does not use");
    if (header.sh_type == ELF::SHT_RELA)
      if (Error e = applyTable(file, header))
        return e;
  }
  return Error::success();
}

Error Image::applyTable(const File &file, const Elf::Shdr &table) {
  const auto &elf = file.getELFFile();
  int target = -1;
  if (relocatable) {
    if (table.sh_info >= loadedIndex.size() || (target = loadedIndex[table.sh_info]) < 0)
      return Error::success(); // debug information and the like
    StringRef name = loaded[target].name;
    if (name == ".eh_frame")
      return Error::success(); // describes code, is not reached by it
  } else if (!(table.sh_flags & ELF::SHF_ALLOC)) {
    return Error::success(); // kept by the linker for information
  }
  auto relas = elf.relas(table);
  if (!relas)
    return relas.takeError();
  auto symbolTable = elf.getSection(table.sh_link);
  if (!symbolTable)
    return symbolTable.takeError();
  for (const auto &rela : *relas) {
    std::string name;
    Expected<uint64_t> value = symbolValue(file, **symbolTable, rela.getSymbol(false), name);
    if (!value)
      return value.takeError();
    Section *section =
        target >= 0 ? &loaded[target] : const_cast<Section *>(sectionAt(rela.r_offset));
    if (!section)
      continue;
    uint64_t offset = target >= 0 ? uint64_t(rela.r_offset) : rela.r_offset - section->address;
    if (Error e = applyOne(rela, *section, offset, *value, name))
      return e;
  }
  return Error::success();
}

Expected<uint64_t> Image::symbolValue(const File &file, const Elf::Shdr &table, uint32_t index,
                                      std::string &name) {
  if (index == 0)
    return 0;
  const auto &elf = file.getELFFile();
  auto symbol = elf.getSymbol(&table, index);
  if (!symbol)
    return symbol.takeError();
  auto strings = elf.getStringTableForSymtab(table);
  if (!strings)
    return strings.takeError();
  Expected<StringRef> symbolName = (*symbol)->getName(*strings);
  if (!symbolName)
    return symbolName.takeError();
  name = symbolName->str();
  if ((*symbol)->st_shndx == ELF::SHN_UNDEF || (*symbol)->st_shndx == ELF::SHN_COMMON)
    return 0; // listed as undefined; address 0 is in no section
  if ((*symbol)->st_shndx == ELF::SHN_ABS || !relocatable)
    return uint64_t((*symbol)->st_value);
  unsigned section = (*symbol)->st_shndx;
  if (section >= loadedIndex.size() || loadedIndex[section] < 0)
    return 0;
  return loaded[loadedIndex[section]].address + (*symbol)->st_value;
}

MutableArrayRef<uint8_t> Image::writableCopy(Section &section) {
  for (auto &copy : copies)
    if (copy->data() == section.bytes.data())
      return *copy;
  copies.push_back(std::make_unique<std::vector<uint8_t>>(section.bytes.vec()));
  section.bytes = *copies.back();
  return *copies.back();
}

uint64_t Image::gotEntry(uint64_t value) {
  Section &got = loaded[gotIndex];
  if (got.bytes.empty()) {
    copies.push_back(std::make_unique<std::vector<uint8_t>>());
    copies.back()->reserve(1 << 16);
  }
  auto &data = **llvm::find_if(copies, [&](auto &c) {
    return got.bytes.empty() ? c == copies.back() : c->data() == got.bytes.data();
  });
  data.resize(data.size() + 8);
  support::endian::write64le(data.data() + data.size() - 8, value);
  got.bytes = data;
  got.size = data.size();
  uint64_t entry = got.address + got.size - 8;
  got.relocated[entry] = {entry, 8, /*isAddress=*/true};
  return entry;
}

Error Image::applyOne(const Elf::Rela &rela, Section &section, uint64_t offset, uint64_t value,
                      StringRef symbol) {
  uint32_t type = rela.getType(false);
  unsigned width = 4;
  uint64_t place = section.address + offset;
  uint64_t result = value + rela.r_addend;
  switch (type) {
  case ELF::R_X86_64_NONE:
    return Error::success();
  case ELF::R_X86_64_RELATIVE:
    result = rela.r_addend;
    [[fallthrough]];
  case ELF::R_X86_64_64:
    width = 8;
    break;
  case ELF::R_X86_64_GLOB_DAT:
  case ELF::R_X86_64_JUMP_SLOT:
    width = 8;
    result = value;
    break;
  case ELF::R_X86_64_PC32:
  case ELF::R_X86_64_PLT32:
    result -= place;
    break;
  case ELF::R_X86_64_PC64:
    width = 8;
    result -= place;
    break;
  case ELF::R_X86_64_GOTPCREL:
  case ELF::R_X86_64_GOTPCRELX:
  case ELF::R_X86_64_REX_GOTPCRELX:
    if (gotIndex < 0 || gotUsed++ >= (1 << 13))
      return createStringError("too many references through the global offset table");
    result = gotEntry(value) + rela.r_addend - place;
    break;
  case ELF::R_X86_64_32:
  case ELF::R_X86_64_32S:
    break;
  case ELF::R_X86_64_IRELATIVE: // an indirect function of the C library in a static program
    return Error::success();
  default:
    if (!standalone)
      return Error::success(); // somebody else's data
    return createStringError("relocation of type " + Twine(type) + " against '" + symbol +
                             "' in section " + section.name + " is not understood");
  }
  if (section.bytes.size() < width || offset > section.bytes.size() - width)
    return createStringError("relocation outside section " + section.name);
  if (relocatedIn(place, width))
    return createStringError("relocations overlap in section " + section.name);
  section.relocated[place] = {place, width, width == 8 && type != ELF::R_X86_64_PC64};
  MutableArrayRef<uint8_t> data = writableCopy(section);
  if (width == 8)
    support::endian::write64le(data.data() + offset, result);
  else
    support::endian::write32le(data.data() + offset, uint32_t(result));
  return Error::success();
}

} // namespace nnc::verify
