//! Folds one letter by itself, by Unicode's decompositions. The build script folds the cues with it,
//! and makes the table with which [`super::table`] folds texts.

use unicode_normalization::char::decompose_compatible;

/// Small capitals, and the letters they are of: Unicode has no decomposition for them, and no confusable
/// for most.
const SMALL_CAPITALS: (&str, &str) = ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz");

/// The letter A of the capitals in a disc, and of those in a square. Halves of flags look the same, and are
/// left as they are.
const DRAWN: [char; 2] = ['🅐', '🅰'];

/// A letter of a script in which no cue is written (Hebrew, Arabic, Hangul), or a Han letter.
pub(crate) fn is_foreign(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{1100}'..='\u{11ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

/// The letter that a drawn one or a small capital stands for.
fn plain(c: char) -> Option<char> {
    let (small, plain) = SMALL_CAPITALS;
    let drawn = DRAWN.iter().find_map(|first| {
        let number = u32::from(c).checked_sub(u32::from(*first))?;
        (number < 26).then(|| char::from(b'a' + number as u8))
    });
    drawn.or_else(|| {
        small
            .chars()
            .zip(plain.chars())
            .find(|(known, _)| *known == c)
            .map(|(_, plain)| plain)
    })
}

/// Folds one character that is not ASCII, without regard to its neighbours.
pub(crate) fn fold_char(c: char, mut emit: impl FnMut(char)) {
    match c {
        // Letters that no decomposition covers, and punctuation with an ASCII counterpart.
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
        _ => match plain(c) {
            Some(plain) => emit(plain),
            None => decompose_compatible(c, |part| {
                if !('\u{300}'..='\u{36f}').contains(&part) {
                    part.to_lowercase().for_each(&mut emit);
                }
            }),
        },
    }
}
