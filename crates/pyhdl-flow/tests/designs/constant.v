module constant (output wire [2:0] c);
    assign c = 3'd5;
endmodule
