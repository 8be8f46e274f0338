//! Tokens: issued for the keys, good for 24 hours, until they are revoked.

use std::time::Duration;

use kiwoom_api::jiff::ToSpan;
use kiwoom_api::jiff::civil::DateTime;
use serde_json::json;

use super::ask::{Ask, Said};
use super::refuse::refusal;

/// The keys that the simulator knows.
pub(crate) const APP_KEY: &str = "SIM-APP-KEY-0000000000000000000000000000000";
pub(crate) const SECRET_KEY: &str = "SIM-SECRET-KEY-0000000000000000000000000000";
/// Keys and tokens that begin like this belong to the other server.
const OTHER: &str = "OTHER-SERVER";

const LIFE: Duration = Duration::from_secs(24 * 3600);

/// The tokens that are good.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    good: Vec<(String, Duration)>,
    issued: u64,
    seed: u64,
}

impl Tokens {
    pub fn new(seed: u64) -> Tokens {
        Tokens { seed, ..Tokens::default() }
    }

    /// `au10001`. A token that is still good is given again (`BEHAVIOUR.md` A4).
    pub fn issue(&mut self, ask: &Ask, now: Duration, wall: DateTime) -> Said {
        match ask.field("grant_type") {
            "client_credentials" => {}
            "" => return refusal(2, "[8011:grant_type 없음]"),
            _ => return refusal(2, "[8012:grant_type 불일치]"),
        }
        if let Some(refused) = keys(ask) {
            return refused;
        }
        self.forget_old(now);
        if self.good.is_empty() {
            self.issued += 1;
            self.good.push((format!("SIM-TOKEN-{:016x}-{}", self.seed, self.issued), now + LIFE));
        }
        let (token, until) = &self.good[0];
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
        if let Some(refused) = keys(ask) {
            return refused;
        }
        match ask.field("token") {
            "" => refusal(2, "[8016:token 없음]"),
            token => {
                self.good.retain(|(good, _)| good != token);
                Said::done("{}", "정상적으로 처리되었습니다")
            }
        }
    }

    /// Whether a call may pass, by its header.
    pub fn check(&mut self, authorization: Option<&str>, now: Duration) -> Result<(), Said> {
        let Some(text) = authorization else { return Err(refusal(1, "[1513:authorization 없음]")) };
        let Some((kind, token)) = text.split_once(' ') else { return Err(refusal(1, "[1514:authorization 형식]")) };
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(refusal(1, "[1515:authorization 종류]"));
        }
        if token.trim().is_empty() {
            return Err(refusal(1, "[1516:authorization token 없음]"));
        }
        if token.starts_with(OTHER) {
            return Err(refusal(3, "[8031:실전/모의 구분 불일치(토큰)]"));
        }
        match self.is_good(token.trim(), now) {
            true => Ok(()),
            false => Err(refusal(3, "인증에 실패했습니다[8005:Token이 유효하지 않습니다]")),
        }
    }

    /// Whether a token is good.
    pub fn is_good(&mut self, token: &str, now: Duration) -> bool {
        self.forget_old(now);
        self.good.iter().any(|(good, _)| good == token)
    }

    /// All tokens die now.
    pub fn kill(&mut self) {
        self.good.clear();
    }

    fn forget_old(&mut self, now: Duration) {
        self.good.retain(|(_, until)| *until > now);
    }
}

/// What is wrong with the keys.
fn keys(ask: &Ask) -> Option<Said> {
    let (key, secret) = (ask.field("appkey"), ask.field("secretkey"));
    if key.is_empty() || secret.is_empty() {
        return Some(refusal(2, "[8020:appkey/secretkey 없음]"));
    }
    if key.starts_with(OTHER) {
        return Some(refusal(2, "[8030:실전/모의 구분 불일치(appkey)]"));
    }
    // any pair is taken, so that a program can come with keys of its own; the pair must match
    let ours = (key == APP_KEY, secret == SECRET_KEY);
    (ours.0 != ours.1).then(|| refusal(3, "[8001:appkey와 secretkey 불일치]"))
}
