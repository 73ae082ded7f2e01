-- Applies what the test bench in Python does, after a clock edge of which the inputs are not known.

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity bench is
end entity bench;

architecture test of bench is
  signal clk : std_logic := '0';
  signal a, b : unsigned(3 downto 0);
  signal q : unsigned(7 downto 0);
begin
  dut : entity work.dut port map (clk => clk, a => a, b => b, q => q);

  stimulus : process is
  begin
    wait for 5 ns;
    clk <= '1';
    wait for 5 ns;
    clk <= '0';
    for i in 0 to 255 loop
      a <= to_unsigned(i / 16, 4);
      b <= to_unsigned(i mod 16, 4);
      wait for 5 ns;
      clk <= '1';
      wait for 5 ns;
      clk <= '0';
    end loop;
    report "applied everything";
    std.env.finish;
  end process stimulus;
end architecture test;
