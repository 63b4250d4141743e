//! The secrets, their versions and their labels.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{ACCOUNT, REGION};

pub const CURRENT: &str = "AWSCURRENT";
pub const PENDING: &str = "AWSPENDING";
pub const PREVIOUS: &str = "AWSPREVIOUS";

#[derive(Default)]
pub struct Store(Vec<Secret>);

pub struct Secret {
    pub name: String,
    pub arn: String,
    pub created: f64,
    pub deleted: Option<f64>,
    pub kms: Kms,
    pub versions: Vec<Version>,
}

pub struct Version {
    pub id: String,
    pub value: SecretValue,
    pub created: f64,
    pub labels: BTreeSet<String>,
}

#[derive(Clone)]
pub enum SecretValue {
    Text(String),
    Binary(Vec<u8>),
    Missing,
}

/// What the key management service says to decrypting a value.
#[derive(Clone, Copy, PartialEq)]
pub enum Kms {
    Allowed,
    Denied,
    Broken,
}

impl From<&str> for SecretValue {
    fn from(text: &str) -> SecretValue {
        if text.is_empty() {
            SecretValue::Missing
        } else {
            SecretValue::Text(text.to_owned())
        }
    }
}

impl From<&[u8]> for SecretValue {
    fn from(bytes: &[u8]) -> SecretValue {
        SecretValue::Binary(bytes.to_vec())
    }
}

impl Store {
    /// Returns the id of the first version.
    pub fn create(&mut self, name: &str, value: SecretValue) -> String {
        assert!(
            self.0.iter().all(|secret| secret.name != name),
            "there is a secret {name} already"
        );
        let mut secret = Secret {
            name: name.to_owned(),
            arn: format!("{}{name}-{}", arn_prefix(), random_letters()),
            created: now(),
            deleted: None,
            kms: Kms::Allowed,
            versions: Vec::new(),
        };
        let id = secret.put(value, CURRENT);
        self.0.push(secret);
        id
    }

    pub fn get_mut(&mut self, name: &str) -> &mut Secret {
        let secret = self.0.iter_mut().find(|secret| secret.name == name);
        secret.unwrap_or_else(|| panic!("there is no secret {name}"))
    }

    /// By name, by ARN, or by the part of the ARN before the random characters. As in the real service, a partial ARN is taken
    /// for a complete one if the name itself ends like one, and then nothing is found.
    pub fn find(&self, id: &str) -> Option<&Secret> {
        let Some(rest) = id.strip_prefix(&arn_prefix()) else {
            return self.0.iter().find(|secret| secret.name == id);
        };
        self.0.iter().find(|secret| {
            secret.arn == id || (secret.name == rest && !ends_in_random_letters(rest))
        })
    }

    pub fn repair_kms(&mut self) {
        for secret in &mut self.0 {
            secret.kms = Kms::Allowed;
        }
    }
}

impl Secret {
    pub fn put(&mut self, value: SecretValue, label: &str) -> String {
        let id = random_uuid();
        self.versions.push(Version {
            id: id.clone(),
            value,
            created: now(),
            labels: BTreeSet::new(),
        });
        self.label(self.versions.len() - 1, label);
        id
    }

    pub fn promote(&mut self) {
        let pending = self.versions.iter().position(|it| it.has(PENDING));
        self.label(pending.expect("a version is pending"), CURRENT);
    }

    pub fn unlabel(&mut self, label: &str) {
        for version in &mut self.versions {
            version.labels.remove(label);
        }
    }

    pub fn delete(&mut self) {
        self.deleted = Some(now());
    }

    /// Exactly one version holds a label.
    fn label(&mut self, index: usize, label: &str) {
        let holder = self.versions.iter().position(|it| it.has(label));
        if holder == Some(index) {
            return;
        }
        self.unlabel(label);
        self.versions[index].labels.insert(label.to_owned());
        if let (CURRENT, Some(holder)) = (label, holder) {
            self.label(holder, PREVIOUS);
        }
    }
}

impl Version {
    pub fn has(&self, label: &str) -> bool {
        self.labels.contains(label)
    }
}

fn arn_prefix() -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:")
}

/// Whether it ends in a hyphen and six letters or digits.
fn ends_in_random_letters(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, end)| {
        end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Seconds since 1970, to the millisecond.
pub fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.expect("it is after 1970").as_millis();
    millis as f64 / 1000.0
}

/// Every `RandomState` has keys of its own.
fn random() -> u64 {
    RandomState::new().hash_one(0)
}

fn random_letters() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut rest = random();
    let mut letter = || {
        let index = rest % LETTERS.len() as u64;
        rest /= LETTERS.len() as u64;
        char::from(LETTERS[index as usize])
    };
    (0..6).map(|_| letter()).collect()
}

pub fn random_uuid() -> String {
    let (high, low) = (random(), random());
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    let (d, e) = (low >> 48 & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}
