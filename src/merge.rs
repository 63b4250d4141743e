//! The merge: one slot per key, held by the value of the strongest layer. Values are moved, never cloned.

use crate::error::Problem;
use crate::key::{KEYS, Key, Spelling};
use crate::layer::Raw;
use crate::slot::{Rank, Shadow, Slot, conflict, is_unset, wrong_type};
use crate::source::{Place, Source};
use crate::url::read;

/// The keys that a configuration is made of: all but `url`, which is split into them.
pub(crate) const SLOTS: usize = KEYS.len() - 1;

/// What the layers hold of one database. Values may come in any order: their rank decides.
#[derive(Default)]
pub(crate) struct Merge {
    pub slots: [Option<Slot>; SLOTS],
    /// Where a key stands as well, in weaker places.
    pub shadowed: Vec<Shadow>,
    /// Where a key is set, but empty.
    pub empty: Vec<(Key, Source)>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    /// Unknown names that look like one of ours.
    pub near_misses: Vec<(String, Key)>,
    /// How many names of a layer are not known.
    pub unknown: Vec<(Place, usize)>,
    /// Users that are not used, to be compared with the one that is.
    pub other_users: Vec<Slot>,
    /// Passwords that are set but empty, which can be a value.
    empty_passwords: Vec<Slot>,
    /// Every `DATABASE_URL`, which is split only when a key is missing.
    last_resort: Vec<Slot>,
}

/// The required keys that are not there. A socket stands for a host.
pub(crate) fn missing(has: impl Fn(Key) -> bool) -> impl Iterator<Item = Key> {
    let required = [Key::Database, Key::User, Key::Password, Key::Host];
    let stands_in = move |key| key == Key::Host && has(Key::Socket) || has(key);
    required.into_iter().filter(move |&key| !stands_in(key))
}

impl Merge {
    /// Takes a value in.
    #[inline]
    pub(crate) fn put(&mut self, rank: Rank, source: Source, value: Raw<'_>) {
        let spelling = source.spelling();
        if spelling.key != Key::Url {
            return self.fill(rank, spelling, source, value);
        }
        if spelling.is_database_url() {
            let value = value.into_owned();
            return self.last_resort.push(Slot {
                rank,
                spelling,
                source,
                value,
            });
        }
        if value.is_empty() {
            return self.note_empty(spelling, source);
        }
        self.split(rank.weaker(), spelling, source, value);
    }

    /// Counts a name that is not known.
    pub(crate) fn unknown(&mut self, place: &Place, name: &str, near: Option<Key>) {
        match self.unknown.last_mut() {
            Some((last, count)) if last == place => *count += 1,
            _ => self.unknown.push((place.clone(), 1)),
        }
        self.near_misses
            .extend(near.map(|key| (name.to_owned(), key)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slots.iter().all(Option::is_none)
            && self.last_resort.is_empty()
            && self.empty.is_empty()
            && self.near_misses.is_empty()
            && self.problems.is_empty()
    }

    /// Whether a required key is missing in what is stronger than `limit`.
    pub(crate) fn is_incomplete(&self, limit: Rank) -> bool {
        let has = |key: Key| {
            let slot = self.slots[key as usize].as_ref();
            slot.is_some_and(|slot| slot.rank < limit)
        };
        missing(has).next().is_some()
    }

    pub(crate) fn has_empty_password(&self) -> bool {
        !self.empty_passwords.is_empty()
    }

    /// Makes every empty password a value.
    pub(crate) fn allow_empty_password(&mut self) {
        for slot in std::mem::take(&mut self.empty_passwords) {
            self.contest(slot);
        }
    }

    /// Counts every empty password as not set.
    pub(crate) fn refuse_empty_password(&mut self) {
        for slot in std::mem::take(&mut self.empty_passwords) {
            self.note_empty(slot.spelling, slot.source);
        }
    }

    /// Moves out every `DATABASE_URL` that is stronger than `limit`, or the path of its file: what nobody needs is not read.
    pub(crate) fn take_last_resort(&mut self, limit: Rank) -> Vec<Slot> {
        let is_stronger = |slot: &mut Slot| slot.rank < limit;
        self.last_resort.extract_if(.., is_stronger).collect()
    }

    /// Splits a `DATABASE_URL`: it counts as its layer's weakest part.
    pub(crate) fn put_last_resort(&mut self, rank: Rank, source: Source, value: Raw<'_>) {
        if value.is_empty() {
            return self.note_empty(source.spelling(), source);
        }
        self.split(rank.weaker().weaker(), source.spelling(), source, value);
    }

    #[inline]
    fn fill(&mut self, rank: Rank, spelling: Spelling, source: Source, value: Raw<'_>) {
        if is_unset(spelling.key, &value) {
            return self.leave_unset(rank, spelling, source, value);
        }
        let key = spelling.key;
        let held = &mut self.slots[key as usize];
        match held {
            None => {
                *held = Some(Slot {
                    rank,
                    spelling,
                    source,
                    value: value.into_owned(),
                })
            }
            Some(held) if held.rank < rank && (key != Key::User || held.value.is_same(&value)) => {
                // What is lent was never copied.
                self.shadow(Shadow { rank, key, source });
            }
            Some(_) => self.contest(Slot {
                rank,
                spelling,
                source,
                value: value.into_owned(),
            }),
        }
    }

    pub(crate) fn shadow(&mut self, shadow: Shadow) {
        if self.shadowed.is_empty() {
            self.shadowed = Vec::with_capacity(SLOTS);
        }
        self.shadowed.push(shadow);
    }

    /// Decides between a value and the one that is held.
    fn contest(&mut self, slot: Slot) {
        let key = slot.spelling.key;
        let weaker = match &mut self.slots[key as usize] {
            held @ None => return *held = Some(slot),
            Some(held) if held.rank == slot.rank => {
                return self.problems.extend(conflict(held, &slot));
            }
            Some(held) if held.rank < slot.rank => slot,
            Some(held) => std::mem::replace(held, slot),
        };
        if key == Key::User {
            // Users that said the same as this one were not kept.
            let agreed = |shadow: &&Shadow| {
                shadow.key == key && !self.other_users.iter().any(|user| user.rank == shadow.rank)
            };
            let agreed: Vec<Rank> = self
                .shadowed
                .iter()
                .filter(agreed)
                .map(|shadow| shadow.rank)
                .collect();
            self.other_users
                .extend(agreed.into_iter().map(|rank| weaker.copy(rank)));
            self.other_users.push(weaker.copy(weaker.rank));
        }
        self.shadow(Shadow {
            rank: weaker.rank,
            key,
            source: weaker.source,
        });
    }

    /// Notes what is set but not a value. An empty password can still become one.
    #[cold]
    fn leave_unset(&mut self, rank: Rank, spelling: Spelling, source: Source, value: Raw<'_>) {
        if !value.is_empty() {
            self.notes.push(format!(
                "{source}: a Kubernetes service link, not a port; ignored"
            ));
        } else if spelling.key == Key::Password && value.text().is_some() {
            self.empty_passwords.push(Slot {
                rank,
                spelling,
                source,
                value: value.into_owned(),
            });
        } else {
            self.note_empty(spelling, source);
        }
    }

    fn note_empty(&mut self, spelling: Spelling, source: Source) {
        tracing::warn!(%source, key = %spelling.key, "set but empty, counts as not set");
        // Of a URL, it is one part that is empty.
        let part = if source.spelling() == spelling {
            String::new()
        } else {
            format!(": {}", spelling.key)
        };
        self.notes
            .push(format!("{source}{part}: set but empty, counts as not set"));
        self.empty.push((spelling.key, source));
    }

    fn split(&mut self, rank: Rank, spelling: Spelling, source: Source, value: Raw<'_>) {
        let Some(url) = value.text() else {
            let value = value.into_owned();
            return self.problems.push(wrong_type(
                &Slot {
                    rank,
                    spelling,
                    source,
                    value,
                },
                "text",
            ));
        };
        let split = read::split(url, &source);
        self.problems.extend(split.problem);
        self.notes.extend(split.note);
        for (spelling, text) in split.found {
            self.fill(rank, spelling, source.clone(), Raw::Text(text));
        }
    }
}
