//! Keys of pages: opaque to clients, and good for the API and the instrument that they were given for (`BEHAVIOUR.md` P2).

use super::ask::Ask;

/// The keys of one list.
pub(crate) struct PageKeys(String);

impl PageKeys {
    /// Those of the list that a request is about.
    pub fn of(ask: &Ask, api: &str) -> PageKeys {
        let code = ["stk_cd", "inds_cd"].map(|key| ask.field(key)).concat();
        PageKeys(format!("{api}{code}."))
    }

    /// The key of the page that begins at a place.
    pub fn seal(&self, place: &str) -> String {
        format!("{}{place}", self.0)
    }

    /// The place that a key names, if it is one of these.
    pub fn open(&self, key: &str) -> Option<String> {
        let place = key.trim().strip_prefix(&self.0)?;
        place.parse::<u32>().ok().map(|place| place.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_the_list_it_was_given_for() {
        let ask = |code: &str| {
            let mut ask = Ask::default();
            ask.fields.insert("stk_cd".to_owned(), code.into());
            ask
        };
        let keys = PageKeys::of(&ask("005930"), "ka10081");
        let key = keys.seal("600");
        assert_eq!(keys.open(&key).as_deref(), Some("600"));
        assert_eq!(PageKeys::of(&ask("005930"), "ka10080").open(&key), None);
        assert_eq!(PageKeys::of(&ask("000660"), "ka10081").open(&key), None);
        for wrong in ["", "600", "garbage", "ka10081005930.", "ka10081005930.-1", "ka10081005930.99999999999999999999"]
        {
            assert_eq!(keys.open(wrong), None, "{wrong}");
        }
    }
}
