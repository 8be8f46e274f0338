//! What goes wrong, and when: rules for calls and for the socket, and seeded chaos.

use std::time::Duration;

use crate::envelope::{Said, refusal};

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The reply comes late, by real time: networks do not keep simulated time.
    Latency(Duration),
    /// The connection breaks, and nothing was done.
    DropBefore,
    /// The connection breaks, and the request was carried out.
    DropAfter,
    /// HTTP 429 with 1700; nothing was done.
    Quota,
    /// HTTP 429 with 1700, and the request was carried out all the same (`BEHAVIOUR.md` R9).
    GhostQuota,
    /// A web page with HTTP 200; the request was carried out.
    Html,
    /// HTTP 500 without a body; the request was carried out.
    Status500,
    /// The reply ends in the middle; the request was carried out.
    Truncated,
    /// All tokens die before the request is looked at.
    TokenDeath,
    /// The reply has a field that no document names.
    UnknownField,
    /// The socket: the next frame of the client ends its line, as a second login does.
    Kick,
    /// The socket: a registration is carried out, and not acknowledged.
    MissedAck,
    /// The socket: a push comes twice.
    Duplicate,
}

/// When a fault strikes.
#[derive(Clone, Debug)]
pub struct Rule {
    fault: Fault,
    /// An API id, a topic or the name of a frame; any if `None`.
    of: Option<String>,
    left: Option<u32>,
    chance: f64,
}

impl Rule {
    /// A fault that strikes always.
    pub fn new(fault: Fault) -> Rule {
        Rule { fault, of: None, left: None, chance: 1.0 }
    }

    /// Only for this API id; for the socket, this topic or kind of frame (`REG`).
    #[must_use]
    pub fn on(mut self, api: &str) -> Rule {
        self.of = Some(api.to_owned());
        self
    }

    /// So many times, then never again.
    #[must_use]
    pub fn times(mut self, count: u32) -> Rule {
        self.left = Some(count);
        self
    }

    /// With this chance each time, from the seed of the simulator.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Rule {
        self.chance = chance;
        self
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Rule {
        Rule::new(fault)
    }
}

/// The rules in force.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
    dice: fastrand::Rng,
}

impl Faults {
    pub fn new(seed: u64) -> Faults {
        Faults { rules: Vec::new(), dice: fastrand::Rng::with_seed(seed ^ 0xfa17) }
    }

    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The rules that may still strike: fault, what it is for, how often.
    pub fn rules(&self) -> impl Iterator<Item = (Fault, Option<&str>, Option<u32>)> {
        let rules = self.rules.iter().filter(|rule| rule.left != Some(0));
        rules.map(|rule| (rule.fault, rule.of.as_deref(), rule.left))
    }

    /// The faults that strike a call.
    pub fn strike(&mut self, api: &str, path: &str) -> Vec<Fault> {
        self.fall(|rule| {
            let is_of_socket = matches!(rule.fault, Fault::Kick | Fault::MissedAck | Fault::Duplicate);
            !is_of_socket && rule.of.as_deref().is_none_or(|of| of == api || of == path)
        })
    }

    /// The fault that strikes a frame of a client.
    pub fn strike_frame(&mut self, text: &str) -> Option<Fault> {
        let is_of_frame = |rule: &Rule| {
            let named = rule.of.as_ref().is_none_or(|of| text.contains(&format!("\"{of}\"")));
            match rule.fault {
                Fault::Kick => named,
                Fault::MissedAck => named && text.contains("\"RE"),
                _ => false,
            }
        };
        self.fall(is_of_frame).into_iter().next()
    }

    /// Whether a push comes twice.
    pub fn strike_push(&mut self, topic: &str) -> bool {
        let twice = self.fall(|rule| rule.fault == Fault::Duplicate && rule.of.as_deref().is_none_or(|of| of == topic));
        !twice.is_empty()
    }

    fn fall(&mut self, fits: impl Fn(&Rule) -> bool) -> Vec<Fault> {
        let dice = &mut self.dice;
        let mut struck = Vec::new();
        for rule in self.rules.iter_mut().filter(|rule| fits(rule)) {
            if rule.left == Some(0) || dice.f64() >= rule.chance {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            struck.push(rule.fault);
        }
        struck
    }
}

impl Fault {
    /// The reply as the faults make it.
    pub(crate) fn twist(mut said: Said, faults: &[Fault]) -> Said {
        for fault in faults {
            match fault {
                Fault::Html => {
                    said = Said {
                        is_html: true, ..Said::json("<html><body>서비스 점검 중입니다</body></html>".into())
                    }
                }
                Fault::Status500 => said = Said { status: 500, ..Said::json(String::new()) },
                Fault::GhostQuota => {
                    said = refusal(5, "허용된 요청 개수를 초과하였습니다[1700:유량 초과. 유량=5]");
                }
                Fault::UnknownField => {
                    said.body = said.body.replacen('{', r#"{"sim_unknown_field":"1","#, 1);
                }
                _ => {}
            }
        }
        said
    }
}
