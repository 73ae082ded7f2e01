module accumulate #(parameter STEP = 1, parameter MODE = "ADD") (
  input wire CLK, input wire [7:0] a, output reg signed [8:0] y = 0, output wire ok);
  always @(posedge CLK) y <= (MODE == "ADD") ? a + STEP : a - STEP;
  assign ok = CLK | ~CLK;
endmodule
