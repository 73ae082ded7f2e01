library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

-- Counts the edges that it sees.
entity edges is
    port (
        clk : in std_logic;
        rising : out unsigned(3 downto 0) := "0000";
        falling : out unsigned(3 downto 0) := "0000"
    );
end entity;

architecture rtl of edges is
begin
    process (clk) is
    begin
        if rising_edge(clk) then
            rising <= rising + 1;
        end if;
        if falling_edge(clk) then
            falling <= falling + 1;
        end if;
    end process;
end architecture;
