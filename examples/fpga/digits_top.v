// The digits network on a board: 64 bytes of an image come in on a serial line, the digit goes out as a character.
//
// Grey levels are bytes from 0 (paper) to 255 (ink), row after row; the line is 8N1. After each image the host waits for
// the answer. Whatever came before, 2^16 clocks of silence begin a new image.
`default_nettype none
`include "digits_params.vh"

module digits_top #(
    parameter DIVIDER = 104  // clocks of a bit: 12 MHz / 115200 baud
) (
    input wire clk,
    input wire rx,
    output wire tx
);
  wire pixel_valid;
  wire [7:0] pixel;
  serial_in #(DIVIDER) in (.clk(clk), .line(rx), .valid(pixel_valid), .data(pixel));

  // The network forgets its frame when the line is silent, and starts from there.
  reg [16:0] silence = 17'h10000;
  always @(posedge clk)
    if (!rx) silence <= 0;
    else if (!silence[16]) silence <= silence + 1;

  wire score_valid;
  wire [`DIGITS_OUT_BITS-1:0] score;
  digits network (
      .clk(clk),
      .rst(silence[16]),
      .in_valid(pixel_valid),
      .in_data(pixel),
      .out_valid(score_valid),
      .out_data(score)
  );

  wire digit_valid;
  wire [3:0] digit;
  argmax #(`DIGITS_OUT_BEATS, `DIGITS_OUT_BITS) best (
      .clk(clk),
      .rst(silence[16]),
      .in_valid(score_valid),
      .in_data(score),
      .out_valid(digit_valid),
      .out_data(digit)
  );
  serial_out #(DIVIDER) out (.clk(clk), .valid(digit_valid), .data({4'h3, digit}), .line(tx));  // "0" is 8'h30
endmodule

// Which of COUNT unsigned scores is the greatest; the first of equal ones.
module argmax #(
    parameter COUNT = 10,
    parameter BITS = 8
) (
    input wire clk,
    input wire rst,
    input wire in_valid,
    input wire [BITS-1:0] in_data,
    output reg out_valid,
    output reg [3:0] out_data
);
  reg [3:0] index;
  reg [BITS-1:0] greatest;
  wire is_last = index == COUNT - 1;
  wire is_greater = index == 0 || in_data > greatest;
  always @(posedge clk) begin
    out_valid <= in_valid && is_last && !rst;
    if (rst) index <= 0;
    else if (in_valid) index <= is_last ? 0 : index + 1;
    if (in_valid && is_greater) begin
      greatest <= in_data;
      out_data <= index;
    end
  end
endmodule

// A byte from a serial line: `valid` for a clock in the middle of its stop bit.
module serial_in #(
    parameter DIVIDER = 104
) (
    input wire clk,
    input wire line,
    output reg valid,
    output reg [7:0] data
);
  reg [2:0] seen = 3'b111;  // the line is not of this clock
  reg [3:0] bits_left = 0;
  reg [9:0] wait_left = 0;
  always @(posedge clk) begin
    seen <= {line, seen[2:1]};
    valid <= 0;
    if (bits_left == 0) begin
      if (seen[1:0] == 2'b01) begin  // falls: the start bit
        bits_left <= 10;
        wait_left <= DIVIDER / 2 - 1;
      end
    end else if (wait_left != 0) begin
      wait_left <= wait_left - 1;
    end else begin
      wait_left <= DIVIDER - 1;
      bits_left <= bits_left - 1;
      if (bits_left == 10 && seen[1]) bits_left <= 0;  // no start bit
      else if (bits_left == 1) valid <= seen[1];
      else data <= {seen[1], data[7:1]};
    end
  end
endmodule

// A byte to a serial line.
module serial_out #(
    parameter DIVIDER = 104
) (
    input wire clk,
    input wire valid,
    input wire [7:0] data,
    output wire line
);
  reg [9:0] bits = 10'h3ff;
  reg [9:0] wait_left = 0;
  assign line = bits[0];
  always @(posedge clk)
    if (valid) begin
      bits <= {1'b1, data, 1'b0};
      wait_left <= DIVIDER - 1;
    end else if (wait_left != 0) begin
      wait_left <= wait_left - 1;
    end else begin
      wait_left <= DIVIDER - 1;
      bits <= {1'b1, bits[9:1]};
    end
endmodule
