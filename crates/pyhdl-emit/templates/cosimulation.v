`timescale {{ timescale }}

// The frame in which a Python simulation drives {{ top }}.
module {{ name }};
{%- for line in declarations %}
  {{ line }}
{%- endfor %}

  initial begin
{%- if let Some(path) = waves %}
    $dumpfile("{{ path }}");
    $dumpvars(0, dut);
{%- endif %}
{%- if !inputs.is_empty() %}
    $from_myhdl({{ inputs }});
{%- endif %}
{%- if !outputs.is_empty() %}
    $to_myhdl({{ outputs }});
{%- endif %}
  end

  {{ top }} dut (
{%- for connection in connections %}
    {{ connection }}{% if !loop.last %},{% endif %}
{%- endfor %}
  );
endmodule
