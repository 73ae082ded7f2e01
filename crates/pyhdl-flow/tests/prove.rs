//! Pairs of designs that are equal, that are not, and that are where it matters, proved with GHDL and Yosys.

use std::fs;
use std::path::{Path, PathBuf};

use pyhdl_flow::{Limits, PortValues, Proof, ProofPort, Proved, Side, Verdict, prove};

fn port(name: &str, input: bool, width: u32, values: PortValues) -> ProofPort {
    ProofPort { verilog: name.to_owned(), vhdl: name.to_owned(), input, width, values, initial: None }
}

fn between(signed: bool, low: &str, high: &str) -> PortValues {
    PortValues::Between { signed, low: low.to_owned(), high: high.to_owned() }
}

fn proved(place: &Path, verilog: &str, vhdl: &str, ports: &[ProofPort]) -> Proved {
    let files: [PathBuf; 2] = [place.join("top.v"), place.join("top.vhd")];
    fs::write(&files[0], verilog).expect("a file");
    fs::write(
        &files[1],
        format!("library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n{vhdl}"),
    )
    .expect("a file");
    let proof = Proof {
        verilog: Side { top: "top", files: &files[..1] },
        vhdl: Side { top: "top", files: &files[1..] },
        ports,
        seconds: 60,
    };
    prove(&proof, place, Limits::default()).unwrap_or_else(|e| panic!("{e}"))
}

const ADDER: &str =
    "entity top is port (a, b : in unsigned(3 downto 0); y, z : out unsigned(3 downto 0)); end entity;
    architecture rtl of top is begin y <= a + b; z <= a and b; end architecture;";

fn adder_ports() -> Vec<ProofPort> {
    let all = || between(false, "5'd0", "5'd15");
    vec![
        port("a", true, 4, all()),
        port("b", true, 4, all()),
        port("y", false, 4, all()),
        port("z", false, 4, all()),
    ]
}

#[test]
fn outputs_are_equal_or_an_example_shows_that_they_are_not() {
    let place = tempfile::tempdir().expect("a folder");
    let verilog =
        "module top(input [3:0] a, b, output [3:0] y, z); assign y = a + b; assign z = a * b; endmodule";
    let proved = proved(place.path(), verilog, ADDER, &adder_ports());
    assert_eq!(proved.verdicts, [(2, Verdict::Equal), (3, Verdict::Different)]);
    let [(3, inputs)] = &proved.examples[..] else { panic!("{proved:?}") };
    let value = |port| {
        let (_, bits) = inputs.iter().find(|(index, _)| *index == port).expect("an input");
        u32::from_str_radix(bits, 2).expect("bits")
    };
    assert_ne!(value(0) * value(1) % 16, value(0) & value(1));
}

#[test]
fn inputs_that_the_design_is_not_made_for_do_not_count() {
    let place = tempfile::tempdir().expect("a folder");
    let verilog = "module top(input signed [3:0] a, output y); assign y = a == -4'sd8 || a == 4'sd5 || a > 4'sd2; endmodule";
    let vhdl = "entity top is port (a : in signed(3 downto 0); y : out std_logic); end entity;
        architecture rtl of top is begin y <= '1' when a > 2 else '0'; end architecture;";
    let output = port("y", false, 1, between(false, "2'd0", "2'd1"));
    for (low, equal) in [("-5'sd7", Verdict::Equal), ("-5'sd8", Verdict::Different)] {
        let ports = [port("a", true, 4, between(true, low, "5'sd7")), output.clone()];
        assert_eq!(proved(place.path(), verilog, vhdl, &ports).verdicts, [(1, equal)], "{low}");
    }
}

#[test]
fn literals_have_codes_in_verilog_and_positions_in_vhdl() {
    let place = tempfile::tempdir().expect("a folder");
    let verilog = "module top(input [2:0] a, output [2:0] y); assign y = {a[1:0], a[2]}; endmodule";
    let vhdl = "package kinds is type kind is (red, green, blue); end package;
        use work.kinds.all;
        entity top is port (a : in kind; y : out kind); end entity;
        architecture rtl of top is begin
            y <= green when a = red else blue when a = green else red;
        end architecture;";
    let codes = |codes: [&str; 3]| PortValues::Literals(codes.map(str::to_owned).to_vec());
    for (order, equal) in
        [(["001", "010", "100"], Verdict::Equal), (["001", "100", "010"], Verdict::Different)]
    {
        let ports = [port("a", true, 3, codes(order)), port("y", false, 3, codes(order))];
        assert_eq!(proved(place.path(), verilog, vhdl, &ports).verdicts, [(1, equal)], "{order:?}");
    }
}

#[test]
fn registers_are_proved_by_induction_or_for_some_cycles() {
    let place = tempfile::tempdir().expect("a folder");
    let vhdl = "entity top is port (clk, a : in std_logic; y : out std_logic; n : out unsigned(3 downto 0)); end entity;
        architecture rtl of top is signal count : unsigned(3 downto 0) := \"0000\"; begin
            n <= count;
            process (clk) is begin
                if rising_edge(clk) then
                    y <= not a;
                    count <= count + 1;
                end if;
            end process;
        end architecture;";
    let bit = || between(false, "2'd0", "2'd1");
    let mut ports = vec![port("clk", true, 1, bit()), port("a", true, 1, bit()), port("y", false, 1, bit())];
    ports.push(port("n", false, 4, between(false, "5'd0", "5'd15")));
    ports[2].initial = Some("1'b0".to_owned());
    // The second counter turns around in cycle 12: later than is looked at, and found by no induction.
    for (wrong, count) in [("4'd3", Verdict::Different), ("4'd12", Verdict::EqualForCycles(8))] {
        let verilog = format!(
            "module top(input clk, a, output reg y = 1'b0, output reg [3:0] n = 4'd0);
             always @(posedge clk) begin y <= !a; n <= n == {wrong} ? 4'd0 : n + 4'd1; end endmodule"
        );
        let verdicts = proved(place.path(), &verilog, vhdl, &ports).verdicts;
        assert_eq!(verdicts, [(2, Verdict::Equal), (3, count)], "{wrong}");
    }
}
