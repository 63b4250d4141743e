//! Throwaway servers: real ones, on loopback only, started once per test process and gone with it.

use std::collections::HashMap;
use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use dbconf::DatabaseConfig;
use dbconf::mysql_async::prelude::Queryable;
use dbconf::mysql_async::{Conn, OptsBuilder};

use crate::certificates::Certificates;
use crate::cleaner::Cleaner;

pub const DATABASE: &str = "shop";
pub const USER: &str = "app";
pub const PASSWORD: &str = "canary 5f1c/%41";

/// Initialising MySQL takes 10 s on a quiet machine with two cores.
const START_UP: Duration = Duration::from_secs(180);

/// Makes the data directory, then becomes the server. `$3` is the option that makes one.
const SERVE: &str = r#"
program=$1 dir=$2 make=$3 user=$(id -un)
shift 3
serve() { exec "$program" --no-defaults --user="$user" --datadir="$dir/data" "$@"; }
(serve "$make" <"$dir/bootstrap.sql") && serve "$@"
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    MySql,
    MariaDb,
}

pub struct Server {
    pub kind: Kind,
    pub port: u16,
    pub certificates: Certificates,
    dir: PathBuf,
    /// Held, not used: the server ends with it. A static is dropped by the end of the process, which closes the cleaner's pipe.
    _cleaner: Cleaner,
}

pub fn mysql() -> &'static Server {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    started(SERVER.get_or_init(|| Server::start(Kind::MySql)))
}

pub fn mariadb() -> &'static Server {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    started(SERVER.get_or_init(|| Server::start(Kind::MariaDb)))
}

fn started(outcome: &'static Result<Server, String>) -> &'static Server {
    outcome.as_ref().unwrap_or_else(|why| panic!("{why}"))
}

impl Server {
    fn start(kind: Kind) -> Result<Server, String> {
        let program = kind.program()?;
        let dir = tempfile::Builder::new()
            .prefix("dbconf-server-")
            .tempdir()
            .expect("a temporary directory")
            .keep();
        let mut cleaner = Cleaner::of(&dir);
        let certificates = Certificates::write(&dir);
        fs::create_dir(dir.join("data")).expect("the directory is writable");
        fs::write(dir.join("bootstrap.sql"), kind.bootstrap()?).expect("the directory is writable");
        fs::write(dir.join("init.sql"), init_sql()).expect("the directory is writable");

        let port = free_port();
        let file = |option: &str, path: &Path| format!("--{option}={}", path.display());
        let mut options = vec![
            "--bind-address=127.0.0.1".to_owned(),
            format!("--port={port}"),
            file("socket", &dir.join("socket")),
            file("pid-file", &dir.join("pid")),
            file("init-file", &dir.join("init.sql")),
            file("ssl-ca", &certificates.authority),
            file("ssl-cert", &certificates.server),
            file("ssl-key", &certificates.server_key),
            // Not strict, as RDS is by default. A server that is strict by itself would hide that a session is not.
            "--sql-mode=NO_ENGINE_SUBSTITUTION".to_owned(),
            "--secure-file-priv=".to_owned(),
        ];
        if kind == Kind::MySql {
            // The X plugin would open a port of its own.
            options.push("--mysqlx=OFF".to_owned());
        }
        let log = File::create(dir.join("log")).expect("the directory is writable");
        let mut shell = Command::new("sh");
        shell.args(["-c", SERVE, "server"]).args([&program, &dir]);
        shell.arg(kind.make_option()).args(options);
        shell
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file is cloned"))
            .stderr(log);
        let server = cleaner.spawn(&mut shell);
        wait_until_ready(server, &dir).map_err(|why| {
            let (variable, name) = kind.names();
            let program = program.display();
            format!("{name} ({program}, another with {variable}) {why}")
        })?;
        Ok(Server {
            kind,
            port,
            certificates,
            dir,
            _cleaner: cleaner,
        })
    }

    pub fn socket(&self) -> String {
        self.dir.join("socket").display().to_string()
    }

    /// The variables that reach this server over TCP, with `changes` to them.
    pub fn environment(&self, changes: &[(&str, &str)]) -> HashMap<String, String> {
        let port = self.port.to_string();
        let ours = [
            ("MYSQL_DB", DATABASE),
            ("MYSQL_USER", USER),
            ("MYSQL_PASSWORD", PASSWORD),
            ("MYSQL_HOST", "127.0.0.1"),
            ("MYSQL_PORT", &port),
        ];
        let all = ours.iter().chain(changes);
        all.map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    }

    /// The configuration that these variables make.
    pub fn load(&self, changes: &[(&str, &str)]) -> DatabaseConfig {
        load(self.environment(changes))
    }

    /// Creates a user who may use the database, as root.
    pub async fn create_user(&self, user: &str, password: &str) {
        let root = OptsBuilder::default()
            .user(Some("root"))
            .socket(Some(self.socket()));
        let mut root = Conn::new(root).await.expect("root logs in");
        // Neither server takes a parameter or a hex literal here. The global sql_mode lets backslashes escape.
        let literal = dbconf::mysql_async::Value::from(password).as_sql(false);
        let statements = [
            format!("CREATE USER '{user}'@'%' IDENTIFIED BY {literal}"),
            format!("GRANT ALL ON {DATABASE}.* TO '{user}'@'%'"),
        ];
        for statement in statements {
            root.query_drop(statement).await.expect("root may do that");
        }
        root.disconnect().await.expect("root logs out");
    }
}

pub fn load(variables: HashMap<String, String>) -> DatabaseConfig {
    let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
    loader.load().expect("the variables are complete")
}

impl Kind {
    /// The variable that names the server's program, and its name on `PATH`.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::MySql => ("MYSQLD", "mysqld"),
            Kind::MariaDb => ("MARIADBD", "mariadbd"),
        }
    }

    /// The program, once it has shown that it runs and is what it is called: on Debian, MariaDB's packages have a `mysqld` too.
    fn program(self) -> Result<PathBuf, String> {
        let (variable, name) = self.names();
        let program = PathBuf::from(env::var_os(variable).unwrap_or_else(|| name.into()));
        let help = format!("set {variable} to the path of a {name}, or put {name} on PATH");
        let shown = program.display();
        let output = Command::new(&program)
            .args(["--no-defaults", "--version"])
            .output()
            .map_err(|error| format!("cannot run {shown}: {error}; {help}"))?;
        let version = String::from_utf8_lossy(&output.stdout);
        let is_mariadb = version.contains("MariaDB");
        if output.status.success() && is_mariadb == (self == Kind::MariaDb) {
            Ok(program)
        } else {
            let version = version.trim();
            Err(format!("{shown} is no {name} (\"{version}\"); {help}"))
        }
    }

    fn make_option(self) -> &'static str {
        match self {
            Kind::MySql => "--initialize-insecure",
            Kind::MariaDb => "--bootstrap",
        }
    }

    /// What the server that makes the data directory reads. MySQL makes its system tables itself; for MariaDB this does what
    /// `mariadb-install-db` does, which needs programs that Debian's `mariadb-server-core` does not have.
    fn bootstrap(self) -> Result<String, String> {
        if self == Kind::MySql {
            return Ok(String::new());
        }
        // The names before and after MariaDB 11. Every statement has to end its line.
        let share = ["/usr/share/mysql", "/usr/share/mariadb"].map(Path::new);
        let prefixes = ["mysql", "mariadb"];
        let mut places = share
            .iter()
            .flat_map(|dir| prefixes.map(|prefix| (dir, prefix)));
        let (dir, prefix) = places
            .find(|(dir, prefix)| dir.join(format!("{prefix}_system_tables.sql")).exists())
            .ok_or("no system_tables.sql of MariaDB below /usr/share: install mariadb-server")?;
        let mut sql = "CREATE DATABASE mysql;\nUSE mysql;\n".to_owned();
        // Otherwise root could log in only as the system's root.
        sql += "SET @auth_root_socket=NULL;\n";
        for file in ["system_tables", "performance_tables", "system_tables_data"] {
            let path = dir.join(format!("{prefix}_{file}.sql"));
            let text = fs::read_to_string(&path);
            sql += &text.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(sql)
    }
}

/// What the server runs before it takes connections, a statement a line.
fn init_sql() -> String {
    format!(
        "CREATE DATABASE {DATABASE};\n\
         CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n\
         GRANT ALL ON {DATABASE}.* TO '{USER}'@'%';\n"
    )
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

fn wait_until_ready(mut server: Child, dir: &Path) -> Result<(), String> {
    let deadline = Instant::now() + START_UP;
    loop {
        if greets(&dir.join("socket")) {
            return Ok(());
        }
        let why = match server.try_wait().expect("the server is a child") {
            Some(status) => format!("ended with {status}"),
            None if Instant::now() > deadline => format!("does not answer after {START_UP:?}"),
            None => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        let log = fs::read(dir.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let from = log.lines().count().saturating_sub(20);
        let tail: Vec<&str> = log.lines().skip(from).collect();
        return Err(format!("{why}; it said last:\n{}", tail.join("\n")));
    }
}

/// The server speaks first: the first byte of its greeting says that it takes connections.
fn greets(socket: &Path) -> bool {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return false;
    };
    let timeout = stream.set_read_timeout(Some(Duration::from_secs(5)));
    timeout.is_ok() && stream.read_exact(&mut [0]).is_ok()
}
