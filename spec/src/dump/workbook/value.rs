//! Cell values to the text a person sees: `20`, not `20.0`.
//!
//! All cells of the broker's books are strings; other types come from books that were edited by hand.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime};

/// The text of a value; `None` for an empty cell.
pub(super) fn text<'a>(value: &'a DataRef<'_>) -> Option<Cow<'a, str>> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => Cow::Borrowed(*text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Borrowed(text.as_str()),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(number_text(*number)),
        DataRef::Bool(true) => Cow::Borrowed("TRUE"),
        DataRef::Bool(false) => Cow::Borrowed("FALSE"),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
        DataRef::DateTime(moment) => Cow::Owned(moment_text(moment)),
    })
}

/// Excel keeps 15 significant digits: `0.1 + 0.2` is shown as `0.3`.
fn number_text(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    // Beyond the calendar of Excel (year 9999) a cell shows no date.
    if !(0.0..2_958_466.0).contains(&days) {
        return number_text(days);
    }
    if moment.is_duration() {
        let seconds = (days * 86_400.0).round() as u64;
        return format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match (days < 1.0, days.fract() == 0.0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn moment(days: f64, kind: ExcelDateTimeType) -> DataRef<'static> {
        DataRef::DateTime(ExcelDateTime::new(days, kind, false))
    }

    #[test]
    fn dump_values_are_shown_as_a_person_sees_them() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        for (value, want) in [
            (DataRef::Float(20.0), "20"),
            (DataRef::Float(0.1 + 0.2), "0.3"),
            (DataRef::Float(-1.5), "-1.5"),
            (DataRef::Int(7), "7"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(CellErrorType::NA), "#N/A"),
            (moment(46_207.0, DateTime), "2026-07-04"),
            (moment(46_207.5, DateTime), "2026-07-04 12:00:00"),
            (moment(0.25, DateTime), "06:00:00"),
            (moment(1.25, TimeDelta), "30:00:00"),
            (moment(1e300, DateTime), &number_text(1e300)),
            (DataRef::SharedString("가"), "가"),
        ] {
            assert_eq!(text(&value).as_deref(), Some(want));
        }
        assert_eq!(text(&DataRef::Empty), None);
    }
}
