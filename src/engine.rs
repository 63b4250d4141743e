//! Which database engines there are, as URLs and secrets name them.

/// Engines that are named when they are refused. Any other name may be a misplaced secret.
const OTHERS: [&str; 15] = [
    "postgres",
    "postgresql",
    "aurora-postgresql",
    "sqlite",
    "sqlite3",
    "mssql",
    "sqlserver",
    "oracle",
    "oracle-ee",
    "redis",
    "rediss",
    "mongodb",
    "mongodb+srv",
    "db2",
    "http",
];

/// The name of another engine, in lower case, if it is one that may be shown.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    OTHERS.into_iter().find(|other| *other == name)
}
