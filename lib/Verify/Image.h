//===- Image.h - An ELF file as one relocated address space ------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nnc::verify {

/// A section that is loaded at run time.
/// What a linker or loader fills in.
struct Relocated {
  uint64_t address;
  unsigned bytes;
  bool isAddress; ///< of a place in the image; else a distance, say
};

struct Section {
  std::string name;
  uint64_t address = 0;
  uint64_t size = 0;
  llvm::ArrayRef<uint8_t> bytes; ///< empty for zero-filled sections
  bool writable = false;         ///< at run time; relocated read-only data is not
  bool executable = false;
  std::map<uint64_t, Relocated> relocated; ///< by address

  bool contains(uint64_t a) const { return a >= address && a - address < size; }
};

/// A named place in the image.
struct Symbol {
  std::string name;
  uint64_t address = 0;
  uint64_t size = 0;
  bool isFunction = false;
};

/// What the names of a network's entry points end with.
inline constexpr llvm::StringLiteral entryNames[] = {"run",      "run_v",  "run_steps",
                                                     "selftest", "cpu_ok", "reset"};

/// The loaded sections of an ELF file in one address space. A relocatable
/// object is laid out and relocated as a linker would, so that the analysis
/// sees the same picture for objects, libraries and programs. The file's
/// buffer must outlive the image.
class Image {
public:
  static llvm::Expected<std::unique_ptr<Image>> create(llvm::MemoryBufferRef file);

  const Section *sectionAt(uint64_t address) const;
  const Symbol *symbol(llvm::StringRef name) const;
  /// Whether an entry point of the network is here.
  bool holdsNetwork(llvm::StringRef name) const;
  /// The function symbol that starts at or before `address` in its section.
  const Symbol *functionAround(uint64_t address) const;
  /// Little-endian integer of 1 to 8 bytes, if all of them lie in one section.
  std::optional<uint64_t> read(uint64_t address, unsigned size) const;
  /// What linkers or loaders fill in among these bytes, the last of it: the numbers that stand
  /// there for now are not those of a run.
  const Relocated *relocatedIn(uint64_t address, uint64_t size) const;
  /// Raw bytes of [address, address + size) or an empty range.
  llvm::ArrayRef<uint8_t> bytes(uint64_t address, uint64_t size) const;

  llvm::ArrayRef<Section> sections() const { return loaded; }
  llvm::ArrayRef<Symbol> functions() const { return functionSymbols; }
  llvm::ArrayRef<std::string> undefinedSymbols() const { return undefined; }
  /// Holds nothing but the network: an object or a library, not a program.
  bool isStandalone() const { return standalone; }
  bool isRelocatable() const { return relocatable; }
  /// The psABI level of x86-64 that the file asks loaders for (1 to 4), if it
  /// has a GNU property note that says so.
  std::optional<unsigned> isaLevelNote() const { return isaLevel; }
  /// What linkers and loaders make of an object or a library.
  bool asksForExecutableStack() const { return executableStack; }
  /// The names that other files may link to.
  llvm::ArrayRef<std::string> exports() const { return exported; }
  /// What has loaders run code or load files before anybody calls: "section .init_array".
  llvm::ArrayRef<std::string> loaderRequests() const { return requests; }

private:
  using File = llvm::object::ELFObjectFile<llvm::object::ELF64LE>;
  using Elf = llvm::object::ELF64LE;

  llvm::Error loadSections(const File &file);
  llvm::Error loadSymbols(const File &file);
  llvm::Error addSymbolTable(const File &file, const Elf::Shdr &table);
  llvm::Error loadNotes(const File &file);
  llvm::Error loadRequests(const File &file);
  llvm::Error relocate(const File &file);
  llvm::Error applyTable(const File &file, const Elf::Shdr &table);
  llvm::Error applyOne(const Elf::Rela &rela, Section &target, uint64_t place, uint64_t value,
                       llvm::StringRef symbol);
  llvm::Expected<uint64_t> symbolValue(const File &file, const Elf::Shdr &symbols, uint32_t index,
                                       std::string &name);
  uint64_t gotEntry(uint64_t value);
  llvm::MutableArrayRef<uint8_t> writableCopy(Section &section);
  void noteUndefined(llvm::StringRef name);

  std::vector<Section> loaded;  ///< sorted by address
  std::vector<int> loadedIndex; ///< section header index to `loaded`, or -1
  std::vector<std::unique_ptr<std::vector<uint8_t>>> copies;
  std::vector<Symbol> symbols;
  std::vector<Symbol> functionSymbols; ///< sorted by address
  llvm::StringMap<unsigned> byName;
  std::vector<std::string> undefined, exported, requests;
  int gotIndex = -1;
  unsigned gotUsed = 0;
  bool standalone = false, relocatable = false, executableStack = false;
  std::optional<unsigned> isaLevel;
};

} // namespace nnc::verify
