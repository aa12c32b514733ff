//===- WordLogic.cpp - What synthesis makes of each operator -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "WordLogic.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace nnc::rtl;
using mlir::Operation;

namespace nnc::hls {
namespace {

/// Sums of so few bits are no carry chains (arith_map.v).
constexpr size_t shortest = 3;
/// Inputs of a table, which comparisons are cut by (cmp2lcu.v).
constexpr int tableInputs = 6;

Bits bitsOf(const APInt &value) {
  Bits bits(value.getBitWidth(), zeroBit);
  for (unsigned i = 0; i < bits.size(); ++i)
    if (value[i])
      bits[i] = oneBit;
  return bits;
}

class LogicBuilder {
public:
  explicit LogicBuilder(BitNetwork &network) : n(network) {}

  static Bits inverted(ArrayRef<Bit> bits) {
    Bits result;
    for (Bit bit : bits)
      result.push_back(!bit);
    return result;
  }

  /// a + b + carry, in a chain whose own operand is a. Where an operand begins with zeros, the sum
  /// begins with the other one.
  Bits sum(ArrayRef<Bit> a, ArrayRef<Bit> b, Bit carry) {
    Bits result;
    size_t low = 0;
    if (carry == zeroBit)
      for (; low < a.size() && (a[low] == zeroBit || b[low] == zeroBit); ++low)
        result.push_back(a[low] == zeroBit ? b[low] : a[low]);
    else if (carry == oneBit)
      for (; low < a.size() && b[low] == oneBit; ++low)
        result.push_back(a[low]);
    a = a.drop_front(low), b = b.drop_front(low);
    if (a.size() < shortest) {
      append_range(result, ripple(a, b, carry));
    } else {
      Bits chain = n.addChain(a, b, carry);
      result.insert(result.end(), chain.begin(), chain.end() - 1);
    }
    return result;
  }

  /// A sum without a carry. Which operand becomes the chain's own, yosys decides: of one that is
  /// wires and one that is logic it is the logic.
  Bits sum(ArrayRef<Bit> a, ArrayRef<Bit> b) {
    auto logic = [&](ArrayRef<Bit> bits) {
      return count_if(bits, [&](Bit bit) { return n.gates[bit.node()].kind != Gate::Leaf; });
    };
    return logic(a) < logic(b) ? sum(b, a, zeroBit) : sum(a, b, zeroBit);
  }

  Bits product(ArrayRef<Bit> a, ArrayRef<Bit> b) {
    // Partial products, then carry-save adders, then one chain (maccmap).
    std::vector<Bits> columns(a.size());
    for (size_t i = 0; i < a.size(); ++i)
      for (size_t j = 0; i + j < a.size(); ++j)
        if (Bit bit = n.both(a[i], b[j]); bit != zeroBit)
          columns[i + j].push_back(bit);
    while (any_of(columns, [](const Bits &column) { return column.size() > 2; }))
      columns = reduced(columns);
    Bits rows[2];
    for (Bits &column : columns) {
      column.resize(2, zeroBit);
      rows[0].push_back(column[0]), rows[1].push_back(column[1]);
    }
    return sum(rows[0], rows[1]);
  }

  Bit compare(Predicate predicate, ArrayRef<Bit> a, ArrayRef<Bit> b) {
    switch (predicate) {
    case Predicate::eq:
      return equal(a, b);
    case Predicate::ne:
      return !equal(a, b);
    case Predicate::sgt:
      return greater(a, b, true, false);
    case Predicate::sge:
      return greater(a, b, true, true);
    case Predicate::slt:
      return greater(b, a, true, false);
    case Predicate::sle:
      return greater(b, a, true, true);
    case Predicate::ugt:
      return greater(a, b, false, false);
    case Predicate::uge:
      return greater(a, b, false, true);
    case Predicate::ult:
      return greater(b, a, false, false);
    case Predicate::ule:
      return greater(b, a, false, true);
    }
    llvm_unreachable("unknown predicate");
  }

  Bit reduce(ReduceKind kind, ArrayRef<Bit> bits) {
    if (kind == ReduceKind::And)
      return n.all(bits.vec());
    if (kind == ReduceKind::Or)
      return !n.all(inverted(bits));
    Bit parity = zeroBit;
    for (Bit bit : bits)
      parity = n.differ(parity, bit);
    return parity;
  }

private:
  Bit majority(Bit a, Bit b, Bit c) { return n.choose(n.differ(a, b), c, a); }

  Bits ripple(ArrayRef<Bit> a, ArrayRef<Bit> b, Bit carry) {
    Bits result;
    for (auto [x, y] : zip_equal(a, b)) {
      result.push_back(n.differ(n.differ(x, y), carry));
      carry = majority(x, y, carry);
    }
    return result;
  }

  std::vector<Bits> reduced(const std::vector<Bits> &columns) {
    std::vector<Bits> next(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) {
      const Bits &column = columns[c];
      size_t i = 0;
      for (; i + 2 < column.size(); i += 3) {
        next[c].push_back(n.differ(n.differ(column[i], column[i + 1]), column[i + 2]));
        if (c + 1 < columns.size())
          next[c + 1].push_back(majority(column[i], column[i + 1], column[i + 2]));
      }
      next[c].insert(next[c].end(), column.begin() + i, column.end());
    }
    return next;
  }

  Bit equal(ArrayRef<Bit> a, ArrayRef<Bit> b) {
    Bits same;
    for (auto [x, y] : zip_equal(a, b))
      same.push_back(!n.differ(x, y));
    return n.all(std::move(same));
  }

  static bool isConstant(ArrayRef<Bit> bits) {
    return all_of(bits, [](Bit bit) { return bit.isConstant(); });
  }

  /// a > b, or a >= b: groups of bits that fill a table each, from the highest down; three groups
  /// and more are a carry chain.
  Bit greater(ArrayRef<Bit> lhs, ArrayRef<Bit> rhs, bool isSigned, bool orEqual) {
    Bits a = lhs.vec(), b = rhs.vec();
    if (isSigned)
      a.back() = !a.back(), b.back() = !b.back();
    std::vector<std::pair<Bit, Bit>> groups; // equal, greater
    int cost = isConstant(a) || isConstant(b) ? 1 : 2, budget = 0;
    for (size_t i = a.size(); i-- > 0; budget -= cost) {
      if (budget < cost) {
        groups.push_back({oneBit, zeroBit});
        budget = tableInputs;
      }
      auto &[same, above] = groups.back();
      above = n.either(above, n.both(same, n.both(a[i], !b[i])));
      same = n.both(same, !n.differ(a[i], b[i]));
    }
    Bit carry = orEqual ? oneBit : zeroBit;
    if (groups.size() < shortest) {
      for (auto [same, above] : reverse(groups))
        carry = n.either(above, n.both(same, carry));
      return carry;
    }
    Bits select, data;
    for (auto [same, above] : reverse(groups))
      select.push_back(n.both(same, !above)), data.push_back(above);
    return n.addCarries(select, data, carry).back();
  }

  BitNetwork &n;
};

Bits concatenated(ArrayRef<ArrayRef<Bit>> highFirst) {
  Bits bits;
  for (ArrayRef<Bit> part : reverse(highFirst))
    append_range(bits, part);
  return bits;
}

} // namespace

std::vector<Bits> wordsOf(mlir::ElementsAttr contents) {
  std::vector<Bits> words;
  for (const APInt &word : cast<mlir::DenseIntElementsAttr>(contents).getValues<APInt>())
    words.push_back(bitsOf(word));
  return words;
}

Bits lookUp(BitNetwork &network, ArrayRef<Bit> index, ArrayRef<Bits> words) {
  std::vector<Bits> level(words.begin(), words.end());
  for (Bit bit : index) {
    std::vector<Bits> next;
    for (size_t i = 0; i < level.size(); i += 2) {
      if (i + 1 == level.size()) { // what is past the last word may be anything
        next.push_back(std::move(level[i]));
        continue;
      }
      Bits chosen;
      for (auto [low, high] : zip_equal(level[i], level[i + 1]))
        chosen.push_back(network.choose(bit, high, low));
      next.push_back(std::move(chosen));
    }
    level = std::move(next);
  }
  return level.front();
}

Bits buildLogic(BitNetwork &network, Operation *op, ArrayRef<ArrayRef<Bit>> operands) {
  LogicBuilder builder(network);
  auto bitwise = [&](auto join) {
    Bits result;
    for (auto [a, b] : zip_equal(operands[0], operands[1]))
      result.push_back(join(a, b));
    return result;
  };
  return TypeSwitch<Operation *, Bits>(op)
      .Case(
          [&](ConstantOp op) { return bitsOf(cast<mlir::IntegerAttr>(op.getValue()).getValue()); })
      .Case([&](AddOp) { return builder.sum(operands[0], operands[1]); })
      .Case([&](SubOp) { return builder.sum(operands[0], builder.inverted(operands[1]), oneBit); })
      .Case([&](MulOp) { return builder.product(operands[0], operands[1]); })
      .Case([&](AndOp) { return bitwise([&](Bit a, Bit b) { return network.both(a, b); }); })
      .Case([&](OrOp) { return bitwise([&](Bit a, Bit b) { return network.either(a, b); }); })
      .Case([&](XorOp) { return bitwise([&](Bit a, Bit b) { return network.differ(a, b); }); })
      .Case([&](NotOp) { return builder.inverted(operands[0]); })
      .Case([&](ReduceOp op) { return Bits{builder.reduce(op.getKind(), operands[0])}; })
      .Case([&](ICmpOp op) {
        return Bits{builder.compare(op.getPredicate(), operands[0], operands[1])};
      })
      .Case([&](MuxOp) {
        Bits result;
        for (auto [yes, no] : zip_equal(operands[1], operands[2]))
          result.push_back(network.multiplex(operands[0].front(), yes, no));
        return result;
      })
      .Case([&](TableOp op) { return lookUp(network, operands[0], wordsOf(op.getValues())); })
      .Case<SextOp, ZextOp>([&](auto op) {
        Bits bits = operands[0].vec();
        bits.resize(widthOf(op), isa<SextOp>(op) ? bits.back() : zeroBit);
        return bits;
      })
      .Case([&](ExtractOp op) {
        auto first = operands[0].begin() + op.getLow();
        return Bits(first, first + widthOf(op));
      })
      .Case([&](ConcatOp) { return concatenated(operands); })
      .Case([&](ReplicateOp op) {
        return concatenated(std::vector(widthOf(op) / operands[0].size(), operands[0]));
      });
}

} // namespace nnc::hls
