library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
entity accumulate is
  generic (STEP : integer := 1; MODE : string := "ADD");
  port (CLK : in std_logic; a : in std_logic_vector(7 downto 0); y : out std_logic_vector(8 downto 0) := (others => '0'); ok : out std_logic);
end entity;
architecture rtl of accumulate is begin
  ok <= '1';
  process (CLK) begin
    if rising_edge(CLK) then
      if MODE = "ADD" then y <= std_logic_vector(resize(signed('0' & a), 9) + STEP);
      else y <= std_logic_vector(resize(signed('0' & a), 9) - STEP); end if;
    end if;
  end process;
end architecture;
