//! A certificate authority, a server certificate signed by it, and an authority that has nothing to do with either.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// PEM files.
pub struct Certificates {
    pub authority: PathBuf,
    pub unrelated_authority: PathBuf,
    pub server: PathBuf,
    pub server_key: PathBuf,
}

impl Certificates {
    /// Writes them into `dir`. The server's certificate is for `127.0.0.1` and `localhost` and no other name.
    pub fn write(dir: &Path) -> Certificates {
        let issuer = authority("dbconf test authority");
        let key = key();
        let params = CertificateParams::new(["127.0.0.1", "localhost"].map(String::from))
            .expect("the names are valid");
        let server = params
            .signed_by(&key, &issuer)
            .expect("the authority signs");
        let write = |name: &str, pem: String| {
            let path = dir.join(name);
            fs::write(&path, pem).expect("the directory is writable");
            path
        };
        Certificates {
            authority: write("ca.pem", issuer.pem()),
            unrelated_authority: write("unrelated-ca.pem", authority("somebody else").pem()),
            server: write("server.pem", server.pem()),
            server_key: write("server-key.pem", key.serialize_pem()),
        }
    }
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, key()).expect("the authority signs itself")
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key is generated")
}
