//! How similar two names are. By spelling only; their meaning is unknown.

/// A label as far as its spelling does not matter: no blanks, no dots, one form of 율.
pub fn spelling(label: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '%' | '+' | '-' | '&' | '<' | '>' | '~');
    label.chars().filter(plain).flat_map(char::to_lowercase).map(|c| if c == '율' { '률' } else { c }).collect()
}

/// The same words, or the same words with a remark behind them: `통합` and `통합(SOR)`.
pub fn same_label(a: &str, b: &str) -> bool {
    if spelling(a) == spelling(b) {
        return true;
    }
    let with_remark = |short: &str, long: &str| {
        let (short, long) = (short.trim(), long.trim());
        !short.is_empty() && long.strip_prefix(short).is_some_and(|rest| rest.trim_start().starts_with(['(', '※', '[']))
    };
    with_remark(a, b) || with_remark(b, a)
}

/// 1 for equal keys, 0 for nothing in common: one minus edits over the longer length.
pub fn closeness(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    1.0 - row[b.len()] as f64 / longest as f64
}

/// Pairs the best with the best, each at most once. `score` gives none for what cannot be a pair; ties go to the
/// earlier ones, so that the result does not depend on anything else.
pub fn pairs(old: usize, new: usize, score: impl Fn(usize, usize) -> Option<f64>) -> Vec<(usize, usize)> {
    let all = (0..old).flat_map(|i| (0..new).map(move |j| (i, j)));
    let mut scored: Vec<(f64, usize, usize)> = all.filter_map(|(i, j)| score(i, j).map(|s| (s, i, j))).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_old, mut used_new) = (vec![false; old], vec![false; new]);
    let mut out = Vec::new();
    for (_, i, j) in scored {
        if !used_old[i] && !used_new[j] {
            (used_old[i], used_new[j]) = (true, true);
            out.push((i, j));
        }
    }
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_same_by_spelling_and_not_by_likeness() {
        for (a, b, want) in [
            ("등락율", "등락률", true),
            ("전일 대비", "전일대비", true),
            ("통합", "통합(SOR)", true),
            ("통합", "통합 ※ 참고", true),
            ("Kospi", "KOSPI", true),
            ("매도호가", "매수호가", false),
            ("포함", "미포함", false),
            ("매수", "순매수", false),
            ("코스피", "코스피200", false),
            ("10~20", "10-20", false),
            ("", "전체", false),
        ] {
            assert_eq!(same_label(a, b), want, "{a} {b}");
        }
    }

    #[test]
    fn closeness_counts_edits() {
        for (a, b, want) in [("", "", 1.0), ("abc", "abc", 1.0), ("abc", "abd", 2.0 / 3.0), ("abc", "", 0.0)] {
            assert!((closeness(a, b) - want).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn each_is_paired_once_with_its_best() {
        let scores = [[0.9, 0.8], [0.95, 0.1]];
        assert_eq!(pairs(2, 2, |i, j| Some(scores[i][j])), [(0, 1), (1, 0)]);
        assert_eq!(pairs(2, 2, |_, _| Some(1.0)), [(0, 0), (1, 1)]);
        assert_eq!(pairs(2, 3, |_, _| None), []);
    }
}
