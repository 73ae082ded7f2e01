// Gives every port of the design a name that means the same in Verilog and in C++.
module pyhdl_harness (
{%- for p in ports %}
    {% if p.port.input %}input{% else %}output{% endif %} wire [{{ p.port.width - 1 }}:0] {{ p.id }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
    {{ top }} dut (
{%- for p in ports %}
        .{{ p.port.name }} ({{ p.id }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
endmodule
