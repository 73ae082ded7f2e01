module counter (
    input wire clk,
    input wire reset,
    input wire enable,
    output reg [3:0] count
);
    always @(posedge clk, posedge reset) begin
        if (reset) count <= 0;
        else if (enable) count <= count + 1;
    end
endmodule
