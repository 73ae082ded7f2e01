//! [`Twister`]: the generator behind Python's `random.Random`, MT19937 of M. Matsumoto and T. Nishimura, "Mersenne Twister:
//! a 623-dimensionally equidistributed uniform pseudo-random number generator" (1998), and the numbers that Python makes
//! of its words.

use num_bigint::{BigInt, BigUint};

/// Words of the state.
pub const WORDS: usize = 624;

/// A word is made from the one this far behind it.
const DISTANCE: usize = 397;

/// Numbers that are looked at together for one that is small enough.
const TRIES: usize = 4;

pub struct Twister {
    state: [u32; WORDS],
    /// What is given out of each word of the state.
    given: [u32; WORDS],
    /// The next word of the state that is given out; all of them are when it is their number.
    next: usize,
}

impl Twister {
    /// A state and which of its words comes next, as Python's `getstate()` gives them; `None` for what is no state.
    pub fn new(words: &[u32], next: usize) -> Option<Twister> {
        let state: [u32; WORDS] = words.try_into().ok()?;
        (next <= WORDS).then_some(Twister { given: state.map(tempered), state, next })
    }

    pub fn state(&self) -> (&[u32], usize) {
        (&self.state, self.next)
    }

    #[inline(always)]
    fn word(&mut self) -> u32 {
        if self.next == WORDS {
            self.twist();
        }
        let word = self.given[self.next];
        self.next += 1;
        word
    }

    #[cold]
    fn twist(&mut self) {
        let state = &mut self.state;
        // In three stretches, in each of which no word depends on another one of the same: the processor does several at
        // once.
        for at in 0..WORDS - DISTANCE {
            state[at] = twisted(state[at], state[at + 1], state[at + DISTANCE]);
        }
        for at in WORDS - DISTANCE..WORDS - 1 {
            state[at] = twisted(state[at], state[at + 1], state[at + DISTANCE - WORDS]);
        }
        state[WORDS - 1] = twisted(state[WORDS - 1], state[0], state[DISTANCE - 1]);
        self.given = state.map(tempered);
        self.next = 0;
    }

    /// `getrandbits`, for 1 to 32 bits.
    #[inline(always)]
    pub fn some_bits(&mut self, bits: u32) -> u32 {
        self.word() >> ((32 - bits) & 31)
    }

    /// A number below one that is not 0: as many bits as that has, again until the number is below it.
    #[inline(always)]
    pub fn below(&mut self, bound: u32) -> u32 {
        let shift = bound.leading_zeros();
        loop {
            // Which of a few numbers is the first one that is small enough is found without a branch: the processor
            // could only guess how often to try.
            let Some(words) = self.given.get(self.next..).and_then(|rest| rest.first_chunk::<TRIES>()) else {
                let number = self.word() >> shift;
                if number < bound {
                    return number;
                }
                continue;
            };
            let fits = |at: usize| u32::from(words[at] >> shift < bound) << at;
            let first = (0..TRIES).fold(0, |found, at| found | fits(at)).trailing_zeros() as usize;
            match words.get(first) {
                Some(word) => {
                    self.next += first + 1;
                    return word >> shift;
                }
                None => self.next += TRIES,
            }
        }
    }

    /// `getrandbits` for any number of bits.
    pub fn many_bits(&mut self, bits: u32) -> BigInt {
        let mut words: Vec<u32> = (0..bits.div_ceil(32)).map(|_| self.word()).collect();
        if let Some(last) = words.last_mut() {
            *last >>= (32 - bits % 32) % 32;
        }
        BigUint::new(words).into()
    }

    /// `random`, in units of 2^-53.
    #[inline(always)]
    pub fn fraction(&mut self) -> u64 {
        let high = u64::from(self.word() >> 5);
        high << 26 | u64::from(self.word() >> 6)
    }
}

fn twisted(word: u32, next: u32, far: u32) -> u32 {
    let joined = word & 0x8000_0000 | next & 0x7fff_ffff;
    let odd = (joined & 1).wrapping_neg() & 0x9908_b0df;
    far ^ joined >> 1 ^ odd
}

fn tempered(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c_5680;
    word ^= word << 15 & 0xefc6_0000;
    word ^ word >> 18
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_authors() {
        // The reference program's state and its first and 1000th words after `init_genrand(5489)`.
        let mut state = [5489_u32; WORDS];
        for at in 1..WORDS {
            let before = state[at - 1];
            state[at] = (before ^ before >> 30).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        let Some(mut twister) = Twister::new(&state, WORDS) else { panic!("no state") };
        let words: Vec<u32> = (0..10_000).map(|_| twister.word()).collect();
        assert_eq!(words[..3], [3_499_211_612, 581_869_302, 3_890_346_734]);
        // What the standard library of C++ promises of its `mt19937`.
        assert_eq!(words[9_999], 4_123_659_995);
    }

    #[test]
    fn numbers_below_a_bound_are_those_of_one_try_after_the_other() {
        let state: [u32; WORDS] = std::array::from_fn(|at| (at as u32).wrapping_mul(2_654_435_769));
        for bound in [1, 2, 3, 4, 7, 8, 100, 128, 1 << 20, (1 << 31) + 1, u32::MAX] {
            let [Some(mut ours), Some(mut plain)] = [0, 1].map(|_| Twister::new(&state, 620)) else {
                panic!("no state")
            };
            for _ in 0..5000 {
                let expected = loop {
                    let number = plain.some_bits(32 - bound.leading_zeros());
                    if number < bound {
                        break number;
                    }
                };
                assert_eq!(ours.below(bound), expected, "{bound}");
            }
            assert_eq!(ours.word(), plain.word());
        }
    }

    #[test]
    fn what_is_no_state_is_refused() {
        assert!(Twister::new(&[1; WORDS - 1], 0).is_none() && Twister::new(&[1; WORDS], WORDS + 1).is_none());
    }
}
