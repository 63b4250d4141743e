//! No output shows a value, and each can be read by whom it is for.

use dbconf::Guard;

use crate::repository::{Repository, config};

const VALUE: &str = "canary+value/0123456789";

#[test]
#[ignore = "needs git"]
fn no_output_shows_the_value() {
    let repository = Repository::new();
    repository.write(".gitignore", "s.toml");
    repository.write(
        "s.toml",
        format!(
            "[{VALUE:?}]\npassword = '{VALUE}'\ntoken_{} = 'another+value'\n",
            "x"
        ),
    );
    repository.write(
        "a.rs",
        format!("let a = \"{VALUE}\";\nlet b = \"another+value\";"),
    );
    repository.write(format!("b-{}", VALUE.replace('/', "%2F")), "x");
    repository.write("c.bin", format!("\0{VALUE}"));
    repository.commit_all();
    let guard = Guard::new(repository.path())
        .secrets_of(&config(VALUE))
        .secrets_from("s.toml")
        .ignored("no.toml")
        .history();
    let findings = guard.findings().unwrap();
    assert!(findings.len() >= 5, "{findings}");
    let panic = std::panic::catch_unwind(|| guard.assert_clean()).unwrap_err();
    let mut outputs = vec![
        panic.downcast_ref::<String>().unwrap().clone(),
        format!("{findings}"),
        format!("{findings:?}"),
        format!("{findings:#?}"),
        format!("{guard:?}"),
        format!("{guard:#?}"),
        serde_json::to_string(&findings).unwrap(),
        findings.to_sarif().to_string(),
        findings.notes().collect(),
    ];
    outputs.extend(findings.iter().flat_map(|finding| {
        [
            format!("{finding}"),
            format!("{finding:?}"),
            finding.message(),
            finding.path().to_owned(),
            finding.help().to_owned(),
        ]
    }));
    for output in outputs {
        assert!(
            !output.contains("canary") && !output.contains("another+value"),
            "{output}"
        );
    }
}

#[test]
#[ignore = "needs git"]
fn the_panic_names_every_place_and_what_to_do() {
    let repository = Repository::new();
    repository.write("a.rs", format!("\n {VALUE}\n"));
    repository.write("b.rs", VALUE);
    let guard = Guard::new(repository.path())
        .secrets_of(&config(VALUE))
        .ignored("secrets.toml");
    let panic = std::panic::catch_unwind(|| guard.assert_clean()).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    let expected = "3 findings in 3 files, 1 value checked

  a.rs:2:2 known-value: a secret that is in use: password (environment: MYSQL_PASSWORD), plain
    to fix: read it from the configuration here, and change it: whoever has a copy of the repository has it

  b.rs:1:1 known-value: a secret that is in use: password (environment: MYSQL_PASSWORD), plain
    to fix: read it from the configuration here, and change it: whoever has a copy of the repository has it

  secrets.toml not-ignored: no .gitignore of the repository ignores this file
    to fix: add a line for it to the repository's .gitignore
";
    assert_eq!(text, expected);
}

#[test]
#[ignore = "needs git"]
fn json_and_sarif() {
    let repository = Repository::new();
    repository.write("a b/ü.rs", format!("\n {VALUE}\n"));
    repository.write("c.bin", format!("\0{VALUE}"));
    let findings = Guard::new(repository.path())
        .secrets_of(&config(VALUE))
        .ignored("s.toml")
        .findings()
        .unwrap();
    let json = serde_json::to_value(&findings).unwrap();
    assert_eq!(json["values"], 1);
    assert_eq!(json["findings"][0]["path"], "a b/ü.rs");
    assert_eq!(
        (&json["findings"][0]["line"], &json["findings"][0]["column"]),
        (&2.into(), &2.into())
    );
    assert_eq!(json["findings"][1]["byte_offset"], 1);
    let sarif = findings.to_sarif();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let location = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20b/%C3%BC.rs");
    assert_eq!(location["region"]["startLine"], 2);
    assert_eq!(
        results[1]["locations"][0]["physicalLocation"]["region"]["byteOffset"],
        1
    );
}

/// Of a long value or one of several lines, only a part is searched for; the rest of it stands around.
#[test]
#[ignore = "needs git"]
fn no_part_of_a_value_is_shown_in_a_path() {
    let long: String = (0..60).map(|number| format!("{:03}", number * 7)).collect();
    for value in [
        long.as_str(),
        "Shortone77\nLongerSecond88888",
        "hunter2hunter3",
    ] {
        let repository = Repository::new();
        repository.write(format!("{value}/{value}.txt"), "x");
        repository.write(format!("{value}/b.py"), "password = 'Qu1etly'");
        repository.commit_all();
        let guard = Guard::new(repository.path().join(value)).secrets_of(&config(value));
        let findings = guard.history().findings().unwrap();
        assert!(findings.len() >= 2, "{findings}");
        let json = serde_json::to_string(&findings).unwrap();
        for output in [findings.to_string(), json, findings.to_sarif().to_string()] {
            for part in ["hunter2", "Shortone77", "88888", &long[150..]] {
                assert!(!output.contains(part), "{output}");
            }
        }
    }
}
