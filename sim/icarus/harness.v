// Replays recorded inputs on a design in Icarus Verilog and writes what its outputs become.
// stimulus.txt: "SAMPLE BITS" per line, BITS being all inputs in order, most significant bit first.
// results.txt: the bits of all outputs in order, one line per stimulus line with SAMPLE = 1.
`timescale 1ns/1ns
module pyhdl_harness;
    integer stimulus, results, fields;
    reg sample;
    reg [{{ input_bits - 1 }}:0] bits;
{%- for p in inputs %}
{%- if p.port.edge %}
    // A process waits for its edges, and a change from x to the first value would be one: it is known from the start,
    // and follows its register by the force below.
    wire [{{ p.port.width - 1 }}:0] {{ p.id }} = {{ p.verilog_first() }};
    reg [{{ p.port.width - 1 }}:0] {{ p.id }}_value;
{%- else %}
    // No initial value: combinational processes wait for a first change.
    reg [{{ p.port.width - 1 }}:0] {{ p.id }};
{%- endif %}
{%- endfor %}
{%- for p in outputs %}
    wire [{{ p.port.width - 1 }}:0] {{ p.id }};
{%- endfor %}

    {{ top }} dut (
{%- for p in ports %}
        .{{ p.port.name }} ({{ p.id }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    initial begin
{%- for p in inputs %}
{%- if p.port.edge %}
        {{ p.id }}_value = {{ p.verilog_first() }};
        force {{ p.id }} = {{ p.id }}_value;
{%- endif %}
{%- endfor %}
        stimulus = $fopen("stimulus.txt", "r");
        results = $fopen("results.txt", "w");
        fields = $fscanf(stimulus, "%b %b", sample, bits);
        while (fields == 2) begin
            // Every group has a time of its own, after time 0: by then every process of the design waits.
            #1;
{%- if !inputs.is_empty() %}
            { {%- for p in inputs %}{{ p.id }}{% if p.port.edge %}_value{% endif %}{% if !loop.last %}, {% endif %}{% endfor -%} } = bits;
{%- endif %}
            #1;
            if (sample)
{%- if outputs.is_empty() %}
                $fdisplay(results, "");
{%- else %}
                $fdisplay(results, "%b", { {%- for p in outputs %}{{ p.id }}{% if !loop.last %}, {% endif %}{% endfor -%} });
{%- endif %}
            fields = $fscanf(stimulus, "%b %b", sample, bits);
        end
        $fclose(results);
        $finish;
    end
endmodule
