module adder (
    input wire signed [3:0] a,
    input wire signed [3:0] b,
    output reg signed [4:0] \sum.out
);
    always @* \sum.out = a + b;
endmodule
