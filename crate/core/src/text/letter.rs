//! One letter by itself. Depends on nothing of this crate: the build script folds the cues with it.

use unicode_normalization::char::decompose_compatible;

/// Marks that nobody sees: joiners, direction marks, fillers. The soft hyphen is among them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Folds one character that is not ASCII, without regard to its neighbours.
pub(crate) fn fold_char(c: char, mut emit: impl FnMut(char)) {
    match c {
        // Letters that no decomposition takes apart, and punctuation with an ASCII twin.
        'ß' | 'ẞ' => ['s', 's'].into_iter().for_each(emit),
        'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(emit),
        'œ' | 'Œ' => ['o', 'e'].into_iter().for_each(emit),
        'ł' | 'Ł' => emit('l'),
        'ø' | 'Ø' => emit('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => emit('d'),
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '＇' => emit('\''),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => emit('"'),
        '‐'..='―' | '−' => emit('-'),
        '…' => emit('…'),
        // Kana, Han and Hangul syllables stay whole, or a mark would come loose from its letter.
        '\u{3001}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => emit(c),
        _ => decompose_compatible(c, |part| {
            if !('\u{300}'..='\u{36f}').contains(&part) {
                part.to_lowercase().for_each(&mut emit);
            }
        }),
    }
}
