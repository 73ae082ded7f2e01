entity hides is
end entity;

architecture rtl of hides is
    signal s : bit;
begin
    process is
        variable s : bit;
    begin
        s := '0';
        wait;
    end process;
end architecture;
