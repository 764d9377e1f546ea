//! Weights as the data files write them.

/// Reads a decimal number such as `-1.25`: digits, at most one point, no exponent.
///
/// The nearest `f64`, as of the library's reader, whose tables are 16 KB of the module: up to
/// 2^53 and 10^22 a whole number and a power of ten are exact, so that their one division is
/// rounded once (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
///
/// None of anything else, and of more than 15 digits.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let (digits, sign) = match text.strip_prefix('-') {
        Some(digits) => (digits, -1.0),
        None => (text, 1.0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() + part.len() > 15 {
        return None;
    }
    let mut number = 0_u64;
    for digit in whole.bytes().chain(part.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    let scale = 10_u64.pow(part.len() as u32);
    Some(sign * (number as f64 / scale as f64))
}

#[cfg(test)]
mod tests {
    use super::decimal;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_what_the_library_reads(text in "-?[0-9]{1,8}([.][0-9]{0,7})?") {
            let wanted: f64 = text.parse().expect("a number");
            prop_assert_eq!(decimal(&text).map(f64::to_bits), Some(wanted.to_bits()));
        }

        #[test]
        fn reads_nothing_else(text in "[0-9.e+ -]{0,20}") {
            let is_decimal = text.parse::<f64>().is_ok()
                && !text.contains(['e', '+'])
                && !text.starts_with('.')
                && !text.starts_with("-.");
            if !is_decimal {
                prop_assert_eq!(decimal(&text), None);
            }
        }
    }
}
