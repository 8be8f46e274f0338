//! Tokens: issued for the keys, good for 24 hours, until they are revoked.

use std::time::Duration;

use kiwoom_api::jiff::ToSpan;
use kiwoom_api::jiff::civil::DateTime;
use serde_json::json;

use super::ask::{Ask, Said};
use super::personality::Personality;
use super::refuse::refusal;

/// The keys that a server knows: one for the app, one secret.
pub(crate) fn keys_of(server: Personality) -> [String; 2] {
    ["APP", "SECRET"].map(|kind| format!("{}-{kind}-KEY-00000000000000000000000000", server.prefix()))
}

const LIFE: Duration = Duration::from_secs(24 * 3600);

/// What happens to a token that is good when its keys ask for another. Reports of the broker disagree (`BEHAVIOUR.md` A4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reissue {
    /// It is given again.
    #[default]
    Same,
    /// It dies, and there is a new one.
    Replaces,
}

/// Which pair of keys a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner(usize);

#[derive(Debug)]
struct Token {
    text: String,
    owner: Owner,
    until: Duration,
}

/// The tokens that are good, and the keys that were seen.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    good: Vec<Token>,
    keys: Vec<String>,
    issued: u64,
    seed: u64,
    server: Personality,
    reissue: Reissue,
}

impl Tokens {
    pub fn new(seed: u64, server: Personality, reissue: Reissue) -> Tokens {
        Tokens { seed, server, reissue, ..Tokens::default() }
    }

    /// Whose request of a token this is.
    pub fn asker(&mut self, ask: &Ask) -> Owner {
        let key = ask.field("appkey");
        let known = self.keys.iter().position(|known| known == key);
        Owner(known.unwrap_or_else(|| {
            self.keys.push(key.to_owned());
            self.keys.len() - 1
        }))
    }

    /// `au10001`
    pub fn issue(&mut self, ask: &Ask, now: Duration, wall: DateTime) -> Said {
        match ask.field("grant_type") {
            "client_credentials" => {}
            "" => return refusal(2, "[8011:grant_type 없음]"),
            _ => return refusal(2, "[8012:grant_type 불일치]"),
        }
        if let Some(refused) = self.keys(ask) {
            return refused;
        }
        let owner = self.asker(ask);
        self.good.retain(|token| token.until > now && (token.owner != owner || self.reissue == Reissue::Same));
        let (token, until) = match self.good.iter().find(|token| token.owner == owner) {
            Some(token) => (token.text.clone(), token.until),
            None => {
                self.issued += 1;
                let text = format!("{}-TOKEN-{:016x}-{}", self.server.prefix(), self.seed, self.issued);
                let until = now + LIFE;
                self.good.push(Token { text: text.clone(), owner, until });
                (text, until)
            }
        };
        let left = until.saturating_sub(now).as_secs();
        let expires = wall.saturating_add(i64::try_from(left).unwrap_or(i64::MAX).seconds());
        let body = json!({
            "expires_dt": expires.strftime("%Y%m%d%H%M%S").to_string(),
            "token_type": "bearer",
            "token": token,
            "return_code": 0,
            "return_msg": "정상적으로 처리되었습니다",
        });
        Said::json(body.to_string())
    }

    /// `au10002`
    pub fn revoke(&mut self, ask: &Ask) -> Said {
        if let Some(refused) = self.keys(ask) {
            return refused;
        }
        match ask.field("token") {
            "" => refusal(2, "[8016:token 없음]"),
            token => {
                self.good.retain(|good| good.text != token);
                Said::done("{}", "정상적으로 처리되었습니다")
            }
        }
    }

    /// Whose call this is, by its header.
    pub fn check(&self, authorization: Option<&str>, now: Duration) -> Result<Owner, Said> {
        let Some(text) = authorization else { return Err(refusal(1, "[1513:authorization 없음]")) };
        let Some((kind, token)) = text.split_once(' ') else { return Err(refusal(1, "[1514:authorization 형식]")) };
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(refusal(1, "[1515:authorization 종류]"));
        }
        if token.trim().is_empty() {
            return Err(refusal(1, "[1516:authorization token 없음]"));
        }
        if self.server.is_of_other(token.trim()) {
            return Err(refusal(3, "[8031:실전/모의 구분 불일치(토큰)]"));
        }
        let dead = || refusal(3, "인증에 실패했습니다[8005:Token이 유효하지 않습니다]");
        self.owner(token.trim(), now).ok_or_else(dead)
    }

    /// Whose token this is, if it is good.
    pub fn owner(&self, token: &str, now: Duration) -> Option<Owner> {
        self.good.iter().find(|good| good.text == token && good.until > now).map(|good| good.owner)
    }

    /// All tokens die now.
    pub fn kill(&mut self) {
        self.good.clear();
    }

    /// What is wrong with the keys.
    fn keys(&self, ask: &Ask) -> Option<Said> {
        let (key, secret) = (ask.field("appkey"), ask.field("secretkey"));
        if key.is_empty() || secret.is_empty() {
            return Some(refusal(2, "[8020:appkey/secretkey 없음]"));
        }
        if self.server.is_of_other(key) {
            return Some(refusal(2, "[8030:실전/모의 구분 불일치(appkey)]"));
        }
        // any pair is taken, so that a program can come with keys of its own; the pair must match
        let ours = keys_of(self.server);
        ((key == ours[0]) != (secret == ours[1])).then(|| refusal(3, "[8001:appkey와 secretkey 불일치]"))
    }
}
