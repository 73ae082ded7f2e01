// Applies what the test bench in Python does, after a clock edge of which the inputs are not known.

module bench;
  reg clk = 1'b0;
  reg [3:0] a;
  reg [3:0] b;
  wire [7:0] q;
  integer i;

  dut dut (.clk(clk), .a(a), .b(b), .q(q));

  initial begin
    #5 clk = 1'b1;
    #5 clk = 1'b0;
    for (i = 0; i < 256; i = i + 1) begin
      a = i[7:4];
      b = i[3:0];
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    $display("applied everything");
    $finish;
  end
endmodule
