//! A design's text gives the same design back, and no text makes the reader panic.

use proptest::prelude::*;
use pyhdl_ir::text;

use crate::generate::design;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_design_reads_back_as_it_was(design in design()) {
        let printed = design.to_text();
        match text::parse(&printed) {
            Ok(back) => prop_assert_eq!(back, design, "{}", printed),
            Err(e) => prop_assert!(false, "{}\n{}", e, printed),
        }
    }

    #[test]
    fn validation_of_any_design_ends(design in design()) {
        // Nearly all are invalid; what counts is that no id out of range is followed.
        let _ = design.validate();
    }

    #[test]
    fn a_cut_or_changed_text_is_an_error_or_a_design(
        design in design(),
        at in any::<prop::sample::Index>(),
        length in 0..20usize,
        put in "[-a-z0-9 (){}\\[\\]\"@:.,=]{0,4}",
    ) {
        let mut chars: Vec<char> = design.to_text().chars().collect();
        let start = at.index(chars.len());
        let end = (start + length).min(chars.len());
        chars.splice(start..end, put.chars());
        let changed: String = chars.into_iter().collect();
        if let Ok(design) = text::parse(&changed) {
            prop_assert_eq!(text::parse(&design.to_text()), Ok(design));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = text::parse(&text);
    }
}
