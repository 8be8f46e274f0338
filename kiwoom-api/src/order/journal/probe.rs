//! The moments at which a crash or a full disk can strike. Tests stop or fail there; otherwise this is nothing.

use std::io;

/// A boundary between two effects on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code, reason = "read by tests"))]
pub(super) enum Step {
    Locked,
    Created,
    /// Half of the bytes are written.
    Half,
    /// All bytes are written, and none need be on the disk.
    Written,
    /// All bytes are on the disk.
    Synced,
    Renamed,
}

#[derive(Clone, Default)]
pub(super) struct Probe {
    #[cfg(test)]
    reached: Option<std::sync::Arc<dyn Fn(Step) -> io::Result<()> + Send + Sync>>,
}

impl Probe {
    #[cfg(test)]
    pub fn new(reached: impl Fn(Step) -> io::Result<()> + Send + Sync + 'static) -> Probe {
        Probe { reached: Some(std::sync::Arc::new(reached)) }
    }

    /// Tells the test that this step is done; an error makes it fail.
    pub fn reach(&self, step: Step) -> io::Result<()> {
        #[cfg(test)]
        if let Some(reached) = &self.reached {
            return reached(step);
        }
        let _ = step;
        Ok(())
    }

    /// Where a write of that many bytes is cut in two: nowhere but in tests.
    pub fn cut(&self, bytes: usize) -> usize {
        if cfg!(test) { bytes / 2 } else { 0 }
    }
}
