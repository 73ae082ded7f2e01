library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity undriven is
    port (
        en : in std_logic;
        \bus\ : out unsigned(1 downto 0);
        memory : out std_logic
    );
end entity;

architecture rtl of undriven is
begin
    \bus\ <= "L1" when en = '1' else "Z-";
    process (all) is
    begin
        if en = '1' then
            memory <= '1';
        end if;
    end process;
end architecture;
