//! Which call is to go wrong, and how.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Behaviour;

const ANY: &str = "*";

#[derive(Default)]
pub struct Faults {
    always: HashMap<String, Behaviour>,
    next: VecDeque<(String, usize, Behaviour)>,
    /// An action, and a secret's name unless it is for all.
    denied: HashSet<(String, Option<String>)>,
}

impl Faults {
    pub fn on(&mut self, action: &str, behaviour: Behaviour) {
        if action == ANY {
            self.always.clear();
        }
        self.always.insert(action.to_owned(), behaviour);
    }

    pub fn times(&mut self, action: &str, n: usize, behaviour: Behaviour) {
        self.next.push_back((action.to_owned(), n, behaviour));
    }

    /// How to answer this call. It counts.
    pub fn behaviour(&mut self, action: &str) -> Behaviour {
        self.next.retain(|(_, left, _)| *left > 0);
        let mut next = self.next.iter_mut();
        if let Some((_, left, behaviour)) = next.find(|(of, _, _)| of == action || of == ANY) {
            *left -= 1;
            return behaviour.clone();
        }
        let always = self.always.get(action).or_else(|| self.always.get(ANY));
        always.cloned().unwrap_or(Behaviour::Normal)
    }

    pub fn deny(&mut self, action: &str, name: Option<&str>) {
        let name = name.map(str::to_owned);
        self.denied.insert((action.to_owned(), name));
    }

    pub fn allow_all(&mut self) {
        self.denied.clear();
    }

    /// Whether the action is denied for everything, or for this secret.
    pub fn denies(&self, action: &str, name: Option<&str>) -> bool {
        let mut denied = self.denied.iter();
        denied.any(|(of, only)| {
            (of == action || of == ANY) && (only.is_none() || only.as_deref() == name)
        })
    }
}
