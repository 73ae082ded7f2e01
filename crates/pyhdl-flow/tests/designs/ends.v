module ends (input wire a, output wire y);
    assign y = a;
    always @(a) if (a) begin
        $display("it is over");
        $finish;
    end
endmodule
