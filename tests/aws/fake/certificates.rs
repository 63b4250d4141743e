//! The certificate of a service over HTTPS.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;

pub struct Certificates {
    /// PEM.
    pub authority: String,
    pub server: Arc<ServerConfig>,
}

impl Certificates {
    pub fn new() -> Certificates {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = "dbconf test authority of a secrets manager";
        params.distinguished_name.push(DnType::CommonName, name);
        let authority =
            CertifiedIssuer::self_signed(params, key()).expect("the authority signs itself");

        let key = key();
        let certificate = CertificateParams::new(["127.0.0.1", "localhost"].map(String::from))
            .expect("the names are valid")
            .signed_by(&key, &authority)
            .expect("the authority signs");
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        // The provider is named, as a process-wide one is for the code under test to choose.
        let mut server = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("the provider has the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .expect("the key is the certificate's");
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Certificates {
            authority: authority.pem(),
            server: Arc::new(server),
        }
    }
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key is generated")
}
