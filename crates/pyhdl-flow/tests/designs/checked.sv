module checked (input wire [3:0] a, output wire [3:0] y);
    assign y = a;
    always @* begin
        assert ((a <= 4'd9) !== 1'b0) else $error("look.py:9: a is above 9");
    end
endmodule
