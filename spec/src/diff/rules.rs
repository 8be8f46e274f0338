//! Every kind of change that a comparison can find, as one table: id, class, severity, what it means.
//!
//! Decides nothing: the other modules find changes, this one says how much each kind weighs unless
//! `spec/accepted.toml` says otherwise.

use std::fmt;

/// What a change does to somebody who uses the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nothing but documentation.
    Docs,
    /// The types are equal, the meaning is not: unit, sign, a code that stands for something else.
    Meaning,
    /// A value is read differently.
    Decode,
    /// Other bytes travel.
    Wire,
    /// A user's code no longer compiles.
    Source,
}

impl Class {
    /// All of them, the worst last.
    pub const ALL: [Class; 5] = [Class::Docs, Class::Meaning, Class::Decode, Class::Wire, Class::Source];

    /// The word of the command line and of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Class::Docs => "docs",
            Class::Meaning => "meaning",
            Class::Decode => "decode",
            Class::Wire => "wire",
            Class::Source => "source",
        }
    }

    /// The class with this word.
    pub fn of(word: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// How loudly a change is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not at all.
    Off,
    /// Worth knowing.
    Note,
    /// Look at it before a release.
    Warning,
    /// A consumer must act.
    Breaking,
}

impl Severity {
    /// All of them, the worst last.
    pub const ALL: [Severity; 4] = [Severity::Off, Severity::Note, Severity::Warning, Severity::Breaking];

    /// The word of the settings and of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Off => "off",
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Breaking => "breaking",
        }
    }

    /// The severity with this word.
    pub fn of(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Stable: settings, accepted findings and programs use it.
    pub id: &'static str,
    /// What it does.
    pub class: Class,
    /// How much it weighs by default.
    pub severity: Severity,
    /// What it means.
    pub text: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal $class:ident $severity:ident $text:literal)*) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $text] $name,)*
        }

        impl Rule {
            /// All rules, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),*];

            /// Its row.
            pub fn row(self) -> Row {
                match self {
                    $(Rule::$name => Row { id: $id, class: Class::$class, severity: Severity::$severity, text: $text },)*
                }
            }
        }
    };
}

rules! {
    // APIs
    ApiAdded "api-added" Docs Note "the API is new"
    ApiRemoved "api-removed" Wire Breaking "the API is gone"
    ApiId "api-id-changed" Wire Breaking "the same API has another id"
    ApiName "api-renamed" Docs Note "the Korean name of the API changed"
    ApiMenu "api-menu-moved" Docs Warning "the API stands in another menu of the guide"
    ApiPath "api-path-changed" Wire Breaking "the URL path changed"
    ApiMethod "api-method-changed" Wire Breaking "the HTTP method changed"
    ApiHost "api-host-changed" Wire Breaking "the production host changed"
    ApiMockHost "api-mock-host-changed" Wire Warning "the mock host changed"
    ApiMockAdded "api-mock-added" Docs Note "the mock server offers the API now"
    ApiMockLost "api-mock-lost" Meaning Warning "the document names no mock host any more"
    ApiMockNote "api-mock-note-changed" Docs Note "the note beside the mock host changed"
    ApiFormat "api-format-changed" Wire Breaking "the body format changed"
    ApiOverview "api-overview-changed" Docs Note "the overview text changed"
    HeaderAdded "header-added" Wire Warning "a header beyond the usual ones is new"
    HeaderRemoved "header-removed" Wire Warning "a header beyond the usual ones is gone"
    ExampleChanged "example-changed" Docs Note "the example changed"
    ExampleFilled "example-filled" Docs Note "an example was filled in where there was none"
    ExampleLost "example-lost" Docs Warning "the example is gone"
    FormAdded "message-form-added" Decode Warning "a message form of a body is new"
    FormRemoved "message-form-removed" Decode Breaking "a message form of a body is gone"
    // Fields as a whole
    RequestFieldAdded "request-field-added" Wire Note "a request field that may be left out is new"
    RequestFieldNeeded "request-field-needed" Wire Breaking "a request field that must be sent is new"
    RequestFieldRemoved "request-field-removed" Wire Breaking "a request field is gone"
    ResponseFieldAdded "response-field-added" Wire Note "a response field is new"
    ResponseFieldRemoved "response-field-removed" Wire Breaking "a response field is gone"
    FieldRenamed "field-renamed" Wire Breaking "the same field has another key"
    FieldMoved "field-moved" Wire Breaking "the field stands in another container"
    FieldSide "field-changed-side" Wire Breaking "the field moved between request and response"
    FieldUndocumented "field-undocumented" Docs Warning "the table dropped the field, the example still shows it"
    FieldDocumented "field-documented" Docs Note "the table lists a field that only the example showed"
    OrderChanged "order-changed" Docs Note "the example sends its keys in another order"
    PositionsChanged "positions-changed" Decode Breaking "rows are arrays, and their positions stand for other fields now"
    // Cells
    LabelChanged "label-respelt" Docs Note "the Korean label is spelt differently"
    LabelRedefined "label-redefined" Meaning Warning "the Korean label says something else"
    TypeChanged "type-word-changed" Docs Note "the Type word changed"
    BecameObject "list-became-object" Decode Breaking "a list is an object now"
    BecameList "object-became-list" Decode Breaking "an object is a list now"
    BecameArrays "rows-became-arrays" Decode Breaking "the rows of a list changed between objects and arrays"
    BecameText "container-became-value" Decode Breaking "a container is a plain value now"
    BecameContainer "value-became-container" Decode Breaking "a plain value is a container now"
    JsonType "json-type-changed" Decode Warning "the example shows another JSON type"
    ShapesChanged "example-shapes-changed" Docs Note "the values of the example have other forms"
    RequiredNow "required-now" Wire Breaking "a request field must be sent now"
    RequiredDropped "required-dropped" Wire Note "a request field may be left out now"
    ResponseRequired "response-required-changed" Docs Note "the Required word of a response field changed"
    LengthLonger "length-longer" Docs Note "the Length of a request field grew"
    LengthShorter "length-shorter" Wire Warning "the Length of a request field shrank"
    LengthChanged "response-length-changed" Docs Note "the Length of a response field changed"
    // What a description says
    UnitChanged "unit-changed" Meaning Breaking "the unit changed"
    UnitAdded "unit-added" Meaning Warning "the description names a unit now"
    UnitDropped "unit-dropped" Meaning Warning "the description names no unit any more"
    UnitChoice "unit-choice-changed" Meaning Breaking "the units between which a request chooses changed"
    ScaleChanged "scale-changed" Decode Breaking "the position of the removed decimal point changed"
    SignAdded "sign-added" Meaning Warning "the description speaks of a sign now"
    SignDropped "sign-dropped" Meaning Warning "the description speaks of no sign any more"
    PaddingChanged "padding-changed" Wire Note "the padding with zeros changed"
    WidthChanged "width-changed" Docs Note "the documented width changed"
    DecimalsChanged "decimals-changed" Docs Note "the documented number of decimals changed"
    FormatChanged "format-changed" Decode Breaking "the layout of a date or time changed"
    SymbolChanged "symbol-form-changed" Decode Warning "the documented form of a stock code changed"
    FixedChanged "fixed-value-changed" Wire Breaking "the value that is always sent changed"
    DefaultChanged "default-changed" Wire Warning "the documented default changed"
    BlankChanged "blank-meaning-changed" Meaning Warning "an empty value stands for something else"
    AbsentChanged "absent-value-changed" Decode Warning "another value stands for 'there is none'"
    KeysChanged "embedded-keys-changed" Wire Warning "the JSON inside a text has other keys"
    SeparatorChanged "separator-changed" Wire Breaking "joined values have another separator"
    LimitChanged "limit-changed" Wire Warning "the largest number of values changed"
    ConditionChanged "condition-changed" Docs Note "whether the field depends on another one changed"
    ReferenceChanged "reference-changed" Docs Note "the description refers to other APIs"
    CodesListed "codes-listed" Docs Note "the description lists codes where it listed none"
    CodesUnlisted "codes-unlisted" Wire Warning "the description lists no codes any more"
    CodeAdded "code-added" Decode Note "the list has a new code"
    CodeRemoved "code-removed" Wire Warning "a code is gone from the list"
    CodeMoved "code-moved" Wire Breaking "the same meaning has another code"
    CodeRelabelled "code-relabelled" Docs Note "the label of a code is spelt differently"
    CodeRedefined "code-redefined" Meaning Breaking "a code stands for something else"
    CodesRemapped "codes-remapped" Meaning Breaking "codes exchanged their meanings"
    CodesOpposite "codes-opposite" Meaning Breaking "two codes stand for the opposite of before"
    ValueAdded "value-added" Decode Note "the list of bare values has a new one"
    ValueRemoved "value-removed" Wire Warning "a bare value is gone from the list"
    BoundsChanged "bounds-changed" Wire Warning "the list of lower bounds changed"
    BoundsScaled "bounds-scaled" Meaning Breaking "a bound stands for another amount"
    Reworded "description-reworded" Docs Note "the description has other words and says the same"
    Unparsed "description-unread" Docs Warning "the description looks like a list of codes that cannot be read"
    // Blank cells
    DescriptionFilled "description-filled" Docs Note "a blank description was filled"
    CellFilled "cell-filled" Docs Note "a blank cell was filled"
    DescriptionLost "description-lost" Docs Warning "a description is blank now"
    CellLost "cell-lost" Docs Warning "a filled cell is blank now"
    ColumnFilled "column-filled" Docs Note "a column of blank cells was filled"
    ColumnLost "column-lost" Docs Warning "a column of filled cells is blank now"
    // Error codes
    ErrorAdded "error-added" Docs Note "an error code is new"
    ErrorRemoved "error-removed" Docs Warning "an error code is gone"
    ErrorReworded "error-reworded" Docs Note "the message of an error code changed"
    ErrorHoles "error-places-changed" Decode Warning "the message of an error code has other places for names"
    // Rust items that no single fact explains
    RustRemoved "rust-item-removed" Source Breaking "a public item of the crate is gone"
    RustMoved "rust-item-moved" Source Breaking "a public item of the crate has another path"
    RustChanged "rust-item-changed" Source Breaking "a public item of the crate has another type"
    RustMeaning "rust-reading-changed" Decode Warning "a field of the crate keeps its type and is read differently"
}

impl Rule {
    /// The stable name.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The rule with this id.
    pub fn of(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|r| r.id() == id)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_an_id_of_its_own_in_one_form() {
        let ids: BTreeSet<&str> = Rule::ALL.iter().map(|r| r.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            let id = rule.id();
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && id.contains('-'), "{id}");
            assert_eq!(Rule::of(id), Some(*rule));
            assert_ne!(rule.row().severity, Severity::Off, "{id}");
        }
        assert_eq!(Rule::of("no-such-rule"), None);
    }
}
