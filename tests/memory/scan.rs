//! Counts copies in the memory of another process.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// So many bytes of a secret are as good as a copy for whoever finds them. The allocator of glibc overwrites the first 16 of a block that
/// is freed: of a copy that was freed as it was, a shorter piece is left.
const FRAGMENT: usize = 16;
const PAGE: usize = 4096;

/// What is searched for: a secret in every spelling in which it might be found.
pub struct Needles {
    /// The secret itself, and then its other spellings.
    spellings: Vec<Vec<u8>>,
    /// Every piece of any spelling.
    pieces: HashSet<[u8; FRAGMENT]>,
    /// Whether a piece begins with these two bytes.
    begins: Vec<bool>,
}

/// How much of a secret was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Copies of the secret itself.
    pub whole: usize,
    /// Copies in another spelling.
    pub spelled: usize,
    /// Pieces of 16 bytes or more of any spelling, outside of those.
    pub fragments: usize,
    /// All of these in the process's environment, where the kernel put it.
    pub environment: usize,
}

impl Needles {
    pub fn new(secret: &str, spellings: &[String]) -> Needles {
        let mut all = vec![secret.as_bytes().to_vec()];
        for spelling in spellings {
            if !all.iter().any(|known| known == spelling.as_bytes()) {
                all.push(spelling.as_bytes().to_vec());
            }
        }
        let pieces = all.iter().flat_map(|spelling| spelling.windows(FRAGMENT));
        let pieces: HashSet<[u8; FRAGMENT]> =
            pieces.map(|piece| piece.try_into().unwrap()).collect();
        let mut begins = vec![false; 1 << 16];
        for piece in &pieces {
            begins[pair(piece[0], piece[1])] = true;
        }
        Needles {
            spellings: all,
            pieces,
            begins,
        }
    }

    /// Counts in the memory of a process that waits. It may be a child of this one, or any that this one may trace.
    pub fn count(&self, pid: u32) -> io::Result<Found> {
        let environment = environment(pid)?;
        let memory = File::open(format!("/proc/{pid}/mem"))?;
        let mut found = Found::default();
        for map in maps(pid)? {
            let inside = environment.start.clamp(map.start, map.end)
                ..environment.end.clamp(map.start, map.end);
            for outside in [map.start..inside.start, inside.end..map.end] {
                self.count_in(&read(&memory, &outside)?, &mut found);
            }
            let mut in_environment = Found::default();
            self.count_in(&read(&memory, &inside)?, &mut in_environment);
            found.environment +=
                in_environment.whole + in_environment.spelled + in_environment.fragments;
        }
        Ok(found)
    }

    fn count_in(&self, bytes: &[u8], found: &mut Found) {
        let mut at = 0;
        while let Some(next) = self.next(bytes, at) {
            at = next;
            if let Some(length) = self.whole(&bytes[at..], found) {
                at += length;
                continue;
            }
            found.fragments += 1;
            // As far as it goes, it is one.
            while self.is_piece(bytes, at) && !self.is_whole(&bytes[at..]) {
                at += 1;
            }
        }
    }

    /// Where the next piece begins.
    fn next(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        while at + FRAGMENT <= bytes.len() {
            // Most memory was never written to.
            let is_blank = at.is_multiple_of(PAGE) && bytes[at..].starts_with(&[0; PAGE]);
            if is_blank {
                // A needle holds no zero.
                at += PAGE;
            } else if self.begins[pair(bytes[at], bytes[at + 1])] && self.is_piece(bytes, at) {
                return Some(at);
            } else {
                at += 1;
            }
        }
        None
    }

    fn is_piece(&self, bytes: &[u8], at: usize) -> bool {
        let piece = bytes.get(at..at + FRAGMENT);
        piece.is_some_and(|piece| self.pieces.contains(piece))
    }

    fn is_whole(&self, bytes: &[u8]) -> bool {
        let mut spellings = self.spellings.iter();
        spellings.any(|spelling| bytes.starts_with(spelling))
    }

    /// Counts a whole copy that begins here, and gives its length.
    fn whole(&self, bytes: &[u8], found: &mut Found) -> Option<usize> {
        let here = self.spellings.iter().enumerate();
        let here = here.filter(|(_, spelling)| bytes.starts_with(spelling));
        let (which, spelling) = here.max_by_key(|(_, spelling)| spelling.len())?;
        match which {
            0 => found.whole += 1,
            _ => found.spelled += 1,
        }
        Some(spelling.len())
    }
}

impl Found {
    /// Copies of the secret itself, and nothing else.
    pub fn whole(whole: usize) -> Found {
        Found {
            whole,
            ..Found::default()
        }
    }
}

/// Copies, copies in another spelling, and fragments.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found {
            whole,
            spelled,
            fragments,
            environment,
        } = self;
        write!(f, "{whole} + {spelled} + {fragments}")?;
        match environment {
            0 => Ok(()),
            _ => write!(f, " (environment: {environment})"),
        }
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Every mapping that the process alone can see and that is not just its program text.
fn maps(pid: u32) -> io::Result<Vec<Range<u64>>> {
    let text = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let mut maps = Vec::new();
    for line in text.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (range, permissions) = (fields.next().unwrap(), fields.next().unwrap());
        let name = fields.nth(3).unwrap_or_default();
        let is_of_kernel = name.starts_with("[v");
        let is_program = name.starts_with('/') && !permissions.contains('w');
        if !permissions.starts_with('r')
            || !permissions.ends_with('p')
            || is_of_kernel
            || is_program
        {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let address = |text| u64::from_str_radix(text, 16).unwrap();
        maps.push(address(start)..address(end));
    }
    Ok(maps)
}

/// Where the kernel put the environment of the process.
fn environment(pid: u32) -> io::Result<Range<u64>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field may hold anything, blanks and parentheses too.
    let (_, behind_name) = stat.rsplit_once(") ").unwrap();
    let mut fields = behind_name.split_ascii_whitespace().skip(50 - 3);
    let mut address = || fields.next().unwrap().parse().unwrap();
    Ok(address()..address())
}

fn read(memory: &File, range: &Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap()];
    memory.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes)
}
