//===- CombinationalPaths.h - What depends on what within a clock -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace nnc::rtl {

/// Depth-first post order over a graph that is found while it is walked: each node after its
/// successors. Keeps what it has seen between walks; needs no stack of calls, since chains of
/// adders are long.
template <typename Node>
class PostOrder {
public:
  using Successors = llvm::function_ref<llvm::SmallVector<Node>(Node)>;

  /// Walks from `root`. True: no cycle was met; else `cycle` lists one, each node before its
  /// successor.
  bool walk(Node root, Successors successors, llvm::function_ref<void(Node)> visit,
            llvm::SmallVectorImpl<Node> *cycle = nullptr) {
    if (!state.try_emplace(root, Open).second)
      return true;
    llvm::SmallVector<Frame> stack{{root, successors(root), 0}};
    while (!stack.empty()) {
      Frame &top = stack.back();
      if (top.next == top.successors.size()) {
        state[top.node] = Done;
        visit(top.node);
        stack.pop_back();
        continue;
      }
      Node node = top.successors[top.next++];
      auto [found, isNew] = state.try_emplace(node, Open);
      if (isNew) {
        stack.push_back({node, successors(node), 0});
      } else if (found->second == Open) {
        if (cycle)
          for (Frame &frame : llvm::drop_begin(stack, llvm::find_if(stack, [&](Frame &f) {
                                                        return f.node == node;
                                                      }) - stack.begin()))
            cycle->push_back(frame.node);
        return false;
      }
    }
    return true;
  }

private:
  enum State { Open, Done };
  struct Frame {
    Node node;
    llvm::SmallVector<Node> successors;
    size_t next;
  };
  llvm::DenseMap<Node, State> state;
};

/// That no module of `design` contains itself and that no value depends on itself without a
/// register or memory between, through instances too.
mlir::LogicalResult verifyCombinationalPaths(DesignOp design);

} // namespace nnc::rtl
