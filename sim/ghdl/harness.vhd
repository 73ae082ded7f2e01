-- Replays recorded inputs on a design in GHDL and writes what its outputs become.
-- stimulus.txt: "SAMPLE BITS" per line, BITS being all inputs in order, most significant bit first.
-- results.txt: the bits of all outputs in order, one line per stimulus line with SAMPLE = 1.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity pyhdl_harness is
end entity;

architecture pyhdl_replay of pyhdl_harness is
{%- for e in enums %}
    -- Types and values are written with their package: a name of this file cannot hide them.
    function {{ e.id }}_value(code : std_logic_vector) return {{ e.type_name }} is
        -- Counts from 0 whatever the bounds of the slice are.
        variable bits : std_logic_vector({{ e.width }} - 1 downto 0) := code;
    begin
{%- for i in e.items %}
        if bits = "{{ i.code }}" then
            return {{ i.literal }};
        end if;
{%- endfor %}
        report "no value of {{ e.type_name }} has the code " & to_string(bits) severity failure;
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
    -- Inputs have their first values from the start: every process of the design runs once before anything changes,
    -- and a change from 'U' would only bring warnings.
{%- for p in ports %}
    signal {{ p.id }} : {{ p.vhdl_type() }}{% if p.port.input %} := {{ p.vhdl_first() }}{% endif %};
{%- endfor %}
begin
    pyhdl_dut : entity work.{{ top }}
{%- if !ports.is_empty() %}
        port map (
{%- for p in ports %}
            {{ p.port.name }} => {{ p.id }}{% if !loop.last %},{% endif %}
{%- endfor %}
        )
{%- endif %};

    pyhdl_main : process
        file stimulus : text open read_mode is "stimulus.txt";
        file results : text open write_mode is "results.txt";
        variable text_in, text_out : line;
        variable sample : character;
        variable bits : std_logic_vector({{ input_bits }} - 1 downto 0);
    begin
        while not endfile(stimulus) loop
            readline(stimulus, text_in);
            read(text_in, sample);
            read(text_in, bits);
{%- for p in inputs %}
            {{ p.id }} <= {{ p.vhdl_from_bits() }};
{%- endfor %}
            wait for 1 ns;
            if sample = '1' then
{%- for p in outputs %}
                write(text_out, {{ p.vhdl_to_bits() }});
{%- endfor %}
{%- if outputs.is_empty() %}
                write(text_out, string'(""));
{%- endif %}
                writeline(results, text_out);
            end if;
        end loop;
        file_close(results);
        std.env.finish;
        wait;
    end process;
end architecture;
