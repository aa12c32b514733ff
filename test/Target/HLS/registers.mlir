// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s --check-prefixes=CHECK,SYNC,HIGH
// RUN: nn-opt %s -nn-print-verilog="reset-level=low" -o /dev/null | FileCheck %s --check-prefixes=CHECK,SYNC,LOW
// RUN: nn-opt %s -nn-print-verilog="reset=async" -o /dev/null | FileCheck %s --check-prefixes=CHECK,ASYNC-HIGH,HIGH
// RUN: nn-opt %s -nn-print-verilog="reset=async reset-level=low" -o /dev/null \
// RUN:   | FileCheck %s --check-prefixes=CHECK,ASYNC-LOW,LOW

rtl.design @regs {
  // CHECK-LABEL: module regs (
  // CHECK-NEXT: input wire clk,
  // HIGH-NEXT: input wire rst,
  // LOW-NEXT: input wire rst_n,
  // CHECK-NEXT: input wire [7:0] x,
  // CHECK: );
  rtl.module @regs(in %x: i8, in %go: i1, out count: i4, out y: i8) {
    // A counter: the register stands above what it takes.
    // CHECK-NEXT: reg [3:0] count_0;
    // CHECK-NEXT: wire [3:0] add_0 = count_0 + 4'h1;
    // SYNC-NEXT: always @(posedge clk)
    // ASYNC-HIGH-NEXT: always @(posedge clk or posedge rst)
    // ASYNC-LOW-NEXT: always @(posedge clk or negedge rst_n)
    // HIGH-NEXT: if (rst) begin
    // LOW-NEXT: if (!rst_n) begin
    // CHECK-NEXT: count_0 <= 4'hd;
    // CHECK-NEXT: end else if (go) begin
    // CHECK-NEXT: count_0 <= add_0;
    // CHECK-NEXT: end
    %one = rtl.constant 1 : i4
    %count = rtl.reg %next enable %go reset -3 {rtl.name = "count"} : i4
    %next = rtl.add %count, %one : i4
    // Neighbours that are controlled alike share a block; without a reset nothing waits for one.
    // CHECK-NEXT: reg [7:0] reg_0;
    // CHECK-NEXT: reg [7:0] reg_1;
    // CHECK-NEXT: always @(posedge clk) begin
    // CHECK-NEXT: reg_0 <= x;
    // CHECK-NEXT: reg_1 <= reg_0;
    // CHECK-NEXT: end
    %a = rtl.reg %x : i8
    %b = rtl.reg %a : i8
    // CHECK-NEXT: reg [7:0] reg_2;
    // SYNC-NEXT: always @(posedge clk)
    // ASYNC-HIGH-NEXT: always @(posedge clk or posedge rst)
    // ASYNC-LOW-NEXT: always @(posedge clk or negedge rst_n)
    // CHECK-NEXT: if ({{rst|!rst_n}}) begin
    // CHECK-NEXT: reg_2 <= 8'h00;
    // CHECK-NEXT: end else begin
    // CHECK-NEXT: reg_2 <= reg_1;
    // CHECK-NEXT: end
    %c = rtl.reg %b reset 0 : i8
    // CHECK-NEXT: reg [7:0] reg_3;
    // CHECK-NEXT: always @(posedge clk)
    // CHECK-NEXT: if (go) begin
    // CHECK-NEXT: reg_3 <= reg_2;
    // CHECK-NEXT: end
    %d = rtl.reg %c enable %go : i8
    rtl.output %count, %d : i4, i8
  }

  // Without a reset value there is no reset; the clock may be called otherwise.
  // CHECK-LABEL: module regs_plain (
  // CHECK-NEXT: input wire aclk,
  // CHECK-NEXT: input wire x,
  rtl.module @regs_plain(in %x: i1, out y: i1) attributes {clock = "aclk"} {
    // CHECK: always @(posedge aclk) begin
    %y = rtl.reg %x : i1
    rtl.output %y : i1
  }

  // CHECK-LABEL: module regs_named (
  // CHECK-NEXT: input wire aclk,
  // CHECK-NEXT: input wire aresetn,
  rtl.module @regs_named(in %x: i1, out y: i1) attributes {clock = "aclk", reset = "aresetn"} {
    // HIGH: if (aresetn) begin
    // LOW: if (!aresetn) begin
    %y = rtl.reg %x reset 1 : i1
    rtl.output %y : i1
  }

  // CHECK-LABEL: module regs_none (
  // CHECK-NEXT: input wire x,
  rtl.module @regs_none(in %x: i1, out y: i1) {
    rtl.output %x : i1
  }
}
