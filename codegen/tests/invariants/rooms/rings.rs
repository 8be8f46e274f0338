//! Dependency cycles of a graph: nodes that reach each other (Tarjan's strongly connected components of two nodes or
//! more).

use std::collections::BTreeMap;

use super::tree::Graph;

/// The rings, the largest first.
pub fn rings(graph: &Graph) -> Vec<Vec<&str>> {
    let mut walk = Walk { graph, low: BTreeMap::new(), stack: Vec::new(), rings: Vec::new(), next: 0 };
    for node in graph.keys() {
        if !walk.low.contains_key(node.as_str()) {
            walk.visit(node);
        }
    }
    let mut rings = walk.rings;
    rings.sort_by_key(|r| std::cmp::Reverse(r.len()));
    rings
}

struct Walk<'a> {
    graph: &'a Graph,
    /// The earliest node on the stack that each visited one reaches.
    low: BTreeMap<&'a str, usize>,
    stack: Vec<&'a str>,
    rings: Vec<Vec<&'a str>>,
    next: usize,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, node: &'a str) -> usize {
        let own = self.next;
        self.next += 1;
        self.low.insert(node, own);
        self.stack.push(node);
        let mut low = own;
        for to in self.graph.get(node).into_iter().flatten() {
            match self.low.get(to.as_str()) {
                None => low = low.min(self.visit(to)),
                Some(seen) if self.stack.contains(&to.as_str()) => low = low.min(*seen),
                Some(_) => {}
            }
        }
        self.low.insert(node, low);
        if low == own {
            let start = self.stack.iter().position(|n| *n == node).unwrap_or(0);
            let mut ring = self.stack.split_off(start);
            if ring.len() > 1 {
                ring.sort_unstable();
                self.rings.push(ring);
            }
        }
        low
    }
}
