//! Lines of a corpus: what `score` and `eval` read, and how the engine sees them.

use anyhow::{Context, Result, bail, ensure};
use doorchain_core::{Engine, PageFacts, Study, Verdict, parse_address};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One text, page or host.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    facts: Option<Value>,
    #[serde(default)]
    pub(crate) label: Option<String>,
    #[serde(default)]
    pub(crate) strength: Option<String>,
    /// The level that is due, in the cases of `tests/cases`.
    #[serde(default)]
    pub(crate) expect: Option<String>,
    /// Lines of one cluster are nearly the same text.
    #[serde(default)]
    pub(crate) cluster: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Page,
    Email,
    Sms,
    Call,
    Chat,
    Typed,
    Host,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Call => "call",
            Self::Chat => "chat",
            Self::Typed => "typed",
            Self::Host => "host",
        }
    }
}

/// The engine that ships, with the URL parser of native programs.
pub(crate) fn engine() -> Engine {
    Engine::new(parse_address)
}

impl Line {
    /// Reads one JSON line.
    pub(crate) fn read(line: &str) -> Result<Self> {
        let line: Self = serde_json::from_str(line)?;
        line.page_facts()?;
        Ok(line)
    }

    /// The engine's verdict on it.
    ///
    /// The address of a message is a link in it; only a page is at its address.
    pub(crate) fn judge(&self, engine: &Engine) -> Result<Verdict> {
        let url = self.url.as_deref().unwrap_or_default();
        Ok(match self.kind {
            Kind::Page => engine.judge_page(url, &self.page_facts()?),
            Kind::Email | Kind::Sms | Kind::Call | Kind::Chat => {
                engine.judge_page("", &self.message_facts()?)
            }
            Kind::Typed => engine.judge_typed(url, self.text()),
            Kind::Host => {
                let host = if url.is_empty() { self.text() } else { url };
                if host.contains("://") {
                    engine.judge_address(host)
                } else {
                    engine.judge_address(&format!("https://{host}/"))
                }
            }
        })
    }

    /// What the engine's verdict on it rests on; none for a host.
    pub(crate) fn study(&self, engine: &Engine) -> Result<Option<Study>> {
        let url = self.url.as_deref().unwrap_or_default();
        Ok(match self.kind {
            Kind::Page => Some(engine.study_page(url, &self.page_facts()?)),
            Kind::Email | Kind::Sms | Kind::Call | Kind::Chat => {
                Some(engine.study_page("", &self.message_facts()?))
            }
            Kind::Typed => Some(engine.study_typed(self.text())),
            Kind::Host => None,
        })
    }

    /// Its text, empty where it has none.
    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The address of a message is a link in it.
    fn message_facts(&self) -> Result<PageFacts> {
        let url = self.url.as_deref().unwrap_or_default();
        let mut facts = self.page_facts()?;
        if let Some(address) =
            parse_address(url).or_else(|| parse_address(&format!("https://{url}")))
        {
            facts.link_hosts.push(address.host);
        }
        Ok(facts)
    }

    fn page_facts(&self) -> Result<PageFacts> {
        let mut facts = match &self.facts {
            Some(Value::Object(object)) => facts(object).context("facts")?,
            Some(Value::Null) | None => PageFacts::default(),
            Some(_) => bail!("facts: not an object"),
        };
        for (fact, given) in [
            (&mut facts.title, &self.title),
            (&mut facts.from, &self.from),
            (&mut facts.text, &self.text),
        ] {
            if let Some(given) = given {
                fact.clone_from(given);
            }
        }
        Ok(facts)
    }
}

/// Facts of the corpus or of the engine's own messages.
///
/// # Errors
/// When a fact is not of its type, or has a name that the engine does not read.
fn facts(object: &Map<String, Value>) -> Result<PageFacts> {
    // The corpus names its facts in snake case, the engine's messages in camel case.
    let mut given: Map<_, _> = (object.iter())
        .map(|(name, value)| (camel(name), value.clone()))
        .collect();
    // Frames are read as documents of their own.
    given.remove("frameHosts");
    let forms = given.get_mut("forms").and_then(Value::as_array_mut);
    for form in forms.into_iter().flatten().filter_map(Value::as_object_mut) {
        form.remove("method");
        if let Some(target) = form.remove("action").as_ref().and_then(target) {
            form.insert("targets".to_owned(), vec![target].into());
        }
    }
    let given = Value::Object(given);
    let facts: PageFacts = serde_json::from_value(given.clone())?;
    match unread(&given, &serde_json::to_value(&facts)?) {
        Some(name) => bail!("{name} is not read"),
        None => Ok(facts),
    }
}

/// The host that a form's `action` names, none where that is of the page's own.
fn target(action: &Value) -> Option<String> {
    let action = action.as_str()?;
    let whole = match action.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => action.to_owned(),
    };
    parse_address(&whole).map(|address| address.host)
}

/// A name in what was given that what was read has not.
fn unread(given: &Value, read: &Value) -> Option<String> {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => {
            (given.iter()).find_map(|(name, value)| match read.get(name) {
                Some(read) => unread(value, read),
                None => Some(name.clone()),
            })
        }
        (Value::Array(given), Value::Array(read)) => given
            .iter()
            .zip(read)
            .find_map(|(given, read)| unread(given, read)),
        _ => None,
    }
}

fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut up = false;
    for c in name.chars() {
        if c == '_' {
            up = true;
        } else if std::mem::take(&mut up) {
            camel.extend(c.to_uppercase());
        } else {
            camel.push(c);
        }
    }
    camel
}

/// Reads a `.jsonl` file of texts or a `.tsv` file of hosts; also returns what is wrong with each line
/// that could not be read.
pub(crate) fn load(path: &Path) -> Result<(Vec<Line>, Vec<String>)> {
    let data = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    if path.extension().is_some_and(|extension| extension == "tsv") {
        return Ok((hosts(path, &data)?, Vec::new()));
    }
    let mut lines = Vec::new();
    let mut bad = Vec::new();
    for (number, line) in data.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match Line::read(line) {
            Ok(line) => lines.push(line),
            Err(error) => bad.push(format!("{}:{}: {error:#}", path.display(), number + 1)),
        }
    }
    Ok((lines, bad))
}

/// Reads a file as [`load`] does.
///
/// # Errors
/// When a line could not be read.
pub(crate) fn load_all(path: &Path) -> Result<Vec<Line>> {
    let (lines, bad) = load(path)?;
    ensure!(bad.is_empty(), "{}", bad.join("\n"));
    Ok(lines)
}

/// The files of texts in a folder of `tests`, in order.
pub(crate) fn files(folder: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(crate::root().join("tests").join(folder))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A table of hosts: `host` and, where there are such columns, `label` and `amazon_cue` as strength.
fn hosts(path: &Path, data: &str) -> Result<Vec<Line>> {
    let mut rows = data
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let heading = rows.next().unwrap_or_default();
    let column = |name: &str| heading.iter().position(|cell| *cell == name);
    let Some(host) = column("host") else {
        bail!("{}: no column \"host\"", path.display());
    };
    let (label, cue) = (column("label"), column("amazon_cue"));
    let cell = |row: &[&str], at: Option<usize>| {
        at.and_then(|at| row.get(at))
            .filter(|cell| !cell.is_empty())
            .map(|cell| (*cell).to_owned())
    };
    Ok(rows
        .filter_map(|row| {
            let host = cell(&row, Some(host))?;
            Some(Line {
                id: host.clone(),
                kind: Kind::Host,
                url: Some(host),
                title: None,
                from: None,
                text: None,
                facts: None,
                label: cell(&row, label).or_else(|| Some("permutation".to_owned())),
                strength: cell(&row, cue),
                expect: None,
                cluster: None,
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorchain_core::{Level, Owner};

    #[test]
    fn a_form_of_the_corpus_has_its_target() {
        let line =
            |facts: &str| Line::read(&format!(r#"{{"id":"1","kind":"page","facts":{facts}}}"#));
        for (action, targets) in [
            ("https://collect.example/a?b", &["collect.example"][..]),
            ("//collect.example/a", &["collect.example"]),
            ("send.php", &[]),
            ("#", &[]),
        ] {
            let facts = format!(r#"{{"forms":[{{"action":"{action}","method":"post"}}]}}"#);
            let facts = line(&facts)
                .and_then(|line| line.page_facts())
                .expect(action);
            assert_eq!(facts.forms[0].targets, targets, "{action}");
        }
        for (facts, name) in [
            (r#"{"telephones":["1"]}"#, "telephones"),
            (r#"{"forms":[{"fields":[{"kind":"password"}]}]}"#, "kind"),
        ] {
            let error = line(facts).expect_err(facts);
            assert!(format!("{error:#}").contains(name), "{error:#}");
        }
    }

    #[test]
    fn every_fact_of_our_own_texts_is_read() {
        for folder in ["cases", "lessons", "held"] {
            for path in files(folder).expect(folder) {
                load_all(&path).expect(folder);
            }
        }
    }

    #[test]
    fn reads_the_shapes_of_the_corpus() {
        let engine = engine();
        for (line, warned) in [
            (
                r#"{"id":"1","kind":"call","text":"This is Amy calling from Amazon about your Amazon account, press 1 to cancel the charge of $499"}"#,
                true,
            ),
            (
                r#"{"id":"2","kind":"sms","text":"See you at 5","url":"x.example/a","facts":null}"#,
                false,
            ),
            (
                r#"{"id":"3","kind":"page","facts":{"loose_fields":[{"type":"password"}],"heading":["Hello"]},"title":null}"#,
                false,
            ),
            (
                r#"{"id":"4","kind":"typed","text":"he says I must install teamviewer to cancel my amazon prime"}"#,
                true,
            ),
        ] {
            let verdict = Line::read(line)
                .and_then(|line| line.judge(&engine))
                .expect(line);
            assert_eq!(verdict.level == Level::Caution, warned, "{line}");
        }
        let host = Line::read(r#"{"id":"5","kind":"host","url":"www.amazon.de"}"#).expect("reads");
        assert_eq!(host.judge(&engine).expect("judges").owner, Owner::Amazon);
    }

    #[test]
    fn refuses_what_is_no_line() {
        for line in [
            "",
            "{}",
            "[1]",
            r#"{"id":"1","kind":"fax"}"#,
            r#"{"id":"1","kind":"page","facts":7}"#,
        ] {
            assert!(Line::read(line).is_err(), "{line}");
        }
    }
}
