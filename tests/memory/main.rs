//! How often the password is in a process's memory, seen from outside: while a configuration lives, and after it is dropped.
//!
//! Each test starts a process that loads, drops everything but the configuration, and waits; and reads its `/proc/<pid>/mem`. The passwords
//! are random, so that no program holds one by itself, and the process is told where its password is, never what it is.
#![cfg(target_os = "linux")]

#[cfg(feature = "aws")]
mod aws;
mod child;
#[cfg(feature = "aws")]
#[path = "../aws/fake.rs"]
mod fake;
mod local;
mod password;
mod peers;
mod scan;
mod stage;

use child::Way;
use scan::Needles;
use stage::Stage;

/// Figures only: the other crates promise nothing.
#[test]
fn other_crates() {
    for password in password::all() {
        let text = format!(
            "database = 'shop'\nuser = 'app'\npassword = '{}'\nhost = 'h.example'\n",
            password.text
        );
        let stage = Stage::default().file(peers::FILE, text);
        let needles = Needles::new(&password.text, &[]);
        let ways = [
            Way::Dbconf,
            Way::Figment,
            Way::Config,
            Way::Confique,
            Way::Conf,
            Way::Toml,
        ];
        for way in ways {
            let (live, left) = stage.play(way, &needles);
            println!("{way:?}, {}: {live} live, {left} left", password.name);
        }
    }
}

#[cfg(feature = "aws")]
mod secrets_manager {
    use super::aws::figures;
    use super::child::Way;
    use super::scan::Found;

    #[test]
    fn over_http() {
        figures(Way::SecretsManager, false, |name, live, left| {
            assert_eq!((live, left), (&Found::whole(1), &Found::whole(0)), "{name}");
        });
    }

    /// rustls frees two buffers as they are: the one that it receives and decrypts in, and the one that it hands the plaintext on in.
    #[test]
    fn over_https() {
        figures(Way::SecretsManager, true, |name, live, left| {
            let copies = |found: &Found| found.whole + found.spelled;
            assert!(live.whole >= 1 && copies(live) <= 3, "{name}: {live}");
            assert!(copies(left) <= 2, "{name}: {left}");
        });
    }

    /// What a service has that asks the SDK itself, and keeps nothing but the password.
    #[test]
    fn by_hand() {
        for over_tls in [false, true] {
            figures(Way::SdkByHand, over_tls, |name, live, left| {
                assert!(live.whole >= 1 && left != &Found::whole(0), "{name}");
            });
        }
    }
}
