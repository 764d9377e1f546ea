// Shared by the build script, which writes the programs, and the library, which runs them.

//! A cue's pattern as a program: an operation a byte, its operands behind it.

/// The pattern matches.
pub(crate) const MATCH: u8 = 0;
/// Length, bytes: they stand here.
pub(crate) const LITERAL: u8 = 1;
/// Class: one of its bytes stands here.
pub(crate) const CLASS: u8 = 2;
/// Class, least, most (or [`NO_END`]): so many of its bytes stand here, as many as can.
pub(crate) const REPEAT: u8 = 3;
/// The edge of a word.
pub(crate) const EDGE: u8 = 4;
/// Count, then length and bytes of each: one of them stands here, the first that will do.
pub(crate) const SET: u8 = 5;
/// Place, two bytes: go on here, and there if that fails.
pub(crate) const TRY: u8 = 6;
/// Place, two bytes: go on there.
pub(crate) const GO: u8 = 7;
/// Number, two bytes: ways meet; whoever comes to the same byte a second time has failed before.
pub(crate) const MEET: u8 = 8;

/// The text begins here.
pub(crate) const START: u8 = 9;
/// The text ends here.
pub(crate) const END: u8 = 10;

/// A [`REPEAT`] without a most.
pub(crate) const NO_END: u8 = u8::MAX;

/// A set of bytes: a bit each.
pub(crate) type Class = [u8; 32];
