fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    for _ in 0..n {
        match std::env::args().nth(2).unwrap().as_str() {
            "ours" => {
                std::hint::black_box(
                    dbconf::DatabaseConfig::loader()
                        .env("MYSQL_")
                        .secrets_file("secrets.toml")
                        .load()
                        .unwrap(),
                );
            }
            "dflt" => {
                std::hint::black_box(dbconf::DatabaseConfig::load().unwrap());
            }
            "floor" => {
                std::hint::black_box(floor(&[
                    "MYSQL_DB",
                    "MYSQL_USER",
                    "MYSQL_PASSWORD",
                    "MYSQL_HOST",
                    "MYSQL_PORT",
                ]));
            }
            "same" => {
                std::hint::black_box(floor(&[
                    "MYSQL_DB",
                    "MYSQL_USER",
                    "MYSQL_PASSWORD",
                    "MYSQL_HOST",
                    "MYSQL_PORT",
                    "MYSQL_DATABASE",
                    "MYSQL_SOCKET",
                    "MYSQL_SSL_MODE",
                    "MYSQL_SSL_CA",
                    "MYSQL_SQL_MODE",
                    "MYSQL_URL",
                    "MYSQL_DB_FILE",
                    "MYSQL_USER_FILE",
                    "MYSQL_PASSWORD_FILE",
                    "MYSQL_HOST_FILE",
                    "MYSQL_PORT_FILE",
                    "MYSQL_DATABASE_FILE",
                    "MYSQL_SOCKET_FILE",
                    "MYSQL_SSL_MODE_FILE",
                    "MYSQL_SSL_CA_FILE",
                    "MYSQL_SQL_MODE_FILE",
                    "MYSQL_URL_FILE",
                ]));
            }
            _ => panic!(),
        }
    }
}
#[derive(serde::Deserialize)]
struct F {
    database: String,
    user: String,
    password: String,
    host: String,
    port: u16,
}
fn floor(n: &[&str]) -> (Vec<Option<String>>, F) {
    let v = n.iter().map(|n| std::env::var(n).ok()).collect();
    let b = std::fs::read("secrets.toml").unwrap();
    let f = toml::from_str(std::str::from_utf8(&b).unwrap()).unwrap();
    (v, f)
}
