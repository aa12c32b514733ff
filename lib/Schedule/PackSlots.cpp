//===- PackSlots.cpp - Offsets in the arena -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Offset assignment is bin packing with lifetimes (NP-hard): we place slots one
// by one into the tightest gap that fits, in several orders, and keep the best.
//
//===----------------------------------------------------------------------===//
#include "PackSlots.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <limits>
#include <map>

using namespace llvm;

namespace nnc::schedule {

namespace {

using Sequence = std::vector<unsigned>;

int64_t rounded(const SlotRequest &request) { return alignTo(request.bytes, slotAlignment); }

bool together(const SlotRequest &a, const SlotRequest &b) {
  return a.first <= b.last && b.first <= a.last;
}

/// Places slots in this sequence, each into the smallest gap between those it
/// lives with; on top of them if none fits.
Packing place(ArrayRef<SlotRequest> requests, const Sequence &sequence) {
  Packing packing;
  packing.offsets.assign(requests.size(), 0);
  Sequence byOffset; // placed so far, sorted
  for (unsigned i : sequence) {
    int64_t bytes = rounded(requests[i]), end = 0, best = -1;
    int64_t bestGap = std::numeric_limits<int64_t>::max();
    for (unsigned j : byOffset) {
      if (!together(requests[i], requests[j]))
        continue;
      int64_t gap = packing.offsets[j] - end;
      if (gap >= bytes && gap < bestGap) {
        bestGap = gap;
        best = end;
      }
      end = std::max(end, packing.offsets[j] + rounded(requests[j]));
    }
    packing.offsets[i] = best >= 0 ? best : end;
    packing.bytes = std::max(packing.bytes, packing.offsets[i] + bytes);
    auto at = llvm::upper_bound(byOffset, i, [&](unsigned a, unsigned b) {
      return packing.offsets[a] < packing.offsets[b];
    });
    byOffset.insert(at, i);
  }
  return packing;
}

template <typename Key>
Sequence sortedBy(ArrayRef<SlotRequest> requests, ArrayRef<unsigned> which, Key key) {
  Sequence sequence(which.begin(), which.end());
  llvm::stable_sort(sequence,
                    [&](unsigned a, unsigned b) { return key(requests[a]) < key(requests[b]); });
  return sequence;
}

/// A slot that ends at the top was placed too late: it goes first next time.
void improve(ArrayRef<SlotRequest> requests, Sequence sequence, int64_t bound, Packing &best) {
  constexpr int rounds = 60;
  Packing current = place(requests, sequence);
  for (int round = 0; round < rounds; ++round) {
    if (current.bytes < best.bytes)
      best = current;
    if (best.bytes <= bound)
      return;
    auto top = llvm::find_if(sequence, [&](unsigned i) {
      return current.offsets[i] + rounded(requests[i]) == current.bytes;
    });
    if (top == sequence.begin())
      return;
    std::rotate(sequence.begin(), top, top + 1);
    current = place(requests, sequence);
  }
}

} // namespace

int64_t liveBytes(ArrayRef<SlotRequest> requests) {
  std::map<int64_t, int64_t> change;
  for (const SlotRequest &request : requests) {
    change[request.first] += rounded(request);
    change[request.last + 1] -= rounded(request);
  }
  int64_t live = 0, most = 0;
  for (auto &[step, bytes] : change)
    most = std::max(most, live += bytes);
  return most;
}

Packing packSlots(ArrayRef<SlotRequest> requests) {
  std::vector<unsigned> which;
  for (auto [i, request] : llvm::enumerate(requests))
    if (request.bytes > 0) // slots without bytes stay at offset 0
      which.push_back(i);
  Packing best;
  best.offsets.assign(requests.size(), 0);
  if (which.empty())
    return best;
  best.bytes = std::numeric_limits<int64_t>::max();
  int64_t bound = liveBytes(requests);
  auto bytes = [](const SlotRequest &r) { return -rounded(r); };
  auto area = [](const SlotRequest &r) { return -rounded(r) * (r.last - r.first + 1); };
  auto length = [](const SlotRequest &r) { return r.first - r.last; };
  auto begin = [](const SlotRequest &r) { return r.first; };
  for (const Sequence &sequence :
       {sortedBy(requests, which, bytes), sortedBy(requests, which, area),
        sortedBy(requests, which, length), sortedBy(requests, which, begin)}) {
    improve(requests, sequence, bound, best);
    if (best.bytes <= bound)
      break;
  }
  return best;
}

} // namespace nnc::schedule
