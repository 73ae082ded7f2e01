// Replays recorded inputs on a design in Verilator and writes what its outputs become.
// stimulus.txt: "SAMPLE BITS" per line, BITS being all inputs in order, most significant bit first.
// results.txt: the bits of all outputs in order, one line per stimulus line with SAMPLE = 1.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "Vpyhdl_harness.h"
#include "verilated.h"

// Ports of up to 64 bits are plain integers, wider ones are arrays of 32-bit words, the lowest word first.
template <typename Port>
static void put(Port& port, const char*& bits, int width) {
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i) value = (value << 1) | (*bits++ == '1' ? 1 : 0);
    port = static_cast<Port>(value);
}

template <std::size_t Words>
static void put(VlWide<Words>& port, const char*& bits, int width) {
    for (std::size_t word = 0; word < Words; ++word) port[word] = 0;
    for (int i = width - 1; i >= 0; --i) {
        if (*bits++ == '1') port[i / 32] |= std::uint32_t{1} << (i % 32);
    }
}

template <typename Port>
static void get(const Port& port, std::string& line, int width) {
    for (int i = width - 1; i >= 0; --i) line += (static_cast<std::uint64_t>(port) >> i) & 1 ? '1' : '0';
}

template <std::size_t Words>
static void get(const VlWide<Words>& port, std::string& line, int width) {
    for (int i = width - 1; i >= 0; --i) line += (port[i / 32] >> (i % 32)) & 1 ? '1' : '0';
}

int main() {
    VerilatedContext context;
    Vpyhdl_harness dut{&context};
    std::ifstream stimulus{"stimulus.txt"};
    std::ofstream results{"results.txt"};
    std::string line;
    while (std::getline(stimulus, line)) {
        if (line.size() != {{ input_bits + 2 }}) {
            std::fprintf(stderr, "stimulus.txt has a line of another length\n");
            return 1;
        }
        const char* bits = line.c_str() + 2;
{%- for p in inputs %}
        put(dut.{{ p.id }}, bits, {{ p.port.width }});
{%- endfor %}
        (void)bits;
        context.timeInc(1);
        dut.eval();
        if (line[0] != '1') continue;
        line.clear();
{%- for p in outputs %}
        get(dut.{{ p.id }}, line, {{ p.port.width }});
{%- endfor %}
        results << line << '\n';
    }
    dut.final();
    results.flush();
    return results ? 0 : 1;
}
