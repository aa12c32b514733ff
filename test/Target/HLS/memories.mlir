// RUN: nn-opt %s -nn-print-verilog -o /dev/null | FileCheck %s --check-prefixes=CHECK,FILE
// RUN: nn-opt %s -nn-print-verilog="rom=case" -o /dev/null | FileCheck %s --check-prefixes=CHECK,CASE

rtl.design @mem {
  // CHECK-LABEL: //--- mem_weights.v
  // FILE: module mem_weights #(
  // FILE-NEXT: parameter IMAGE = "mem_weights.hex"
  // FILE-NEXT: ) (
  // CASE: module mem_weights (
  // CHECK-NEXT: input wire clk,
  // CHECK-NEXT: input wire enable,
  // CHECK-NEXT: input wire [1:0] addr,
  // CHECK-NEXT: output reg [8:0] data
  // CHECK-NEXT: );
  // FILE-NEXT: reg [8:0] memory [0:2];
  // FILE: $readmemh(IMAGE, memory);
  // FILE: if (sum !== 32'h000003fb) begin
  // FILE: always @(posedge clk)
  // FILE-NEXT: if (enable) data <= memory[addr];
  // FILE-NEXT: endmodule
  // FILE: //--- mem_weights.hex
  // FILE-NEXT: {{^}}001{{$}}
  // FILE-NEXT: {{^}}1fe{{$}}
  // FILE-NEXT: {{^}}003{{$}}

  // CASE-NEXT: always @(posedge clk)
  // CASE-NEXT: if (enable)
  // CASE-NEXT: case (addr)
  // CASE-NEXT: 2'h0: data <= 9'h001;
  // CASE-NEXT: 2'h1: data <= 9'h1fe;
  // CASE-NEXT: 2'h2: data <= 9'h003;
  // CASE-NEXT: default: data <= {9{1'bx}};
  // CASE-NEXT: endcase
  // CASE-NOT: .hex
  rtl.rom @mem_weights = dense<[1, -2, 3]> : tensor<3xi9>

  // CHECK-LABEL: //--- mem_line.v
  // CHECK: module mem_line (
  // CHECK: output reg read_data
  // CHECK-NEXT: );
  // CHECK-NEXT: (* no_rw_check *)
  // CHECK-NEXT: reg memory [0:63];
  // CHECK-NEXT: always @(posedge clk) begin
  // CHECK-NEXT: if (write_enable) memory[write_addr] <= write_data;
  // CHECK-NEXT: if (read_enable) read_data <= memory[read_addr];
  // CHECK-NEXT: `ifndef SYNTHESIS
  // CHECK-NEXT: if (read_enable && write_enable && read_addr == write_addr) read_data <= {1{1'bx}};
  // CHECK-NEXT: `endif
  // CHECK-NEXT: end
  rtl.ram @mem_line : 64 x i1

  // Words of one bit are digits, too; wide ones are summed at their own width.
  // FILE: //--- mem_bits.hex
  // FILE-NEXT: {{^}}1{{$}}
  // FILE-NEXT: {{^}}0{{$}}
  rtl.rom @mem_bits = dense<[1, 0]> : tensor<2xi1>
  // FILE: sum = {sum[31:0], sum[32]} ^ memory[word];
  // FILE-NEXT: if (sum !== 33'h1fffffffc) begin
  // FILE: //--- mem_wide.hex
  // FILE-NEXT: {{^}}1ffffffff{{$}}
  // FILE-NEXT: {{^}}000000003{{$}}
  rtl.rom @mem_wide = dense<[-1, 3]> : tensor<2xi33>
}
