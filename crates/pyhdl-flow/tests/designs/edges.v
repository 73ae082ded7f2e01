// Counts the edges that it sees.
module edges (
    input wire clk,
    output reg [3:0] rising,
    output reg [3:0] falling
);
    initial begin
        rising = 0;
        falling = 0;
    end
    always @(posedge clk) rising <= rising + 1;
    always @(negedge clk) falling <= falling + 1;
endmodule
