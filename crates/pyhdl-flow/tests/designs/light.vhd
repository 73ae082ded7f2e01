package light_types is
    -- Names that the harness uses for its own things.
    type code is (bits, value, sample);
end package;

library ieee;
use ieee.std_logic_1164.all;
use work.light_types.all;

entity light is
    port (
        clk : in std_logic;
        jump : in code;
        state : out code;
        last : out code
    );
end entity;

architecture rtl of light is
begin
    process (clk) is
    begin
        if rising_edge(clk) then
            last <= state;
            case jump is
                when bits => state <= value;
                when value => state <= sample;
                when sample => state <= bits;
            end case;
        end if;
    end process;
end architecture;
