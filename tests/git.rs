//! A file with a secret is kept out of git: checked with a real git, in real work trees.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dbconf::{DatabaseConfig, Error, Loader};
use tempfile::TempDir;

const SECRETS: &str = "database = 'd'\nuser = 'u'\npassword = 'p'\nhost = 'h'\n";

struct Repository(TempDir);

impl Repository {
    fn new() -> Repository {
        let repository = Repository(TempDir::new().unwrap());
        repository.git(&["init", "-q"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        let mut command = Command::new("git");
        let command = command.args(identity).args(arguments).current_dir(&self.0);
        assert!(command.status().unwrap().success());
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

fn loader(path: &Path) -> Loader {
    DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from([("", ""); 0])
        .secrets_file(path)
}

fn refusal(outcome: Result<DatabaseConfig, Error>) -> String {
    let error = outcome.expect_err("the load must fail");
    assert!(error.is_not_ignored());
    error.to_string()
}

fn notes(config: &DatabaseConfig) -> String {
    config.explain().notes().collect::<Vec<_>>().join("\n")
}

#[test]
#[ignore = "needs git"]
fn an_unignored_secrets_file_stops_the_load_and_the_advice_works() {
    let repository = Repository::new();
    let path = repository.write("config/secrets.toml", SECRETS);
    let text = refusal(loader(&path).load());
    assert!(text.contains("is not ignored by git"));
    assert!(text.contains("add the line /config/secrets.toml to the .gitignore"));
    // The same with the file's own password not used: the file contributes no secret.
    let variables = [("MYSQL_PASSWORD", "p"), ("MYSQL_USER", "u")];
    assert!(loader(&path).load().is_err());
    let env_first = DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables)
        .secrets_file(&path);
    assert!(env_first.load().is_ok());
    repository.write(".gitignore", "/config/secrets.toml\n");
    assert!(loader(&path).load().is_ok());
}

#[test]
#[ignore = "needs git"]
fn a_tracked_file_is_refused_even_if_a_rule_matches_it() {
    let repository = Repository::new();
    let path = repository.write("secrets.toml", SECRETS);
    repository.write(".gitignore", "secrets.toml\n");
    repository.git(&["add", "-f", "secrets.toml"]);
    let text = refusal(loader(&path).load());
    assert!(text.contains("is tracked by git") && text.contains("git rm --cached secrets.toml"));
    repository.git(&["rm", "-q", "--cached", "secrets.toml"]);
    assert!(loader(&path).load().is_ok());
}

#[test]
#[ignore = "needs git"]
fn a_negated_rule_takes_the_file_back_in() {
    let repository = Repository::new();
    let path = repository.write("secrets.toml", SECRETS);
    repository.write(".gitignore", "*.toml\n!secrets.toml\n");
    refusal(loader(&path).load());
}

#[test]
#[ignore = "needs git"]
fn a_rule_of_this_machine_alone_is_a_note() {
    let repository = Repository::new();
    let path = repository.write("secrets.toml", SECRETS);
    repository.write(".git/info/exclude", "secrets.toml\n");
    let config = loader(&path).load().unwrap();
    assert!(notes(&config).contains("ignored by a rule of this machine alone"));
}

#[test]
#[ignore = "needs git"]
fn what_holds_no_secret_may_be_tracked() {
    let repository = Repository::new();
    let path = repository.write(".env", "MYSQL_HOST=h\nMYSQL_DB=d\nPORT=80\n");
    repository.git(&["add", ".env"]);
    let variables = [("MYSQL_USER", "u"), ("MYSQL_PASSWORD", "p")];
    let loader = loader(&path).env_from(variables);
    assert_eq!(loader.load().unwrap().host(), "h");
}

#[test]
#[ignore = "needs git"]
fn a_url_and_a_named_file_count_as_well() {
    let repository = Repository::new();
    let url = repository.write("a.toml", "url = 'mysql://u:p@h/d'");
    refusal(loader(&url).load());
    let password = repository.write("password.txt", "p\n");
    let config = repository.write("b.toml", "user = 'u'\nhost = 'h'\ndatabase = 'd'");
    let password = password.to_str().unwrap();
    let loader = loader(&config).env_from([("MYSQL_PASSWORD_FILE", password)]);
    assert!(refusal(loader.load()).contains("password.txt"));
}

#[test]
#[ignore = "needs git"]
fn allowed_on_purpose_is_still_said() {
    let repository = Repository::new();
    let path = repository.write("secrets.toml", SECRETS);
    let config = loader(&path).allow_unignored().load().unwrap();
    assert!(notes(&config).contains("allowed by allow_unignored()"));
}

#[test]
#[ignore = "needs git"]
fn a_broken_repository_is_a_note_not_silence() {
    let repository = Repository::new();
    let path = repository.write("secrets.toml", SECRETS);
    fs::remove_file(repository.0.path().join(".git/HEAD")).unwrap();
    let config = loader(&path).load().unwrap();
    assert!(notes(&config).contains("git ended with status 128"));
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_can_read_is_a_note() {
    use std::os::unix::fs::PermissionsExt;
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    fs::write(&path, SECRETS).unwrap();
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o604);
    assert!(notes(&loader(&path).load().unwrap()).contains("chmod 600"));
    mode(0o600);
    assert_eq!(notes(&loader(&path).load().unwrap()), "");
}

#[cfg(unix)]
#[test]
#[ignore = "needs git"]
fn the_resolved_path_decides() {
    let repository = Repository::new();
    let inside = repository.write("secrets.toml", SECRETS);
    let outside = TempDir::new().unwrap();
    let link = outside.path().join("secrets.toml");
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    refusal(loader(&link).load());
    // A Kubernetes volume: the file is a link into a directory that is swapped as a whole.
    let mounted = repository.write("mount/..2026_11_22_12_00_00.1/secrets.toml", SECRETS);
    let link = repository.0.path().join("mount/secrets.toml");
    std::os::unix::fs::symlink(&mounted, &link).unwrap();
    refusal(loader(&link).load());
    let data = repository.0.path().join("mount/..data");
    std::os::unix::fs::symlink(mounted.parent().unwrap(), data).unwrap();
    assert!(loader(&link).load().is_ok());
}
