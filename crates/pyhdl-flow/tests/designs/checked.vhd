library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity checked is
    port (a : in unsigned(3 downto 0); y : out unsigned(3 downto 0));
end entity;

architecture rtl of checked is
begin
    y <= a;
    process (all) is
    begin
        assert not (a > 9) report "look.py:9: a is above 9" severity error;
    end process;
end architecture;
