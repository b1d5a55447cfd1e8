//! Documents in step with the code: paths that exist, decisions that are linked, metrics that are explained.

use super::none;
use viva_tests::source;

/// Documents whose paths must exist.
const DOCUMENTS: [&str; 12] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/glossary.md",
    "deploy/README.md",
    "deploy/runbooks/high-loss.md",
    "deploy/runbooks/shard-down.md",
    "deploy/runbooks/ports-closed.md",
    "deploy/runbooks/store-down.md",
    "deploy/runbooks/sms-stuck.md",
    "deploy/runbooks/certificate.md",
];

/// What makes a word in backticks a path of ours.
const OURS: [&str; 18] = [
    "media/",
    "wire/",
    "sfu/",
    "sfu-io/",
    "signaling/",
    "interview/",
    "face/",
    "server/",
    "web/",
    "peer/",
    "apps/",
    "bench/",
    "tests/",
    "deploy/",
    "docs/",
    "scripts/",
    ".ci/",
    "Cargo.toml",
];

#[test]
fn paths_named_in_documents_exist() {
    let mut breaks = Vec::new();
    for document in DOCUMENTS {
        let text = source::read(document);
        for (number, line) in text.lines().enumerate() {
            for name in line.split('`').skip(1).step_by(2).filter(|name| is_path(name)) {
                if let Some(fault) = fault(name) {
                    breaks.push(format!("{document}:{}: `{name}` {fault}", number + 1));
                }
            }
            for target in links(line) {
                let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
                if !source::root().join(folder).join(target).exists() {
                    breaks.push(format!("{document}:{}: ({target}) does not exist", number + 1));
                }
            }
        }
    }
    none("Write the new place of what moved, or take the line out:", breaks);
}

#[test]
fn every_row_of_where_is_names_code_and_test() {
    let text = source::read("ARCHITECTURE.md");
    let table = text.split_once("\n## Where is …?\n").expect("ARCHITECTURE.md ends with “## Where is …?”").1;
    assert!(!table.contains("\n## "), "“Where is …?” is the end of ARCHITECTURE.md");
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(!rows.is_empty(), "the table “Where is …?” is empty");
    let breaks = rows
        .into_iter()
        .filter(|row| {
            row.matches(" | ").count() != 2 || row.split(" | ").skip(1).any(|cell| !cell.contains('`'))
        })
        .map(str::to_owned)
        .collect();
    none("A row is | behaviour | `code` | `test` |:", breaks);
}

#[test]
fn every_decision_is_linked_from_the_architecture() {
    let architecture = source::read("ARCHITECTURE.md");
    let breaks = source::files(&["md"])
        .into_iter()
        .map(|file| file.path)
        .filter(|path| path.starts_with("docs/decisions/") && !architecture.contains(&format!("({path})")))
        .collect();
    none("Link it from ARCHITECTURE.md:", breaks);
}

#[test]
fn every_stage_of_make_test_is_a_target_and_a_job() {
    let script = source::read("scripts/test");
    let stages = script.lines().find_map(|line| line.strip_prefix("stages=(")?.strip_suffix(')'));
    let stages: Vec<&str> = stages.expect("scripts/test lists its stages").split(' ').collect();
    let workflow = source::read(".github/workflows/test.yml");
    let jobs = workflow.lines().find_map(|line| line.trim().strip_prefix("stage: [")?.strip_suffix(']'));
    assert_eq!(jobs.map(|jobs| jobs.split(", ").collect::<Vec<_>>()), Some(stages.clone()));
    let targets = source::read("Makefile");
    let breaks = stages
        .into_iter()
        .filter(|stage| !targets.lines().any(|line| line.starts_with(&format!("{stage}: ##"))))
        .map(str::to_owned)
        .collect();
    none("Add a target to the Makefile for:", breaks);
}

#[test]
fn alerts_and_dashboards_name_metrics_that_are_exported() {
    let sources = source::files(&["rs"]);
    let exported: Vec<&str> = sources
        .iter()
        .filter(|file| file.path.starts_with("server/src/metrics") || file.path.ends_with("/meter.rs"))
        .flat_map(|file| file.text.split('"').filter(|text| text.starts_with("viva_")))
        .collect();
    let mut breaks = Vec::new();
    for file in source::files(&["yaml", "json", "md"]).iter().filter(|file| file.path.starts_with("deploy/"))
    {
        for word in file.text.split(|c| !is_name(c)).filter(|word| word.starts_with("viva_")) {
            let base =
                ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
            if !exported.contains(&base) && !exported.contains(&word) {
                breaks.push(format!("{}: {word}", file.path));
            }
        }
    }
    none("The server exports no metric of this name:", breaks);
}

#[test]
fn metrics_of_networks_are_on_the_dashboard() {
    let dashboard = source::read("deploy/grafana/viva.json");
    let shown: Vec<&str> = dashboard.split(|c| !is_name(c)).collect();
    let code = source::read("server/src/metrics/networks.rs");
    let names: Vec<&str> = code.split('"').filter(|text| text.starts_with("viva_")).collect();
    assert!(names.len() > 1, "they export nothing");
    let is_shown = |name: &str| shown.contains(&name) || shown.contains(&format!("{name}_bucket").as_str());
    let breaks = names.into_iter().filter(|name| !is_shown(name)).map(str::to_owned).collect();
    none("Show in deploy/grafana/viva.json:", breaks);
}

#[test]
fn metrics_of_the_store_and_of_sms_are_explained() {
    let text = source::read("deploy/README.md");
    let explained: Vec<&str> = text.split(|c| !is_name(c)).collect();
    let mut breaks = Vec::new();
    for path in ["server/src/store/meter.rs", "server/src/sms/meter.rs"] {
        let code = source::read(path);
        let names: Vec<&str> = code.split('"').filter(|text| text.starts_with("viva_")).collect();
        assert!(names.len() > 1, "{path} exports nothing");
        breaks.extend(names.into_iter().filter(|name| !explained.contains(name)).map(str::to_owned));
    }
    none("Say in deploy/README.md what it means:", breaks);
}

fn is_path(name: &str) -> bool {
    OURS.iter().any(|start| name.starts_with(start)) && !name.contains([' ', '*', '<', '{', '…', '$'])
}

/// What is wrong with `path`, `path::name` (the file declares that name) or `folder/`.
fn fault(name: &str) -> Option<String> {
    let (path, item) = name.split_once("::").map_or((name, None), |(path, item)| (path, Some(item)));
    if !source::root().join(path).exists() {
        return Some("does not exist".to_owned());
    }
    let item = item?;
    let text = source::read(path);
    let declared = ["fn", "struct", "enum", "trait", "type", "const", "mod"]
        .iter()
        .any(|word| text.split(&format!("{word} {item}")).skip(1).any(|rest| !rest.starts_with(is_name)));
    (!declared).then(|| format!("is not declared in {path}"))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The targets of the links of a line of Markdown that lead into the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
}

#[test]
fn the_bench_starts_the_server_with_settings_that_exist() {
    let known = source::read("docs/configuration.md");
    let mut breaks = Vec::new();
    for file in source::files(&["rs"]).iter().filter(|file| file.path.starts_with("bench/src/")) {
        for name in file.production().split("(\"VIVA_").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !known.contains(&format!("`VIVA_{name}`")) {
                breaks.push(format!("{}: VIVA_{name}", file.path));
            }
        }
    }
    none("The server refuses a setting that it does not know:", breaks);
}
