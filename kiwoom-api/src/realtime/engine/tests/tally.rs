//! What schedules reached.

/// What a run reached, so that nobody takes an idle script for a proof.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub delivered: u64,
    pub gaps: u64,
    pub connections: u64,
    pub kicks: u64,
    pub dead_tokens: u64,
    pub refusals: u64,
    pub late: u64,
    pub lost: u64,
    pub doubled: u64,
    pub full: u64,
    pub removed: u64,
    pub closed: u64,
    pub searches: u64,
    pub ended: u64,
}

impl Tally {
    pub fn all(&self) -> [(&'static str, u64); 14] {
        [
            ("a delivery", self.delivered),
            ("a gap", self.gaps),
            ("a connection", self.connections),
            ("a kick", self.kicks),
            ("a dead token", self.dead_tokens),
            ("a refusal", self.refusals),
            ("a late answer", self.late),
            ("a lost answer", self.lost),
            ("a doubled answer", self.doubled),
            ("a full broker", self.full),
            ("a removal", self.removed),
            ("a stop rule", self.closed),
            ("a search", self.searches),
            ("an end", self.ended),
        ]
    }

    pub fn add(&mut self, other: &Tally) {
        for (to, from) in [
            (&mut self.delivered, other.delivered),
            (&mut self.gaps, other.gaps),
            (&mut self.connections, other.connections),
            (&mut self.kicks, other.kicks),
            (&mut self.dead_tokens, other.dead_tokens),
            (&mut self.refusals, other.refusals),
            (&mut self.late, other.late),
            (&mut self.lost, other.lost),
            (&mut self.doubled, other.doubled),
            (&mut self.full, other.full),
            (&mut self.removed, other.removed),
            (&mut self.closed, other.closed),
            (&mut self.searches, other.searches),
            (&mut self.ended, other.ended),
        ] {
            *to += from;
        }
    }
}
