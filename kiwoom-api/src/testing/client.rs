//! A client without the broker.

use super::answer::{Answer, Asked};
use crate::net::transport::canned::Canned;
use crate::{Builder, Client, Credentials, Limits, Retry, Server};

/// Nobody speaks to it; it stands in texts and journals.
const NOWHERE: &str = "http://127.0.0.1:9";

impl Client {
    /// A client whose calls get these answers instead of the broker's, by API id and in their order. No socket is opened.
    ///
    /// It needs no keys, asks for no token that you prepare, does not wait for request limits and tries each call once. It
    /// may trade without being [armed](Client::arm). A call without an answer is an error that says so, and is not sent.
    /// Realtime data cannot be prepared here: opening a subscription is an error.
    ///
    /// For a client with choices of your own, see [`Builder::canned`].
    ///
    /// ```
    /// # #[cfg(all(feature = "domestic-stock", feature = "blocking"))] {
    /// use kiwoom_api::Client;
    /// use kiwoom_api::blocking::Wait;
    /// use kiwoom_api::id::ka10001;
    /// use kiwoom_api::testing::Answer;
    ///
    /// let client = Client::canned([Answer::json("ka10001", r#"{"stk_cd":"005930","cur_prc":"-70100"}"#)]);
    /// let reply = client.call(&ka10001::Request::new("005930")).wait()?;
    /// assert_eq!(reply.cur_prc.unwrap().won(), Some(70_100));
    /// assert_eq!(client.asked()[0].json(), r#"{"stk_cd":"005930"}"#);
    ///
    /// let error = client.call(&ka10001::Request::new("005930")).wait().unwrap_err();
    /// assert!(error.to_string().contains("no answer is canned for call 2 of ka10001"), "{error}");
    /// # }
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn canned(answers: impl IntoIterator<Item = Answer>) -> Client {
        let keys = Credentials::new("canned-app-key", "canned-secret-key");
        let builder = Client::builder(Server::sandbox(NOWHERE), keys).retry(Retry::none());
        builder.canned(answers).build().expect("an address without TLS and keys that are there")
    }

    /// What a [canned](Client::canned) client was asked for, in order, its own requests for tokens left out. Empty for every
    /// other client.
    pub fn asked(&self) -> Vec<Asked> {
        self.as_canned().map(Canned::asked).unwrap_or_default().into_iter().map(Asked).collect()
    }

    /// The API ids of prepared answers that no call has asked for, those that are [repeated](Answer::repeated) left out.
    pub fn unused_answers(&self) -> Vec<String> {
        self.as_canned().map(Canned::left).unwrap_or_default()
    }
}

impl Builder {
    /// Gives these answers in the place of the broker's: see [`Client::canned`]. Requests do not wait for their turn any more.
    ///
    /// ```
    /// use kiwoom_api::testing::{Answer, Failure};
    /// use kiwoom_api::{Client, Credentials, Retry, Server};
    ///
    /// let client = Client::builder(Server::Mock, Credentials::new("key", "secret"))
    ///     .retry(Retry::default().attempts(2))
    ///     .canned([Answer::failure("ka10001", Failure::Timeout), Answer::json("ka10001", "{}")])
    ///     .build()?;
    /// assert_eq!(client.unused_answers(), ["ka10001", "ka10001"]);
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn canned(self, answers: impl IntoIterator<Item = Answer>) -> Builder {
        let answers = answers.into_iter().map(|Answer(prepared)| prepared);
        self.limits(Limits::unlimited()).answered_by(Canned::new(answers))
    }
}
