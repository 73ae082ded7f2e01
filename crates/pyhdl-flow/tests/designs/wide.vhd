library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity wide is
    port (
        clk : in std_logic;
        d : in unsigned(99 downto 0);
        q : out unsigned(99 downto 0);
        low : out unsigned(32 downto 0);
        high : out unsigned(63 downto 0)
    );
end entity;

architecture rtl of wide is
begin
    process (clk) is
    begin
        if rising_edge(clk) then
            q <= d;
        end if;
    end process;
    low <= q(32 downto 0);
    high <= q(99 downto 36);
end architecture;
