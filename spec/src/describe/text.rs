//! A cell while it is read: characters that can be searched and blanked.
//!
//! Blanked characters become [`GONE`], which no word contains: nothing is found across them, and
//! a label ends there. Every search is bounded, so that a huge cell costs linear time.

use std::ops::Range;

/// Stands for a character that a step has understood.
pub const GONE: char = '\0';

/// No cell of a workbook is longer (Excel's limit is 32,767 characters).
const LONGEST: usize = 32_768;

/// Bounds the search for the end of a clause, which many places may start.
const LONGEST_CLAUSE: usize = 512;

/// The characters of one cell, normalised.
pub struct Text {
    chars: Vec<char>,
    /// Which characters occur, one bit for several: most words are ruled out without a search.
    seen: u64,
}

impl Text {
    /// One newline, one blank, one colon: re-saved and hand-edited books differ in these.
    pub fn new(text: &str) -> Self {
        let mut chars = Vec::with_capacity(text.len().min(LONGEST));
        let mut source = text.chars().take(LONGEST).peekable();
        while let Some(c) = source.next() {
            chars.push(match c {
                '\r' => {
                    if source.peek() == Some(&'\n') {
                        continue;
                    }
                    '\n'
                }
                '\n' => '\n',
                '：' => ':',
                '；' => ';',
                '，' => ',',
                '（' => '(',
                '）' => ')',
                '％' => '%',
                '～' | '∼' | '〜' => '~',
                '‘' | '’' | '′' => '\'',
                '“' | '”' => '"',
                c if c.is_whitespace() || c.is_control() || c == '\u{200b}' || c == '\u{feff}' => ' ',
                c => c,
            });
        }
        let seen = chars.iter().fold(0, |seen, &c| seen | bit(c));
        Self { chars, seen }
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The character there, or a newline before the start and after the end.
    pub fn at(&self, i: Option<usize>) -> char {
        i.and_then(|i| self.chars.get(i)).copied().unwrap_or('\n')
    }

    /// The character before `i`.
    pub fn before(&self, i: usize) -> char {
        self.at(i.checked_sub(1))
    }

    /// Blanked meanwhile: places found before a mask may be.
    pub fn gone(&self, i: usize) -> bool {
        self.chars.get(i) == Some(&GONE)
    }

    pub fn starts(&self, i: usize, word: &str) -> bool {
        let mut rest = self.chars.get(i..).unwrap_or_default().iter();
        word.chars().all(|w| rest.next() == Some(&w))
    }

    pub fn find(&self, word: &str, from: usize) -> Option<usize> {
        let first = self.first(word)?;
        (from..self.chars.len()).find(|&i| self.chars[i] == first && self.starts(i, word))
    }

    /// The first character of a word that may occur.
    fn first(&self, word: &str) -> Option<char> {
        let occurs = word.chars().all(|c| self.seen & bit(c) != 0);
        word.chars().next().filter(|_| occurs)
    }

    pub fn has(&self, word: &str) -> bool {
        self.find(word, 0).is_some()
    }

    /// Every place of `word`.
    pub fn all(&self, word: &str) -> Vec<usize> {
        let Some(first) = self.first(word) else {
            return Vec::new();
        };
        (0..self.chars.len()).filter(|&i| self.chars[i] == first && self.starts(i, word)).collect()
    }

    pub fn string(&self, range: Range<usize>) -> String {
        self.chars[range].iter().filter(|&&c| c != GONE).collect()
    }

    pub fn mask(&mut self, range: Range<usize>) {
        let end = range.end.min(self.chars.len());
        self.chars[range.start.min(end)..end].fill(GONE);
    }

    pub fn skip_blanks(&self, mut i: usize) -> usize {
        while self.chars.get(i) == Some(&' ') {
            i += 1;
        }
        i
    }

    pub fn skip_blanks_back(&self, mut end: usize) -> usize {
        while end > 0 && self.chars[end - 1] == ' ' {
            end -= 1;
        }
        end
    }

    /// The end of the line that holds `i`.
    pub fn line_end(&self, i: usize) -> usize {
        self.chars[i..].iter().position(|&c| c == '\n').map_or(self.chars.len(), |n| i + n)
    }

    /// Where the clause that starts at `i` ends: at the first of `stops`.
    pub fn until(&self, i: usize, stops: &[char]) -> usize {
        let last = self.chars.len().min(i + LONGEST_CLAUSE);
        self.chars[i..last].iter().position(|c| stops.contains(c) || *c == GONE).map_or(last, |n| i + n)
    }

    /// Where the clause that ends at `end` begins: after the last of `stops`, at most `most` characters back.
    pub fn since(&self, end: usize, stops: &[char], most: usize) -> usize {
        let first = end.saturating_sub(most);
        let clause = &self.chars[first..end];
        clause.iter().rposition(|c| stops.contains(c) || *c == GONE).map_or(first, |n| first + n + 1)
    }

    /// The digits at `i` as a number, and where they end. Thousands may be separated.
    pub fn number(&self, i: usize) -> Option<(u32, usize)> {
        let mut end = i;
        while end < i + 12 && self.at(Some(end)).is_ascii_digit() {
            end += 1;
        }
        let value = self.string(i..end).parse().ok()?;
        Some((value, end))
    }

    /// The digits that end at `end` as a number, and where they start.
    pub fn number_back(&self, end: usize) -> Option<(u32, usize)> {
        let mut start = end;
        while start > 0 && end - start < 12 && self.chars[start - 1].is_ascii_digit() {
            start -= 1;
        }
        let value = self.string(start..end).parse().ok()?;
        Some((value, start))
    }

    /// Blanks worked examples and footnotes: they hold colons and numbers, and no codes.
    pub fn mask_examples(&mut self) {
        for i in self.all("※") {
            if !self.gone(i) {
                self.mask(i..self.line_end(i));
            }
        }
        for word in ["ex)", "ex.", "ex:", "Ex)", "예)", "예:", "예시", "예를 들어", "예 "] {
            for i in self.all(word) {
                if is_word(self.before(i)) || self.gone(i) {
                    continue;
                }
                let end = if self.before(i) == '(' {
                    self.until(i + word.chars().count(), &[')', '\n'])
                } else if word == "예 " {
                    continue;
                } else {
                    self.line_end(i)
                };
                self.mask(i..end);
            }
        }
    }
}

fn bit(c: char) -> u64 {
    1 << (u32::from(c) % 61)
}

/// A character of a Korean or English word or of a number.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// A character that codes are made of.
pub fn is_code_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '+' | '-' | '.')
}
