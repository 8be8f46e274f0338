//! Sheet text to rustdoc, in one place: escaping and line form.

/// Makes text harmless in rustdoc: brackets, angle signs, backquotes, `*` and `_` are punctuation in the sheets.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '[' | ']' | '<' | '>' | '`' | '*' | '_' | '\\' | '#' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A text as a code span, whatever it contains.
pub fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_punctuation_is_no_markup() {
        assert_eq!(escape("[a] <b> `c` *d* _e_"), r"\[a\] \<b\> \`c\` \*d\* \_e\_");
        assert_eq!(escape("한글 1:KRX\n2:NXT"), "한글 1:KRX 2:NXT");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
