//! The process that is looked at: this program once more, with this one test.

use std::any::Any;
use std::io::{self, BufRead};

use dbconf::DatabaseConfig;

use super::peers;

/// Says, as [`Way`], how to load.
pub const WAY: &str = "DBCONF_TEST_WAY";

/// How the child loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `DatabaseConfig::load()`.
    Dbconf,
    /// And forgets a copy: this must be found.
    Leaking,
    /// From the secret that the environment names.
    SecretsManager,
    /// The same without dbconf.
    SdkByHand,
    Figment,
    Config,
    Confique,
    Conf,
    Toml,
}

pub const WAYS: [Way; 9] = [
    Way::Dbconf,
    Way::Leaking,
    Way::SecretsManager,
    Way::SdkByHand,
    Way::Figment,
    Way::Config,
    Way::Confique,
    Way::Conf,
    Way::Toml,
];

impl Way {
    /// What is left of the load is dropped when this returns.
    fn load(self) -> Box<dyn Any> {
        match self {
            Way::Dbconf => Box::new(DatabaseConfig::load().unwrap()),
            Way::Leaking => {
                let config = DatabaseConfig::load().unwrap();
                let copy = dbconf::ExposeSecret::expose_secret(config.password()).to_owned();
                std::mem::forget(copy);
                Box::new(config)
            }
            #[cfg(feature = "aws")]
            Way::SecretsManager => Box::new(super::aws::load()),
            #[cfg(feature = "aws")]
            Way::SdkByHand => Box::new(super::aws::load_by_hand()),
            #[cfg(not(feature = "aws"))]
            Way::SecretsManager | Way::SdkByHand => unreachable!("the feature aws is off"),
            Way::Figment => Box::new(peers::figment()),
            Way::Config => Box::new(peers::config()),
            Way::Confique => Box::new(peers::confique()),
            Way::Conf => Box::new(peers::conf()),
            Way::Toml => Box::new(peers::toml()),
        }
    }
}

/// Does nothing unless a test of this program started it.
#[test]
fn child() {
    let Ok(name) = std::env::var(WAY) else {
        return;
    };
    let mut ways = WAYS.into_iter();
    let way = ways.find(|way| format!("{way:?}") == name).unwrap();
    // The buffers of input and output are allocated before the load, so that they overwrite nothing it leaves behind.
    let mut line = String::with_capacity(64);
    let mut pause = |state: &str| {
        println!("{state}");
        line.clear();
        io::stdin().lock().read_line(&mut line).unwrap();
    };
    pause("ready");
    let config = way.load();
    pause("loaded");
    drop(config);
    pause("dropped");
}
