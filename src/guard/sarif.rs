//! Findings as SARIF 2.1.0, which code scanning services read.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::finding::{Finding, Findings, RULES, Rule};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stays as it is in a path that is part of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

impl Findings {
    /// The findings as a [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) log. Paths are relative to the
    /// top of the work tree, as code scanning expects them; notes are notifications of the run.
    pub fn to_sarif(&self) -> Value {
        let results: Vec<Value> = self
            .iter()
            .map(|finding| result(finding, &self.prefix))
            .collect();
        let notes: Vec<Value> = self
            .notes()
            .map(|note| json!({ "level": "note", "message": { "text": note } }))
            .collect();
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "dbconf-guard",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": RULES.iter().map(|rule| describe(rule)).collect::<Vec<_>>(),
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notes }],
                "results": results,
            }],
        })
    }
}

fn describe(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.what },
        "help": { "text": rule.help },
        "defaultConfiguration": { "level": "error" },
    })
}

fn result(finding: &Finding, prefix: &str) -> Value {
    let prefix = if finding.object().is_some() {
        ""
    } else {
        prefix
    };
    let uri = utf8_percent_encode(&format!("{prefix}{}", finding.path()), PATH).to_string();
    let mut location = json!({ "artifactLocation": { "uri": uri, "uriBaseId": "%SRCROOT%" } });
    if let (Some(line), Some(column)) = (finding.line(), finding.column()) {
        location["region"] = json!({ "startLine": line, "startColumn": column });
    } else if let Some(offset) = finding.byte_offset() {
        location["region"] = json!({ "byteOffset": offset });
    }
    let mut message = finding.message();
    if let Some(object) = finding.object() {
        message.push_str(&format!(" (in the history, object {object})"));
    }
    json!({
        "ruleId": finding.rule(),
        "ruleIndex": RULES.iter().position(|rule| rule.id == finding.rule()),
        "level": "error",
        "message": { "text": format!("{message}. To fix: {}", finding.help()) },
        "locations": [{ "physicalLocation": location }],
    })
}
