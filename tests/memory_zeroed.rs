//! How often the password is in the memory of a process whose allocator zeroes what is freed: see `tests/memory`.
#![cfg(all(target_os = "linux", feature = "aws"))]

#[path = "memory/aws.rs"]
mod aws;
#[path = "memory/child.rs"]
mod child;
#[path = "aws/fake.rs"]
mod fake;
#[allow(dead_code, reason = "files need more spellings")]
#[path = "memory/password.rs"]
mod password;
#[path = "memory/peers.rs"]
mod peers;
#[path = "memory/scan.rs"]
mod scan;
#[path = "memory/stage.rs"]
mod stage;

use std::alloc::System;

use aws::figures;
use child::Way;
use scan::Found;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn one(name: &str, live: &Found, left: &Found) {
    assert_eq!((live, left), (&Found::whole(1), &Found::whole(0)), "{name}");
}

#[test]
fn over_http() {
    figures(Way::SecretsManager, false, one);
}

#[test]
fn over_https() {
    figures(Way::SecretsManager, true, one);
}
