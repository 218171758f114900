//! Docs: pages of readable length, links that lead somewhere, and a plan that matches the house.

use super::floors::{self, Place};
use super::tree::{File, Tree, has_extension};
use super::{Finding, tree};

/// Lines of a page.
const PAGE_LINES: usize = 250;
/// The page that shows the plan of the house.
const PLAN_PAGE: &str = "docs/ARCHITECTURE.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in tree.files.iter().filter(|file| has_extension(&file.path, "md")) {
        let lines = page.text.lines().count();
        if lines > PAGE_LINES {
            let message = format!("{lines} lines, {PAGE_LINES} at most: make it two pages");
            findings.push(Finding::new(&page.path, 0, message));
        }
        findings.extend(dead_links(page, tree));
    }
    match tree.files.iter().find(|file| file.path == PLAN_PAGE) {
        Some(page) => findings.extend(plan(page, tree)),
        None => {
            findings.push(Finding::new(PLAN_PAGE, 0, "the page that shows the plan is missing"));
        }
    }
    findings
}

/// Relative links to files that tidy knows and cannot find.
fn dead_links(page: &File, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in page.text.lines().enumerate() {
        for after in line.split("](").skip(1) {
            let link = after.split([')', '#', ' ']).next().unwrap_or_default();
            let outside = link.is_empty() || link.contains("://") || link.starts_with("mailto:");
            if !outside && !exists(&page.path, link, tree) {
                let message = format!("the link to `{link}` leads nowhere");
                findings.push(Finding::new(&page.path, number + 1, message));
            }
        }
    }
    findings
}

fn exists(page: &str, link: &str, tree: &tree::Tree) -> bool {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            name => parts.push(name),
        }
    }
    let target = parts.join("/");
    let folder = format!("{target}/");
    let known = tree.files.iter().any(|file| file.path == target || file.path.starts_with(&folder));
    known || target.is_empty() || crate::shell::root().join(&target).exists()
}

/// The rows `| floor | crates |` of the plan, compared with the crates that are there.
///
/// A row's first cell is a floor's number, `tower` or `beside`; its second names crates in
/// backticks, the server by its folder's name.
fn plan(page: &File, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut drawn = Vec::new();
    for (number, line) in page.text.lines().enumerate() {
        let mut cells = line.trim().trim_start_matches('|').split('|').map(str::trim);
        let (Some(floor), Some(crates)) = (cells.next(), cells.next()) else { continue };
        if !(line.starts_with('|') && is_floor(floor)) {
            continue;
        }
        for name in crates.split('`').skip(1).step_by(2) {
            let name = if name == "server" { "shoal" } else { name };
            drawn.push(name);
            if floors::place(name).map(label).as_deref() != Some(floor) {
                let message = format!("`{name}` does not live on floor {floor}");
                findings.push(Finding::new(&page.path, number + 1, message));
            }
        }
    }
    for package in tree.packages.iter().filter(|package| !drawn.contains(&package.name.as_str())) {
        let message = format!("the table of floors does not show `{}`", package.name);
        findings.push(Finding::new(&page.path, 0, message));
    }
    findings
}

fn is_floor(cell: &str) -> bool {
    cell == "tower" || cell == "beside" || (cell.len() == 1 && cell.as_bytes()[0].is_ascii_digit())
}

fn label(place: Place) -> String {
    match place {
        Place::Floor(floor) => floor.to_string(),
        Place::Seam | Place::Tower => "tower".into(),
        Place::Beside => "beside".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::package;
    use super::*;

    const PLAN: &str = "| floor | crates |\n|---|---|\n| 1 | `resp`, `config` |\n\
        | 0 | `keyspace` |\n| tower | `runtime` the seam |\n[dead](nowhere.md) [a](../README.md)\n";

    #[test]
    fn the_plan_matches_and_links_lead_somewhere() {
        let mut tree = Tree::of(&[("README.md", ""), (PLAN_PAGE, PLAN)]);
        tree.packages = vec![package("resp", &[]), package("stdx", &[])];
        let messages: Vec<_> = check(&tree).into_iter().map(|finding| finding.message).collect();
        let expected = [
            "the link to `nowhere.md` leads nowhere",
            "`keyspace` does not live on floor 0",
            "the table of floors does not show `stdx`",
        ];
        assert_eq!(messages, expected);
    }

    #[test]
    fn pages_are_short() {
        let long = "a\n".repeat(PAGE_LINES + 1);
        let findings = check(&Tree::of(&[(PLAN_PAGE, ""), ("docs/X.md", &long)]));
        assert_eq!(findings[0].message, "251 lines, 250 at most: make it two pages");
    }
}
