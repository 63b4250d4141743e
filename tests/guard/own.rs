//! This repository is guarded by its own guard.

use dbconf::Guard;

#[test]
#[ignore = "needs git"]
fn no_secret_is_hardcoded_here() {
    Guard::new(env!("CARGO_MANIFEST_DIR"))
        .ignored("secrets.toml")
        .ignored("secrets.json")
        .ignored(".env")
        .secrets_from("secrets.toml")
        // Made-up passwords are what these are about.
        .allow("tests/**")
        .allow("benches/**")
        .allow("fuzz/**")
        .allow("README.md")
        .assert_clean();
}
