module wide (
    input wire clk,
    input wire [99:0] d,
    output reg [99:0] q,
    output wire [32:0] low,
    output wire [63:0] high
);
    always @(posedge clk) q <= d;
    assign low = q[32:0];
    assign high = q[99:36];
endmodule
