//===- ShareTerms.cpp - Common subexpressions of linear forms ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Greedy, as is usual since the problem is NP-hard (R. Hartley, "Subexpression
// sharing in filters using canonic signed digit multipliers", 1996). What a pair
// saves is counted in bits of the sums that it is taken from.
//
//===----------------------------------------------------------------------===//
#include "ShareTerms.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>

using namespace llvm;

namespace nnc::dataflow {

namespace {

/// Two terms up to a common shift and sign: first +- (second << distance).
struct Pair {
  unsigned first, second;
  int distance;
  bool opposite;

  static Pair of(const Term &a, const Term &b) {
    int distance = static_cast<int>(b.shift) - static_cast<int>(a.shift);
    bool swap = b.form < a.form || (a.form == b.form && distance < 0);
    return swap ? Pair{b.form, a.form, -distance, a.negative != b.negative}
                : Pair{a.form, b.form, distance, a.negative != b.negative};
  }
  uint64_t key() const {
    return (uint64_t(first) << 36) | (uint64_t(second) << 8) | (uint64_t(distance + 64) << 1) |
           uint64_t(opposite);
  }
  static Pair of(uint64_t key) {
    return {static_cast<unsigned>(key >> 36), static_cast<unsigned>((key >> 8) & 0xfffffff),
            static_cast<int>((key >> 1) & 0x7f) - 64, (key & 1) != 0};
  }
  std::array<Term, 2> terms() const {
    unsigned up = distance > 0 ? distance : 0, down = distance < 0 ? -distance : 0;
    return {Term{first, down, false}, Term{second, up, opposite}};
  }
};

/// A number in [-1, 1) that depends on the arguments only.
double noise(uint64_t key, uint64_t seed) {
  uint64_t x = key + seed * 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>(static_cast<int64_t>(x ^ (x >> 31))) / 9223372036854775808.0;
}

class Sharing {
public:
  Sharing(LinearForms &forms, const SharingOptions &options) : forms(forms), options(options) {}

  void run() {
    users.resize(forms.forms.size());
    depth.resize(forms.forms.size());
    group.resize(forms.forms.size());
    for (unsigned i = 0; i < forms.inputs; ++i)
      group[i] = uint64_t(i) * options.groups / forms.inputs;
    rowTerms.resize(size_t(forms.rows) * options.groups);
    for (unsigned i = 0; i < forms.rows; ++i)
      for (const Term &term : forms.row(i).terms)
        addTerm(i, term);
    for (auto [key, count] : counts)
      offer(key, count);
    while (!queue.empty()) {
      Candidate top = queue.top();
      queue.pop();
      // The queue is not told of fewer occurrences, and has an entry of its own for more.
      unsigned count = counts.lookup(top.key);
      if (count == top.count)
        replace(Pair::of(top.key));
      else if (count < top.count)
        offer(top.key, count);
    }
    for (unsigned i = 0; i < forms.rows; ++i) {
      forms.row(i).terms.clear();
      for (unsigned j = 0; j < options.groups; ++j)
        llvm::append_range(forms.row(i).terms, rowTerms[size_t(i) * options.groups + j]);
    }
  }

private:
  struct Candidate {
    double score;
    uint64_t key;
    unsigned count;

    bool operator<(const Candidate &other) const {
      return score != other.score ? score < other.score : key > other.key;
    }
  };

  /// Whole bits cannot tell the sum of two bits, with three values, from two bits.
  double bitsOf(Interval values) const {
    double information = std::log2(static_cast<double>(values.most - values.least) + 1);
    return (1 - options.smoothness) * bitWidth(values.most) + options.smoothness * information;
  }

  double score(uint64_t key, unsigned count) {
    Pair pair = Pair::of(key);
    if (std::max(depth[pair.first], depth[pair.second]) >= options.maxDepth)
      return 0;
    std::array<Term, 2> terms = pair.terms();
    double removed = bitsOf(forms.forms[pair.first].values) +
                     bitsOf(forms.forms[pair.second].values) - bitsOf(forms.sum(terms));
    Columns a = forms.columns(terms[0]), b = forms.columns(terms[1]);
    // Generous: sums of these pairs may pay although they do not, and else they are dissolved.
    double saved = count * removed - 0.5 * a.overlap(b);
    return options.variation == 0 ? saved
                                  : saved * (1 + options.variation * noise(key, options.seed));
  }

  void offer(uint64_t key, unsigned count) {
    if (count < 2)
      return;
    if (double value = score(key, count); value > 0)
      queue.push({value, key, count});
  }

  /// The terms of a row that pair with those of `form`.
  std::vector<Term> &termsBeside(unsigned form, unsigned row) {
    return rowTerms[size_t(row) * options.groups + group[form]];
  }

  void addTerm(unsigned row, const Term &term) {
    std::vector<Term> &terms = termsBeside(term.form, row);
    for (const Term &other : terms)
      ++counts[Pair::of(other, term).key()];
    terms.push_back(term);
    if (users[term.form].empty() || users[term.form].back() != row)
      users[term.form].push_back(row);
  }

  void removeTerm(unsigned row, const Term &term) {
    std::vector<Term> &terms = termsBeside(term.form, row);
    terms.erase(llvm::find(terms, term));
    for (const Term &other : terms) {
      auto at = counts.find(Pair::of(other, term).key());
      if (--at->second == 0)
        counts.erase(at);
    }
  }

  /// Places of `pair` in `row` that have no term in common: pairs of the terms at them.
  std::vector<std::pair<Term, Term>> occurrences(const Pair &pair, unsigned row) {
    std::vector<std::pair<Term, Term>> found;
    const std::vector<Term> &terms = termsBeside(pair.first, row);
    SmallVector<bool, 64> used(terms.size());
    for (unsigned i = 0; i < terms.size(); ++i) {
      if (used[i] || terms[i].form != pair.first)
        continue;
      for (unsigned j = 0; j < terms.size(); ++j) {
        if (used[j] || i == j || terms[j].form != pair.second ||
            static_cast<int>(terms[j].shift) - static_cast<int>(terms[i].shift) != pair.distance ||
            (terms[i].negative != terms[j].negative) != pair.opposite)
          continue;
        used[i] = used[j] = true;
        found.emplace_back(terms[i], terms[j]);
        break;
      }
    }
    return found;
  }

  void replace(const Pair &pair) {
    std::vector<unsigned> rows = users[pair.first];
    llvm::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<std::pair<unsigned, std::pair<Term, Term>>> places;
    for (unsigned row : rows)
      for (auto &place : occurrences(pair, row))
        places.emplace_back(row, place);
    // Places in one row may overlap: then there are fewer than were counted.
    if (places.size() < 2 || score(pair.key(), places.size()) <= 0)
      return;
    unsigned form = forms.forms.size();
    std::array<Term, 2> terms = pair.terms();
    forms.addForm({terms.begin(), terms.end()});
    depth.push_back(std::max(depth[pair.first], depth[pair.second]) + 1);
    users.emplace_back();
    group.push_back(group[pair.first]);
    unsigned down = pair.distance < 0 ? -pair.distance : 0;
    for (auto &[row, place] : places) {
      removeTerm(row, place.first);
      removeTerm(row, place.second);
      addTerm(row, {form, place.first.shift - down, place.first.negative});
    }
    offerPairsOf(form);
  }

  /// All that a new form occurs with.
  void offerPairsOf(unsigned form) {
    std::vector<uint64_t> keys;
    for (unsigned row : users[form]) {
      const std::vector<Term> &terms = termsBeside(form, row);
      for (const Term &term : terms)
        if (term.form == form)
          for (const Term &other : terms)
            if (!(other == term))
              keys.push_back(Pair::of(other, term).key());
    }
    llvm::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (uint64_t key : keys)
      offer(key, counts.lookup(key));
  }

  LinearForms &forms;
  const SharingOptions &options;
  DenseMap<uint64_t, unsigned> counts;
  std::priority_queue<Candidate> queue;
  std::vector<unsigned> depth;              ///< of sharing, by form
  std::vector<std::vector<unsigned>> users; ///< rows that had a term of this form at some time
  std::vector<unsigned> group;              ///< by form
  std::vector<std::vector<Term>> rowTerms;  ///< by row, then group
};

/// Replaces forms that are used too seldom to pay by their terms, from the last to the first.
class Dissolving {
public:
  explicit Dissolving(LinearForms &forms) : forms(forms) {}

  void run() {
    unsigned kept = forms.inputs + forms.rows;
    std::vector<unsigned> uses(forms.forms.size());
    for (const Form &form : forms.forms)
      for (const Term &term : form.terms)
        ++uses[term.form];
    std::vector<bool> gone(forms.forms.size());
    for (unsigned i = forms.forms.size(); i-- > kept;) {
      gone[i] = !pays(forms.forms[i], uses[i]);
      if (!gone[i])
        continue;
      for (const Term &term : forms.forms[i].terms)
        uses[term.form] += uses[i] - 1;
    }
    for (Form &form : forms.forms)
      form.terms = expand(form.terms, gone);
  }

private:
  bool pays(const Form &form, unsigned uses) const {
    unsigned bits = 0, overlap = 0;
    Columns covered;
    for (const Term &term : form.terms) {
      Columns columns = forms.columns(term);
      bits += columns.size();
      overlap += covered.overlap(columns);
      covered = covered.end == 0 ? columns
                                 : Columns{std::min(covered.least, columns.least),
                                           std::max(covered.end, columns.end)};
    }
    double removed = static_cast<double>(bits) - form.width();
    constexpr double tablesPerBit = 0.65; // that chains with counters take, about
    return uses > 1 && tablesPerBit * uses * removed > overlap;
  }

  std::vector<Term> expand(ArrayRef<Term> terms, const std::vector<bool> &gone) const {
    std::vector<Term> result;
    for (const Term &term : terms) {
      if (!gone[term.form]) {
        result.push_back(term);
        continue;
      }
      for (Term inner : expand(forms.forms[term.form].terms, gone))
        result.push_back({inner.form, inner.shift + term.shift, inner.negative != term.negative});
    }
    return result;
  }

  LinearForms &forms;
};

} // namespace

void shareTerms(LinearForms &forms, const SharingOptions &options) {
  Sharing(forms, options).run();
  Dissolving(forms).run();
}

} // namespace nnc::dataflow
