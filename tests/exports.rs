//! Pins the public names: a rename or a lost trait fails here before it breaks a user.

use dbconf::{
    DatabaseConfig, Error, Explain, ExplainRow, Key, Loader, ModeList, Problem, ProblemKind,
    SecretUrl, Source, SqlMode, SslMode,
};

fn sound<T: Send + Sync + 'static>() {}

#[test]
fn public_types_cross_threads() {
    sound::<DatabaseConfig>();
    sound::<Error>();
    sound::<Explain<'static>>();
    sound::<ExplainRow<'static>>();
    sound::<Key>();
    sound::<Loader>();
    sound::<ModeList>();
    sound::<Problem>();
    sound::<ProblemKind>();
    sound::<SecretUrl>();
    sound::<Source>();
    sound::<SqlMode>();
    sound::<SslMode>();
    #[cfg(feature = "mysql")]
    sound::<dbconf::SecretOpts>();
    #[cfg(feature = "aws")]
    sound::<Loader<dbconf::Remote>>();
    #[cfg(feature = "guard")]
    {
        sound::<dbconf::Finding>();
        sound::<dbconf::Findings>();
        sound::<dbconf::Guard>();
        sound::<dbconf::GuardError>();
    }
}

#[test]
fn traits_that_users_rely_on() {
    fn parses<T: std::str::FromStr<Err = Error> + serde::de::DeserializeOwned + Clone>() {}
    parses::<DatabaseConfig>();
    fn loads_again<T: Clone>(_: fn(&T) -> Result<DatabaseConfig, Error>) {}
    loads_again(<Loader>::load);
    fn is_error<T: std::error::Error>() {}
    is_error::<Error>();
}
