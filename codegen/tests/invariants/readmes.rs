//! A README and its Korean twin say the same: section by section they have the same code, links, tables and points.

use std::fs;
use std::path::Path;

/// What of a section does not depend on its language.
#[derive(Debug, PartialEq)]
struct Section {
    /// `#` or `##`.
    level: usize,
    /// Code without comments and without the words in quotes.
    code: Vec<String>,
    /// Where links lead to, but for the link from one README to the other.
    links: Vec<String>,
    /// First cells of table rows: names of features and the like.
    rows: usize,
    /// `code` in the first cells of table rows.
    features: Vec<String>,
    points: usize,
}

#[test]
fn the_korean_readme_says_what_the_english_one_says() {
    let english = sections("README.md");
    assert!(english.len() > 5 && english.iter().any(|s| s.points > 5) && english.iter().any(|s| s.rows > 5));
    for folder in ["", "kiwoom-api/sim/"] {
        let (english, korean) = (sections(&format!("{folder}README.md")), sections(&format!("{folder}README.ko.md")));
        assert!(english.iter().any(|s| s.code.len() > 10), "{folder}: code");
        assert_eq!(english.len(), korean.len(), "{folder}: sections");
        for (en, ko) in english.iter().zip(&korean) {
            assert_eq!(en, ko, "{folder}");
        }
    }
}

#[test]
fn the_first_command_is_the_quickstart_and_the_tests_have_one_command() {
    for file in ["README.md", "README.ko.md"] {
        let text = fs::read_to_string(root().join(file)).expect(file);
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("cargo ")).collect();
        assert_eq!(commands.first(), Some(&"cargo run --example quickstart"), "{file}");
        let tests: Vec<&&str> = commands.iter().filter(|line| line.starts_with("cargo test")).collect();
        assert!(
            tests.len() > 1 && tests.iter().all(|line| **line == "cargo test --workspace --all-features"),
            "{file}"
        );
        assert!(commands.contains(&"cargo xtask regen"), "{file}: the main command of maintainers");
    }
}

#[test]
fn every_file_that_a_readme_links_to_exists() {
    for folder in ["", "kiwoom-api/sim/"] {
        for section in sections(&format!("{folder}README.md")) {
            for link in section.links.iter().filter(|l| !l.starts_with("http")) {
                assert!(root().join(folder).join(link).exists(), "{folder}{link}");
            }
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

fn sections(file: &str) -> Vec<Section> {
    let text = fs::read_to_string(root().join(file)).expect(file);
    let mut sections: Vec<Section> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let section = sections.last_mut().expect("a heading");
            section.code.extend(wordless(line));
            continue;
        }
        let level = line.bytes().take_while(|&b| b == b'#').count();
        if level > 0 && !in_code {
            sections.push(Section { level, code: vec![], links: vec![], rows: 0, features: vec![], points: 0 });
        }
        let section = sections.last_mut().expect("the file begins with a heading");
        section.points += usize::from(line.starts_with("* "));
        if let Some(row) = line.strip_prefix("| ") {
            section.rows += 1;
            section
                .features
                .extend(row.split('|').next().expect("a cell").split('`').skip(1).step_by(2).map(String::from));
        }
        let links = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to);
        section.links.extend(links.filter(|to| !to.starts_with("README")).map(String::from));
    }
    for section in &mut sections {
        // the order of words, and so of links, is a matter of the language
        section.links.sort();
    }
    sections
}

/// A line of code without its comment and the words of its strings.
fn wordless(line: &str) -> Option<String> {
    let code = line.split("// ").next().expect("a part").split("  # ").next().expect("a part").trim_end();
    let code: String =
        code.split('"').map(|part| if part.is_ascii() { part } else { "" }).collect::<Vec<_>>().join("\"");
    // words in quotes that are no identifiers differ, too
    let parts: Vec<&str> =
        code.split('"').enumerate().map(|(i, p)| if i % 2 == 1 && p.contains(' ') { "" } else { p }).collect();
    let code = parts.join("\"");
    (!code.is_empty()).then_some(code)
}
