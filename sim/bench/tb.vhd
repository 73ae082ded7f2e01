{% for line in about -%}
--{% if !line.is_empty() %} {{ line }}{% endif %}
{% endfor -%}
--
-- Each line of {{ vectors }} is a moment: its time, 1 where the outputs are compared, the inputs, the outputs.
-- A time step of the Python simulation is 1 ns; what changes one after the other within a time step is 1 fs apart.
-- Inputs:{% for p in inputs %} {{ p.signal }}{% if !loop.last %},{% endif %}{% endfor %}
-- Outputs:{% for p in outputs %} {{ p.signal }}{% if !loop.last %},{% endif %}{% endfor %}

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity {{ name }} is
  generic (
    vectors : string := "{{ vectors }}";
    -- How many mismatches are printed.
    shown : natural := 10
  );
end entity {{ name }};

architecture recorded of {{ name }} is
{%- for e in enums %}
  function {{ e.id }}_value(code : std_logic_vector) return {{ e.type_name }} is
    variable bits : std_logic_vector({{ e.width - 1 }} downto 0) := code;
  begin
{%- for i in e.items %}
    if bits = "{{ i.code }}" then
      return {{ i.literal }};
    end if;
{%- endfor %}
    return {{ e.type_name }}'left;
  end function;

  function {{ e.id }}_code(value : {{ e.type_name }}) return std_logic_vector is
  begin
    case value is
{%- for i in e.items %}
      when {{ i.literal }} => return "{{ i.code }}";
{%- endfor %}
    end case;
  end function;
{% endfor %}
{%- for p in ports %}
  signal {{ p.signal }} : {{ p.vhdl_type() }}{% if p.port.input %} := {{ p.first }}{% endif %};
{%- endfor %}
begin
  dut : entity work.{{ top }}
    port map (
{%- for p in ports %}
      {{ p.port.name }} => {{ p.signal }}{% if !loop.last %},{% endif %}
{%- endfor %}
    );

  replay : process is
    file vector_file : text;
    variable opened : file_open_status;
    variable moment : line;
    variable at : time;
    variable check : bit;
    variable stimulus : bit_vector({{ input_bits - 1 }} downto 0);
    variable expected : bit_vector({{ output_bits - 1 }} downto 0);
    variable errors : natural := 0;

    procedure compare(name : string; got : std_logic_vector; wanted : bit_vector) is
      variable said : line;
      variable levels : std_logic_vector(1 to got'length) := got;
    begin
      if got /= to_stdlogicvector(wanted) then
        if errors < shown then
          write(said, string'("time "));
          write(said, at, unit => ns);
          write(said, ": " & name & " is ");
          for i in levels'range loop
            write(said, std_logic'image(levels(i))(2));
          end loop;
          write(said, string'(", expected "));
          write(said, wanted);
          writeline(output, said);
        end if;
        errors := errors + 1;
      end if;
    end procedure;
  begin
    file_open(opened, vector_file, vectors, read_mode);
    assert opened = open_ok
      report "FAIL: " & vectors & " cannot be read: run in its folder, or set the generic vectors"
      severity failure;
    assert not endfile(vector_file) report "FAIL: " & vectors & " has no vectors" severity failure;
    while not endfile(vector_file) loop
      readline(vector_file, moment);
      read(moment, at);
      read(moment, check);
      read(moment, stimulus);
      read(moment, expected);
      if now < at then
        wait for at - now;
      end if;
{%- for p in inputs %}
      {{ p.signal }} <= {{ p.vhdl_from_bits() }};
{%- endfor %}
      wait for 1 fs;
      if check = '1' then
{%- for p in outputs %}
        compare("{{ p.signal }}", {{ p.vhdl_to_bits() }}, expected({{ p.high() }} downto {{ p.low }}));
{%- endfor %}
      end if;
    end loop;
    file_close(vector_file);
    assert errors = 0 report "FAIL: {{ top }}, " & integer'image(errors) & " errors" severity failure;
    write(moment, string'("PASS: {{ top }}, {{ checks }} comparisons"));
    writeline(output, moment);
{%- if finish %}
    std.env.finish;
{%- endif %}
    wait;
  end process replay;
end architecture recorded;
