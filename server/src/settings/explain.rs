//! The settings explained: for a person at the terminal, and as a page of the documentation.

use super::{SETTINGS, SettingsError, Sources};
use figment::value::Value;
use std::fmt::Write;

/// Every setting with its meaning, default, names, and its value now with where that comes from.
pub fn explain(sources: &Sources) -> Result<String, SettingsError> {
    sources.load()?;
    let figment = sources.figment()?;
    let mut text = String::new();
    for setting in SETTINGS {
        let origin = figment.find_metadata(setting.name).map_or("default", |metadata| metadata.name.as_ref());
        let value = figment.find_value(setting.name).map(|value| shown(&value)).unwrap_or_default();
        let value = if setting.secret && !value.is_empty() { "…".to_owned() } else { value };
        let _ = writeln!(text, "{}\n    {}", setting.name, setting.doc);
        let _ =
            writeln!(text, "    default {}, {}, {}", quoted(setting.default), setting.env(), setting.flag());
        let _ = writeln!(text, "    now {} ({origin})\n", quoted(&value));
    }
    Ok(text)
}

/// `docs/configuration.md`.
pub fn reference() -> String {
    let mut text = String::from(
        "# Configuration\n\n\
         Each setting is a key of `viva.toml` (in the working directory, or the file that `--config` or `VIVA_CONFIG` \
         names), an environment variable, and a flag. Later ones win: default, file, environment, flag. An unknown key \
         is an error that names it. A secret can stand in a file of its own: the \
         variable of its name with `_FILE` behind it, such as `VIVA_SECRET_FILE`, is the path. `viva config` prints this table with the values of now and where they come from.\n\n\
         | key | default | environment | meaning |\n|---|---|---|---|\n",
    );
    for setting in SETTINGS {
        let default =
            if setting.default.is_empty() { "empty".to_owned() } else { format!("`{}`", setting.default) };
        let _ = writeln!(text, "| `{}` | {default} | `{}` | {} |", setting.name, setting.env(), setting.doc);
    }
    text.push_str("\nDurations are written `500ms`, `30s`, `5m`, `8h` or `7d`; lists in the environment have commas between.\n");
    text
}

/// A value as it is written in the environment.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, value) => value.to_string(),
        Value::Num(_, number) => number.to_i128().map(|n| n.to_string()).unwrap_or_default(),
        Value::Array(_, values) => values.iter().map(shown).collect::<Vec<_>>().join(","),
        _ => String::new(),
    }
}

fn quoted(text: &str) -> &str {
    if text.is_empty() { "(empty)" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_tells_value_and_origin_and_hides_the_secret() {
        let secret = "0123456789abcdef0123456789abcdef";
        let sources = Sources {
            flags: [("secret".to_owned(), secret.to_owned())].into(),
            environment: [("VIVA_SHARDS".to_owned(), "3".to_owned())].into(),
            ..Sources::default()
        };
        let text = explain(&sources).unwrap();
        assert!(text.contains("now 3 (environment)"), "{text}");
        assert!(text.contains("now 127.0.0.1:8080 (default)"), "{text}");
        assert!(text.contains("now … (flag)") && !text.contains(secret), "{text}");
        assert!(SETTINGS.iter().all(|setting| text.contains(&setting.env())));
    }

    /// `UPDATE_DOCS=1 cargo test -p viva-server` writes the page anew.
    #[test]
    fn the_page_of_the_documentation_is_in_step() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, reference()).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap_or_default() == reference(),
            "docs/configuration.md is out of step: run UPDATE_DOCS=1 cargo test -p viva-server"
        );
    }
}
