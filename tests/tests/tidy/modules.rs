//! Within a crate the top-level modules form floors: imports go down, and never in a circle.

use super::{lints::members, none};
use std::collections::{BTreeMap, BTreeSet};
use viva_tests::source::{self, Source};

/// The top-level modules of one crate, and which imports which: the first file that does.
struct Crate {
    modules: BTreeSet<String>,
    imports: BTreeMap<String, BTreeMap<String, String>>,
}

#[test]
fn top_level_modules_stand_in_no_circle() {
    let sources = source::files(&["rs"]);
    let mut breaks = Vec::new();
    for name in members() {
        let found = Crate::read(&name, &sources);
        assert!(found.modules.len() > 1, "the modules of {name} were not found");
        let circles = found.circles();
        for (module, circle) in &circles {
            for (other, file) in found.imports[module].iter().filter(|(other, _)| circle.contains(*other)) {
                breaks.push(format!("{name}: {module} imports {other} in {file}, and {other} leads back"));
            }
        }
    }
    none("Move what both need to a lower module, or return a value instead of calling upward:", breaks);
}

#[test]
fn the_server_stands_on_the_floors_that_the_architecture_shows() {
    let text = source::read("ARCHITECTURE.md");
    let section = text.split_once("\n## The floors of the server\n").map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut floors: BTreeMap<&str, usize> = BTreeMap::new();
    let mut breaks = Vec::new();
    for (row, line) in section.lines().filter(|line| line.starts_with("| ")).enumerate() {
        for module in line.split('`').skip(1).step_by(2) {
            if floors.insert(module, row).is_some() {
                breaks.push(format!("{module} stands on two floors"));
            }
        }
    }
    let server = Crate::read("server", &source::files(&["rs"]));
    for module in server.modules.iter().filter(|module| !floors.contains_key(module.as_str())) {
        breaks.push(format!("{module} stands on no floor"));
    }
    for module in floors.keys().filter(|module| !server.modules.contains(**module)) {
        breaks.push(format!("{module} is no module"));
    }
    for (module, imports) in &server.imports {
        for (other, file) in imports {
            if floors.get(module.as_str()) >= floors.get(other.as_str()) {
                breaks.push(format!("{module} imports {other} in {file}, which stands no lower"));
            }
        }
    }
    none("Bring the floors in ARCHITECTURE.md and the modules in step; imports go down:", breaks);
}

impl Crate {
    fn read(name: &str, sources: &[Source]) -> Self {
        let src = format!("{name}/src/");
        let below: Vec<(Vec<&str>, String)> = sources
            .iter()
            .filter_map(|file| {
                let path = file.path.strip_prefix(&src)?.strip_suffix(".rs")?.split('/').collect();
                Some((path, file.production()))
            })
            .collect();
        let root =
            ["lib", "main"].into_iter().find_map(|root| below.iter().find(|(path, _)| *path == [root]));
        let root = root.map_or("", |(_, code)| code);
        let modules = modules(root);
        let exported = exported(root, &modules);
        let mut imports: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (path, code) in
            below.iter().filter(|(path, _)| modules.contains(path[0]) && !path.contains(&"tests"))
        {
            for name in of_the_root(code, path.len()) {
                let module = if modules.contains(name) { Some(name) } else { exported.get(name).copied() };
                if let Some(module) = module.filter(|module| *module != path[0]) {
                    let file = || format!("{src}{}.rs", path.join("/"));
                    imports
                        .entry(path[0].to_owned())
                        .or_default()
                        .entry(module.to_owned())
                        .or_insert_with(file);
                }
            }
        }
        Self { modules, imports }
    }

    /// Each module that stands in a circle, and the others in it.
    fn circles(&self) -> BTreeMap<String, BTreeSet<String>> {
        let reached: BTreeMap<&String, BTreeSet<&String>> =
            self.modules.iter().map(|module| (module, self.reached(module))).collect();
        let together = |module: &String| {
            let others = reached[module].iter().filter(|other| reached[*other].contains(module));
            others.map(|other| (*other).clone()).collect()
        };
        let inside = self.modules.iter().filter(|module| reached[module].contains(module));
        inside.map(|module| (module.clone(), together(module))).collect()
    }

    /// All that a module imports, and what that imports.
    fn reached<'a>(&'a self, from: &'a String) -> BTreeSet<&'a String> {
        let mut reached = BTreeSet::new();
        let mut next = vec![from];
        while let Some(module) = next.pop() {
            let imports = self.imports.get(module).into_iter().flat_map(BTreeMap::keys);
            next.extend(imports.filter(|other| reached.insert(*other)));
        }
        reached
    }
}

/// The modules that the root of a crate declares in files of their own, those of tests aside.
fn modules(root: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = root.lines().map(str::trim).collect();
    let declared = |(number, line): (usize, &&str)| {
        let name = line
            .strip_suffix(';')?
            .strip_prefix("pub ")
            .unwrap_or(line.strip_suffix(';')?)
            .strip_prefix("mod ")?;
        let of_tests = number.checked_sub(1).is_some_and(|above| lines[above].starts_with("#[cfg(test)]"));
        (!of_tests).then(|| name.to_owned())
    };
    lines.iter().enumerate().filter_map(declared).collect()
}

/// What the root of a crate hands on, and the module that it is of.
fn exported<'a>(root: &'a str, modules: &BTreeSet<String>) -> BTreeMap<&'a str, &'a str> {
    let statements = root.split(';').filter_map(|text| text.rsplit_once("pub use ")).map(|(_, tree)| tree);
    let trees = statements.filter_map(|tree| tree.trim_start_matches("crate::").split_once("::"));
    let own = trees.filter(|(module, _)| modules.contains(*module));
    own.flat_map(|(module, names)| words(names).map(move |name| (name, module))).collect()
}

/// What a file `depth` modules below the root names of the root: after `crate::`, or after as many `super::`.
fn of_the_root(code: &str, depth: usize) -> Vec<&str> {
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        named.extend(firsts(&code[at + "crate::".len()..]));
    }
    let up = "super::".repeat(depth);
    for (at, _) in code.match_indices(&up) {
        named.extend(firsts(&code[at + up.len()..]));
    }
    named
}

/// The first word of a path, or of each path of a group in braces.
fn firsts(tree: &str) -> Vec<&str> {
    let Some(group) = tree.strip_prefix('{') else { return words(tree).take(1).collect() };
    let mut firsts = Vec::new();
    let (mut depth, mut begins) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            ',' | '}' if depth == 0 => {
                firsts.extend(words(&group[begins..at]).next());
                begins = at + 1;
                if c == '}' {
                    break;
                }
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    firsts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn imports_are_read_from_paths_and_groups() {
    let root = "mod a;\npub mod b;\n#[cfg(test)]\nmod tests;\nmod inline {}\npub use a::{One, inner::Two};\n";
    let modules = modules(root);
    assert_eq!(modules.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(exported(root, &modules).get("Two"), Some(&"a"));
    let code = "use crate::{a::{X, y::Z}, b, c::D};\nuse super::super::e;\nlet x = crate::f::g();";
    assert_eq!(of_the_root(code, 2), ["a", "b", "c", "f", "e"]);
    let imports = |from: &str, to: &str| (from.to_owned(), BTreeMap::from([(to.to_owned(), String::new())]));
    let modules = ["a", "b", "c"].map(str::to_owned).into();
    let found = Crate { modules, imports: [imports("a", "b"), imports("b", "a"), imports("c", "a")].into() };
    assert_eq!(found.circles().into_keys().collect::<Vec<_>>(), ["a", "b"]);
}
