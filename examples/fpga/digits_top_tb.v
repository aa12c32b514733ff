// Sends images over the serial line and compares the answers with what is known of them; an image that was broken off in
// front of them must not matter. Ends with PASS, or FAIL and exit status 1.
`timescale 1ns / 1ns

module digits_top_tb;
  parameter IMAGES = 10;
  localparam DIVIDER = 8;  // fewer clocks of a bit than on the board

  reg clk = 0;
  always #5 clk = !clk;

  reg rx = 1;
  wire tx;
  digits_top #(DIVIDER) top (.clk(clk), .rx(rx), .tx(tx));

  wire answered;
  wire [7:0] answer;
  serial_in #(DIVIDER) host (.clk(clk), .line(tx), .valid(answered), .data(answer));

  reg [7:0] pixels[0:64*IMAGES-1];
  reg [7:0] digits[0:IMAGES-1];
  integer image, pixel, right = 0;

  task send(input [7:0] data);
    integer i;
    for (i = 0; i < 10; i = i + 1) begin
      rx = i == 0 ? 1'b0 : i == 9 ? 1'b1 : data[i-1];
      repeat (DIVIDER) @(negedge clk);
    end
  endtask

  initial begin
    $readmemh("images.hex", pixels);
    $readmemh("digits.hex", digits);
    repeat (10) @(negedge clk);
    for (pixel = 0; pixel < 23; pixel = pixel + 1) send(8'h55);
    repeat (70000) @(negedge clk);
    for (image = 0; image < IMAGES; image = image + 1) begin
      for (pixel = 0; pixel < 64; pixel = pixel + 1) send(pixels[64*image+pixel]);
      @(posedge answered) if (answer === digits[image] + 8'h30) right = right + 1;
      else $display("image %0d is a %0d, answered %s", image, digits[image], answer);
    end
    if (right == IMAGES) $display("PASS: %0d images", IMAGES);
    else begin
      $display("FAIL: %0d of %0d images", right, IMAGES);
      $fatal(0);
    end
    $finish;
  end

  initial begin
    repeat (1000000) @(negedge clk);
    $display("FAIL: no answer");
    $fatal(0);
  end
endmodule
