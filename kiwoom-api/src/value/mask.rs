//! Strings of on/off digits.

use super::{Doubt, Reading};

/// A field of on/off digits. Implemented for [`FilterMask`] and `Option<FilterMask>`.
pub trait Mask {
    /// Reads the digits; blank text clears.
    fn read(&mut self, text: &str) -> Result<(), Doubt>;
    /// Appends the digits; nothing if unset.
    fn write(&self, out: &mut String);
}

/// Which kinds of stocks a screen excludes (ka10054 `skip_stk`, 제외종목): nine digits, `1` excludes.
///
/// The default excludes nothing (`000000000`).
///
/// ```
/// use kiwoom_api::value::FilterMask;
/// let mask = FilterMask { etf: true, etn: true, ..FilterMask::NONE };
/// assert_eq!(mask.to_string(), "000000011");
/// assert_eq!(FilterMask { preferred: false, ..FilterMask::ALL }.to_string(), "011111111");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FilterMask {
    /// 우선주: preferred stock.
    pub preferred: bool,
    /// 관리종목: under administration.
    pub managed: bool,
    /// 투자경고/위험: investment warning or risk.
    pub warning: bool,
    /// 투자주의: investment caution.
    pub caution: bool,
    /// 환기종목: investment attention (KOSDAQ).
    pub attention: bool,
    /// 단기과열종목: short-term overheating.
    pub overheated: bool,
    /// 증거금100%: full margin.
    pub full_margin: bool,
    /// ETF
    pub etf: bool,
    /// ETN
    pub etn: bool,
}

impl FilterMask {
    /// Excludes nothing.
    pub const NONE: FilterMask = FilterMask::from_digits([false; 9]);
    /// Excludes every kind; re-include the ones you want.
    pub const ALL: FilterMask = FilterMask::from_digits([true; 9]);

    const fn from_digits(digits: [bool; 9]) -> FilterMask {
        let [preferred, managed, warning, caution, attention, overheated, full_margin, etf, etn] = digits;
        FilterMask { preferred, managed, warning, caution, attention, overheated, full_margin, etf, etn }
    }

    const fn digits(self) -> [bool; 9] {
        let FilterMask { preferred, managed, warning, caution, attention, overheated, full_margin, etf, etn } = self;
        [preferred, managed, warning, caution, attention, overheated, full_margin, etf, etn]
    }

    fn parse(text: &str) -> Reading<FilterMask> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let bytes: [u8; 9] = text.as_bytes().try_into().map_err(|_| Doubt::Misfit)?;
        if bytes.iter().any(|b| !matches!(b, b'0' | b'1')) {
            return Err(Doubt::Misfit);
        }
        Ok(Some(FilterMask::from_digits(bytes.map(|b| b == b'1'))))
    }
}

impl std::fmt::Display for FilterMask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.digits().iter().try_for_each(|on| f.write_str(if *on { "1" } else { "0" }))
    }
}

impl Mask for FilterMask {
    fn read(&mut self, text: &str) -> Result<(), Doubt> {
        *self = FilterMask::default();
        *self = FilterMask::parse(text)?.unwrap_or_default();
        Ok(())
    }
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl Mask for Option<FilterMask> {
    fn read(&mut self, text: &str) -> Result<(), Doubt> {
        *self = None;
        *self = FilterMask::parse(text)?;
        Ok(())
    }
    fn write(&self, out: &mut String) {
        if let Some(mask) = self {
            mask.write(out);
        }
    }
}
