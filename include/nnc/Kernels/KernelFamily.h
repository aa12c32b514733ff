//===- KernelFamily.h - Generators of CPU kernels ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/KernelChoice.h"
#include "nnc/Support/TargetModel.h"

#include <memory>
#include <vector>

namespace nnc {

class KernelEmitter;

/// One family of kernels: which groups it can compute, how fast, and the code.
class KernelFamily {
public:
  virtual ~KernelFamily() = default;
  /// Algorithms are called NAME or NAME.variant.
  virtual llvm::StringRef name() const = 0;
  /// Adds every way in which this family can compute `group`.
  virtual void candidates(nn::FusedOp group, const TargetModel &target,
                          std::vector<Candidate> &out) const = 0;
  /// The candidate's tile and what was left open until the layouts of `kernel` were known.
  virtual mlir::DictionaryAttr completeTile(plan::KernelOp kernel, const TargetModel &) const {
    return kernel.getTile();
  }
  /// May operand `operand` of `kernel` share bytes with result 0, see Candidate::mayAlias?
  virtual bool mayAlias(plan::KernelOp kernel, unsigned operand) const = 0;
  /// Writes the body of the kernel function at the emitter's insertion point.
  /// `pointers` are the origins of operands, then results. A failure was
  /// reported at the kernel's location.
  virtual llvm::LogicalResult generate(plan::KernelOp kernel, mlir::ValueRange pointers,
                                       KernelEmitter &emitter) const = 0;
};

std::unique_ptr<KernelFamily> createContractionFamily(); ///< conv and matmul in register tiles
std::unique_ptr<KernelFamily> createMatrixFamily();      ///< the same of bytes, in matrix registers
std::unique_ptr<KernelFamily> createDepthwiseFamily();   ///< one filter per channel
std::unique_ptr<KernelFamily> createDenseFamily();       ///< matmul with one row
std::unique_ptr<KernelFamily> createPoolFamily();        ///< max and average pooling
std::unique_ptr<KernelFamily> createBlendFamily();       ///< few elements picked and summed
std::unique_ptr<KernelFamily> createRowFamily();         ///< groups with reductions
std::unique_ptr<KernelFamily> createThresholdFamily();   ///< sums of comparisons
std::unique_ptr<KernelFamily>
createPointFamily(int64_t scannedTableBytes); ///< elementwise groups and movement

/// All families for one machine.
class KernelRegistry : public KernelChooser {
public:
  /// Run-time look-ups read the whole table, so that no address depends on data,
  /// where it has few rows or at most `scannedTableBytes`.
  KernelRegistry(TargetModel target, int64_t scannedTableBytes);
  std::vector<Candidate> candidates(nn::FusedOp group) const override;
  mlir::DictionaryAttr completeTile(plan::KernelOp kernel) const override;
  bool mayAlias(plan::KernelOp kernel, unsigned operand) const override;
  /// Appends `func.func private @NAME(ptr…)` for `kernel` to `module`, in scf,
  /// arith, vector and LLVM pointer ops.
  llvm::LogicalResult generate(plan::KernelOp kernel, mlir::ModuleOp module) const;
  const TargetModel &target() const { return model; }

private:
  const KernelFamily *find(llvm::StringRef algorithm) const;
  TargetModel model;
  std::vector<std::unique_ptr<KernelFamily>> families;
};

} // namespace nnc
