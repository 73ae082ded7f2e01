module port_widths (
    input wire [7:0] a,
    output wire [3:0] y
);
    child c (
        .a(a),
        .y(y)
    );
endmodule

module child (
    input wire [3:0] a,
    output wire [3:0] y
);
    assign y = a;
endmodule
