{% for line in about -%}
//{% if !line.is_empty() %} {{ line }}{% endif %}
{% endfor -%}
//
// Each line of {{ vectors }} is a moment: its time, 1 where the outputs are compared, the inputs, the outputs.
// A time step of the Python simulation is 1 ns; what changes one after the other within a time step is 1 fs apart.
// Inputs:{% for p in inputs %} {{ p.signal }}{% if !loop.last %},{% endif %}{% endfor %}
// Outputs:{% for p in outputs %} {{ p.signal }}{% if !loop.last %},{% endif %}{% endfor %}
`timescale 1ns/1fs

module {{ name }};
  parameter VECTORS = "{{ vectors }}";
  // How many mismatches are printed.
  parameter SHOWN = 10;
{% for p in inputs %}
{%- if p.first_edge %}
  // The design waits for its edges, and its first value is none.
`ifdef VERILATOR
  reg {{ p.verilog_range() }}{{ p.signal }} = {{ p.first }};
`else
  wire {{ p.verilog_range() }}{{ p.signal }} = {{ p.first }};
  reg {{ p.verilog_range() }}driven_{{ p.signal }} = {{ p.first }};
  initial force {{ p.signal }} = driven_{{ p.signal }};
`endif
{%- else %}
  reg {{ p.verilog_range() }}{{ p.signal }}{% if p.port.edge %} = {{ p.first }}{% endif %};
{%- endif %}
{%- endfor %}
{%- for p in outputs %}
  wire {{ p.verilog_range() }}{{ p.signal }};
  reg {{ p.verilog_range() }}expected_{{ p.signal }};
{%- endfor %}

  {{ top }} dut (
{%- for p in ports %}
    .{{ p.port.name }} ({{ p.signal }}){% if !loop.last %},{% endif %}
{%- endfor %}
  );

  integer vector_file;
  integer fields;
  integer errors;
  reg [63:0] at;
  reg check;
  reg [{{ input_bits - 1 }}:0] stimulus;
  reg [{{ output_bits - 1 }}:0] expected;

  initial begin : replay
    errors = 0;
    fields = 0;
    vector_file = $fopen(VECTORS, "r");
    if (vector_file == 0) begin
      $display("%0s cannot be read: run in its folder, or set the parameter VECTORS", VECTORS);
      errors = 1;
    end else begin
      fields = $fscanf(vector_file, "%d ns %b %b %b", at, check, stimulus, expected);
      if (fields != 4) begin
        $display("%0s has no vectors", VECTORS);
        errors = 1;
      end
    end
    // By now every process of the design waits.
    #0.000001;
    while (fields == 4) begin
      if ($realtime < at)
        #(at - $realtime);
{%- if !inputs.is_empty() %}
{%- if first_edges %}
`ifdef VERILATOR
      { {%- for p in inputs %}{{ p.signal }}{% if !loop.last %}, {% endif %}{% endfor -%} } = stimulus;
`else
      { {%- for p in inputs %}{% if p.first_edge %}driven_{% endif %}{{ p.signal }}{% if !loop.last %}, {% endif %}{% endfor -%} } = stimulus;
`endif
{%- else %}
      { {%- for p in inputs %}{{ p.signal }}{% if !loop.last %}, {% endif %}{% endfor -%} } = stimulus;
{%- endif %}
{%- endif %}
      { {%- for p in outputs %}expected_{{ p.signal }}{% if !loop.last %}, {% endif %}{% endfor -%} } = expected;
      #0.000001;
      if (check) begin
{%- for p in outputs %}
        if ({{ p.signal }} !== expected_{{ p.signal }}) begin
          if (errors < SHOWN)
            $display("time %0d ns: {{ p.signal }} is %{{ p.letter() }}, expected %{{ p.letter() }}", at, {{ p.signal }}, expected_{{ p.signal }});
          errors = errors + 1;
        end
{%- endfor %}
      end
      fields = $fscanf(vector_file, "%d ns %b %b %b", at, check, stimulus, expected);
    end
    if (errors != 0) begin
      $display("FAIL: {{ top }}, %0d errors", errors);
`ifdef __ICARUS__
      $finish_and_return(1);
`else
      $fatal(1, "{{ name }} has failed");
`endif
    end else begin
      $display("PASS: {{ top }}, {{ checks }} comparisons");
      $finish;
    end
  end
endmodule
