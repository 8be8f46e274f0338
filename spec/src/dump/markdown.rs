//! Markdown dumps, both styles.
