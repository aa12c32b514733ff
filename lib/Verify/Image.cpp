//===- Image.cpp - An ELF file as one relocated address space --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Image.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <tuple>

using namespace llvm;
using namespace llvm::object;

namespace nnc::verify {
namespace {

constexpr uint64_t firstAddress = 0x10000;
/// Between two sections of a relocatable object, so that running off the end
/// of one never looks like an access to the next.
constexpr uint64_t guardBytes = 0x10000;

/// Data that only the loader writes, before any code runs.
bool isRelocatedReadOnly(StringRef name) { return name.starts_with(".data.rel.ro"); }

bool isRelro(const ELFFile<ELF64LE> &elf, uint64_t address) {
  auto headers = elf.program_headers();
  if (!headers) {
    consumeError(headers.takeError());
    return false;
  }
  for (const auto &header : *headers)
    if (header.p_type == ELF::PT_GNU_RELRO && address >= header.p_vaddr &&
        address - header.p_vaddr < header.p_memsz)
      return true;
  return false;
}

/// What linkers say of a program that is loaded at any address, with a loader or without.
bool isPositionIndependentProgram(const ELFFile<ELF64LE> &elf) {
  auto entries = elf.dynamicEntries();
  if (!entries) {
    consumeError(entries.takeError());
    return false;
  }
  return any_of(*entries, [](const auto &entry) {
    return entry.d_tag == ELF::DT_FLAGS_1 && (entry.d_un.d_val & ELF::DF_1_PIE);
  });
}

/// A program, and no library.
bool isProgram(const ELFFile<ELF64LE> &elf) {
  if (elf.getHeader().e_type == ELF::ET_EXEC || isPositionIndependentProgram(elf))
    return true;
  auto headers = elf.program_headers();
  if (!headers) {
    consumeError(headers.takeError());
    return true;
  }
  return any_of(*headers, [](const auto &h) { return h.p_type == ELF::PT_INTERP; });
}

} // namespace

Expected<std::unique_ptr<Image>> Image::create(MemoryBufferRef buffer) {
  StringRef start = buffer.getBuffer();
  if (start.size() < ELF::EI_NIDENT || start[ELF::EI_CLASS] != ELF::ELFCLASS64 ||
      start[ELF::EI_DATA] != ELF::ELFDATA2LSB)
    return createStringError("is not an x86-64 ELF file");
  auto file = File::create(buffer);
  if (!file)
    return file.takeError();
  const auto &header = file->getELFFile().getHeader();
  if (header.e_machine != ELF::EM_X86_64)
    return createStringError("is not an x86-64 ELF file");
  if (header.e_type != ELF::ET_REL && header.e_type != ELF::ET_DYN && header.e_type != ELF::ET_EXEC)
    return createStringError("is neither an object, a library nor a program");
  auto image = std::make_unique<Image>();
  image->relocatable = header.e_type == ELF::ET_REL;
  image->standalone = image->relocatable || !isProgram(file->getELFFile());
  if (Error e = image->loadSections(*file))
    return std::move(e);
  if (Error e = image->loadSymbols(*file))
    return std::move(e);
  if (Error e = image->loadNotes(*file))
    return std::move(e);
  if (Error e = image->loadRequests(*file))
    return std::move(e);
  if (Error e = image->relocate(*file))
    return std::move(e);
  return std::move(image);
}

Error Image::loadSections(const File &file) {
  const auto &elf = file.getELFFile();
  auto headers = elf.sections();
  if (!headers)
    return headers.takeError();
  if (headers->empty())
    return createStringError("has no section headers");
  uint64_t next = firstAddress;
  loadedIndex.assign(headers->size(), -1);
  for (auto [index, header] : enumerate(*headers)) {
    if (!(header.sh_flags & ELF::SHF_ALLOC) || header.sh_size == 0)
      continue;
    // .tbss has an address and takes none: each thread gets its own.
    bool isThreadLocal = header.sh_flags & ELF::SHF_TLS;
    if (!relocatable && isThreadLocal && header.sh_type == ELF::SHT_NOBITS)
      continue;
    Expected<StringRef> name = elf.getSectionName(header);
    if (!name)
      return name.takeError();
    if (header.sh_size > (uint64_t(1) << 40) || header.sh_addralign > (uint64_t(1) << 24) ||
        (header.sh_addralign & (header.sh_addralign - 1)))
      return createStringError("section " + *name + " has an absurd size or alignment");
    Section section;
    section.name = name->str();
    section.size = header.sh_size;
    section.address = header.sh_addr;
    if (relocatable) {
      section.address = alignTo(next, std::max<uint64_t>(header.sh_addralign, 4096));
      next = section.address + section.size + guardBytes;
    }
    if (header.sh_type != ELF::SHT_NOBITS) {
      auto contents = elf.getSectionContents(header);
      if (!contents)
        return contents.takeError();
      section.bytes = *contents;
    }
    section.executable = header.sh_flags & ELF::SHF_EXECINSTR;
    section.writable = (header.sh_flags & ELF::SHF_WRITE) && !isRelocatedReadOnly(*name) &&
                       !isRelro(elf, header.sh_addr);
    if (isThreadLocal)
      section.writable = true;
    loadedIndex[index] = loaded.size();
    loaded.push_back(std::move(section));
  }
  if (relocatable) {
    gotIndex = loaded.size();
    Section got;
    got.name = ".got";
    got.address = alignTo(next, 4096);
    loaded.push_back(got);
  }
  return Error::success();
}

Error Image::addSymbolTable(const File &file, const Elf::Shdr &table) {
  const auto &elf = file.getELFFile();
  auto entries = elf.symbols(&table);
  if (!entries)
    return entries.takeError();
  auto strings = elf.getStringTableForSymtab(table);
  if (!strings)
    return strings.takeError();
  for (const auto &entry : *entries) {
    Expected<StringRef> name = entry.getName(*strings);
    if (!name)
      return name.takeError();
    if (name->empty() || entry.getType() == ELF::STT_FILE || entry.getType() == ELF::STT_SECTION)
      continue;
    if (entry.st_shndx == ELF::SHN_UNDEF || entry.st_shndx == ELF::SHN_COMMON) {
      noteUndefined(*name);
      continue;
    }
    bool isLocal = entry.getBinding() == ELF::STB_LOCAL;
    bool isHidden =
        entry.getVisibility() == ELF::STV_HIDDEN || entry.getVisibility() == ELF::STV_INTERNAL;
    if (!isLocal && !isHidden && !is_contained(exported, *name))
      exported.push_back(name->str());
    if (entry.getType() == ELF::STT_GNU_IFUNC)
      requests.push_back("indirect function " + name->str());
    if (entry.st_shndx >= loadedIndex.size() || loadedIndex[entry.st_shndx] < 0)
      continue;
    Symbol symbol{name->str(), entry.st_value, entry.st_size, entry.getType() == ELF::STT_FUNC};
    if (relocatable)
      symbol.address += loaded[loadedIndex[entry.st_shndx]].address;
    if (byName.try_emplace(symbol.name, symbols.size()).second)
      symbols.push_back(std::move(symbol));
  }
  return Error::success();
}

Error Image::loadSymbols(const File &file) {
  auto headers = file.getELFFile().sections();
  if (!headers)
    return headers.takeError();
  for (const auto &header : *headers)
    if (header.sh_type == ELF::SHT_SYMTAB || header.sh_type == ELF::SHT_DYNSYM)
      if (Error e = addSymbolTable(file, header))
        return e;
  for (const Symbol &symbol : symbols)
    if (symbol.isFunction)
      functionSymbols.push_back(symbol);
  llvm::sort(functionSymbols, [](const Symbol &a, const Symbol &b) {
    return std::tie(a.address, a.name) < std::tie(b.address, b.name);
  });
  return Error::success();
}

void Image::noteUndefined(StringRef name) {
  if (!is_contained(undefined, name))
    undefined.push_back(name.str());
}

const Section *Image::sectionAt(uint64_t address) const {
  for (const Section &section : loaded)
    if (section.contains(address))
      return &section;
  return nullptr;
}

const Symbol *Image::symbol(StringRef name) const {
  auto it = byName.find(name);
  return it == byName.end() ? nullptr : &symbols[it->second];
}

bool Image::holdsNetwork(StringRef name) const {
  return any_of(entryNames, [&](StringRef entry) { return symbol((name + "_" + entry).str()); });
}

const Symbol *Image::functionAround(uint64_t address) const {
  auto it = upper_bound(functionSymbols, address,
                        [](uint64_t a, const Symbol &s) { return a < s.address; });
  if (it == functionSymbols.begin())
    return nullptr;
  const Symbol *symbol = &*std::prev(it);
  return sectionAt(symbol->address) == sectionAt(address) ? symbol : nullptr;
}

ArrayRef<uint8_t> Image::bytes(uint64_t address, uint64_t size) const {
  const Section *section = sectionAt(address);
  if (!section)
    return {};
  uint64_t offset = address - section->address;
  if (size > section->bytes.size() || offset > section->bytes.size() - size)
    return {};
  return section->bytes.slice(offset, size);
}

const Relocated *Image::relocatedIn(uint64_t address, uint64_t size) const {
  const Section *section = sectionAt(address);
  if (!section)
    return nullptr;
  auto after = section->relocated.lower_bound(address + size);
  if (after == section->relocated.begin())
    return nullptr;
  const Relocated &last = std::prev(after)->second;
  return last.address + last.bytes > address ? &last : nullptr;
}

std::optional<uint64_t> Image::read(uint64_t address, unsigned size) const {
  ArrayRef<uint8_t> data = bytes(address, size);
  if (data.empty() || size > 8)
    return std::nullopt;
  uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i)
    value |= uint64_t(data[i]) << (8 * i);
  return value;
}

} // namespace nnc::verify
