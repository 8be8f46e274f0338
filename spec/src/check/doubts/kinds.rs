//! Every kind of doubt about a document, as one table: id, severity, what it means, what to do about it.

use crate::diff::Severity;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Stable: settings and accepted findings use it.
    pub id: &'static str,
    /// How much it weighs by default. A note is something that the client copes with.
    pub severity: Severity,
    /// What it means.
    pub text: &'static str,
    /// The way out.
    pub fix: &'static str,
}

macro_rules! kinds {
    ($($name:ident $id:literal $severity:ident $text:literal $fix:literal)*) => {
        /// A kind of doubt.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = $text] $name,)*
        }

        impl Kind {
            /// All kinds, in the order of the table.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// Its row.
            pub fn row(self) -> Row {
                match self {
                    $(Kind::$name => Row { id: $id, severity: Severity::$severity, text: $text, fix: $fix },)*
                }
            }
        }
    };
}

kinds! {
    // The table on its own
    ColumnBlank "column-blank" Note "a column is blank nearly everywhere" "import an older document that has it first: the facts keep what it said"
    SeveralForms "several-forms" Note "a body has several message forms" "look whether each field stands under the right one"
    ResponseRequired "response-required" Note "response fields are marked as required" "nothing: replies are read leniently"
    CodeLonger "code-longer-than-length" Note "a code of the list is longer than the Length" "nothing: Length limits nothing"
    DuplicateCode "duplicate-code" Note "the list gives a code twice" "look whether one of the two was meant to be another code"
    CodeWithoutLabel "code-without-label" Note "the list gives a code without a label" "nothing, unless a set needs it"
    UnitAgainstLabel "unit-against-label" Note "the label is a price, the unit is not" "add an erratum `unit`"
    // The example against the table
    ExampleNotJson "example-not-json" Note "the example is no JSON" "nothing: it is read leniently"
    ExampleFlattened "example-flattened" Note "the example shows the rows of a list as keys of its top level" "nothing: the keys are put back where they belong"
    ForeignExample "foreign-example" Note "the example belongs to another API" "add an erratum `distrust-example`"
    SharedExample "shared-example" Note "two APIs have the same example" "look whose it is"
    ListMisspelt "list-misspelt" Note "the example spells the list differently" "add an erratum `alias`"
    KeyMisspelt "key-misspelt" Note "the example spells the key differently" "add an erratum `alias` or `remove`"
    KeyElsewhere "key-elsewhere" Note "the example shows the key in another container" "add an erratum `parent`"
    OnlyInTable "only-in-table" Note "the example does not show the field" "nothing: fields may be absent"
    OnlyInExample "only-in-example" Note "the table does not list the key" "nothing: the key is a field all the same"
    FormOnlyInExample "form-only-in-example" Note "the example shows a form of the body that the table does not describe" "nothing: its keys are fields all the same"
    EnvelopeMissing "envelope-missing" Note "the table lacks a key that nearly all topics have" "nothing: the envelope belongs to the runtime"
    EnvelopeSpelling "envelope-spelling" Note "the example spells the envelope differently" "nothing: both spellings are read"
    RequiredBlank "required-but-blank" Note "the example leaves blank what the table requires" "nothing: the caller must decide"
    LongerThanLength "longer-than-length" Note "the example is longer than the Length" "nothing: Length limits nothing"
    UnlistedCode "unlisted-code" Note "the example shows a code that the list does not have" "nothing: unlisted codes are kept"
    BlankCode "blank-code" Note "the example leaves a code blank and the list has no blank" "nothing: blank is none"
    FixedDiffers "fixed-value-differs" Note "the example sends another value than the one that is always sent" "add an erratum `fixed`"
    PaddingWrong "padding-wrong" Note "the example has another width than the padding says" "nothing: width decides nothing"
    DecimalsWrong "decimals-wrong" Note "the example has another number of decimals than the text says" "nothing: the point is read where it stands"
    FormatWrong "format-wrong" Note "the example is laid out differently from what the text says" "add an erratum `kind`"
    SignUndocumented "sign-undocumented" Note "the example has a sign of which the text says nothing" "look at the role of the label"
    SignNotShown "sign-not-shown" Note "the text speaks of a sign and the example has none" "nothing: a sign may be absent"
    NotANumber "not-a-number" Note "the label is a number, the example is not" "add an erratum `kind` or `distrust-example`"
    NotADate "not-a-date" Note "the label is a date or a time, the example is not" "add an erratum `kind` or `distrust-example`"
    NotAName "not-a-name" Note "the label is a name, the example is a number" "add an erratum `distrust-example`"
    PushName "push-name-differs" Note "the push carries another name than the API" "nothing: the id decides"
    // The form of values
    DoubleSign "double-sign" Note "a number has two signs" "nothing: the last one counts"
    SignedZero "signed-zero" Note "a zero has a sign" "nothing: it is read as zero"
    PercentSign "percent-sign" Note "a number ends in a percent sign" "nothing: the mark is taken off"
    Grouped "grouped-number" Note "a number has thousands separators" "nothing: they are taken off"
    BlankPadded "blank-padded" Note "a value is padded with blanks" "nothing: they are taken off"
    SignedText "signed-text" Note "a text begins with a sign" "nothing, or `strip` in the table of FIDs"
    Sentinel "sentinel" Note "a value stands for no number at all" "nothing: it is an anomaly when it arrives"
    MarkedDate "marked-date" Note "a date or time has marks or no usual hour" "add an erratum `kind` if the text does not say so"
    // The same element in several APIs
    OppositeCodes "opposite-codes" Note "one code stands for different things in different APIs" "give each field its own table in spec/names/codes.toml"
    UnitDiffers "unit-differs" Note "one element has different units in different APIs" "nothing: the unit belongs to the field"
    NumberAndText "number-and-text" Note "one element is a number in one API and a text in another" "nothing: the type belongs to the field"
    IntegerAndDecimal "integer-and-decimal" Note "one element is whole in one API and has decimals in another" "nothing: the type belongs to the field"
    FidNames "fid-names-differ" Note "one FID has different labels in different topics" "look whether it means the same"
}

impl Kind {
    /// The stable name.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The kind with this id.
    pub fn of(id: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|k| k.id() == id)
    }
}
