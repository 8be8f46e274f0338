//! What is in force, and what of it strikes.

use std::time::Duration;

use super::Fault;
use super::chaos::{Chaos, Storm};
use super::rule::{Rule, Scene};
use super::script::Script;

/// The rules, scripts and chaos in force.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
    scripts: Vec<Script>,
    storm: Option<Storm>,
    dice: fastrand::Rng,
}

impl Faults {
    pub fn new(seed: u64) -> Faults {
        let dice = fastrand::Rng::with_seed(seed ^ 0xfa17);
        Faults { rules: Vec::new(), scripts: Vec::new(), storm: None, dice }
    }

    pub fn add(&mut self, mut rule: Rule, now: Duration) {
        rule.begin(now);
        self.rules.push(rule);
    }

    pub fn script(&mut self, script: Script) {
        self.scripts.push(script);
    }

    pub fn storm(&mut self, seed: u64, chaos: Chaos) {
        self.storm = Some(Storm::new(seed, chaos));
    }

    /// Ends all faults.
    pub fn clear(&mut self) {
        self.rules.clear();
        self.scripts.clear();
        self.storm = None;
    }

    /// The rules that may still strike: fault, what it is for, how often.
    pub fn rules(&self) -> impl Iterator<Item = (Fault, Option<&str>, Option<u32>)> {
        let rules = self.rules.iter().filter(|rule| rule.left != Some(0));
        rules.map(|rule| (rule.fault, rule.of.as_deref(), rule.left))
    }

    /// The faults that strike. Each one at most once; of those that break or replace the reply, all are told.
    pub fn strike(&mut self, scene: &Scene<'_>) -> Vec<Fault> {
        let Faults { rules, scripts, storm, dice } = self;
        rules.retain(|rule| rule.left != Some(0) && rule.until.is_none_or(|until| scene.now < until));
        let mut struck = Vec::new();
        for rule in rules.iter_mut().filter(|rule| rule.fits(scene)) {
            if rule.spared > 0 {
                rule.spared -= 1;
                continue;
            }
            if rule.left == Some(0) || dice.f64() >= rule.chance {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            struck.push(rule.fault);
        }
        struck.extend(scripts.iter_mut().filter_map(|script| script.next(scene)));
        struck.extend(storm.as_mut().and_then(|storm| storm.strike(scene)));
        struck
    }
}
