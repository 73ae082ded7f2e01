module endless (input wire a, output reg y);
    always @(a) begin
        y = 0;
        while (a) y = ~y;
    end
endmodule
