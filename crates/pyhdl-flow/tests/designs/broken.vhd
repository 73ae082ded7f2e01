entity broken is
    port (a : in bit; y : out bit);
end entity;

architecture rtl of broken is
begin
    y <= b;
end architecture;
