module undriven (
    input wire en,
    output wire [1:0] bus,
    output reg memory
);
    assign bus = en ? 2'b01 : 2'bzx;
    always @* if (en) memory = 1;
endmodule
