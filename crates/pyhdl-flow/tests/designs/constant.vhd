library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity constant_five is
    port (c : out unsigned(2 downto 0));
end entity;

architecture rtl of constant_five is
begin
    c <= "101";
end architecture;
