//! The two forms that make up most of the text, structs and setters, written directly as text: parsing thousands of
//! them from tokens cost more than everything else. Prettyplease formats what does not fit on a line.

use super::record;
use crate::model::{Kind, MemberType, Struct};

/// Lines that are shorter than this fit; prettyplease breaks those beyond 89.
const WIDTH: usize = 85;

/// A struct with public members; none where a line of it must be laid out.
pub fn structure(s: &Struct, default: bool, shown: fn(&[String]) -> &[String]) -> Option<String> {
    let mut out = String::new();
    docs(&mut out, "", &s.docs)?;
    out.push_str(if default { "#[derive(Clone, Default)]\n" } else { "#[derive(Clone)]\n" });
    line(&mut out, &format!("pub struct {} {{", s.name))?;
    for member in &s.members {
        docs(&mut out, "    ", shown(&member.docs))?;
        line(&mut out, &format!("    pub {}: {},", member.ident, type_of(&member.ty)))?;
    }
    out.push_str("    #[doc(hidden)]\n    pub _more: (),\n}\n");
    Some(out)
}

/// A setter, indented; none where a line of it must be laid out.
pub fn setter(ident: &str, ty: &str, (value, lines): (&str, &[String])) -> Option<String> {
    let mut out = String::new();
    docs(&mut out, "    ", lines)?;
    out.push_str("    #[must_use]\n");
    line(&mut out, &format!("    pub fn {ident}(mut self, {ident}: {ty}) -> Self {{"))?;
    line(&mut out, &format!("        self.{ident} = {value};"))?;
    out.push_str("        self\n    }\n");
    Some(out)
}

fn docs(out: &mut String, indent: &str, lines: &[String]) -> Option<()> {
    for text in lines {
        // A line break, or blanks at the end, are laid out by other rules.
        if text.contains(['\n', '\r']) || text.ends_with(char::is_whitespace) {
            return None;
        }
        out.push_str(indent);
        out.push_str(if text.is_empty() { "///" } else { "/// " });
        out.push_str(text);
        out.push('\n');
    }
    Some(())
}

fn line(out: &mut String, text: &str) -> Option<()> {
    if text.chars().count() > WIDTH {
        return None;
    }
    out.push_str(text);
    out.push('\n');
    Some(())
}

/// The text of a type without blanks but those after a semicolon.
pub fn type_of(ty: &MemberType) -> String {
    record::member_type(ty).to_string().replace(' ', "").replace(';', "; ")
}

/// The same for the type inside an `Option`.
pub fn inner(kind: &Kind) -> String {
    record::inner_type(kind).to_string().replace(' ', "")
}
