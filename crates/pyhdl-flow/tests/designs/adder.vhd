library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity adder is
    port (
        a : in signed(3 downto 0);
        b : in signed(3 downto 0);
        \sum.out\ : out signed(4 downto 0)
    );
end entity;

architecture rtl of adder is
begin
    \sum.out\ <= resize(a, 5) + resize(b, 5);
end architecture;
