//! Where a load is measured: a process of its own, with nothing in its environment but what the scene says, in a directory with one
//! secrets file, outside any git work tree.
//!
//! A benchmark runs itself again for that: as `--child SCENE ...` it measures, as `--check SCENE` it only compares what the contenders load.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::peers::{Five, Task};

/// What is loaded, and what is there to be loaded.
pub struct Scene {
    pub name: &'static str,
    pub task: Task,
    /// The tables in the file; 0 is a flat file.
    pub tables: usize,
    /// Whether the variables of the default database are set. They differ from what the file says.
    pub variables: bool,
    /// Variables that have nothing to do with a database.
    pub unrelated: usize,
}

/// One database.
const ONE: Scene = Scene {
    name: "one database",
    task: Task::One,
    tables: 0,
    variables: true,
    unrelated: 0,
};

/// Every database of a file, and no variable.
const ALL: Scene = Scene {
    name: "all of 1",
    task: Task::All,
    tables: 1,
    variables: false,
    unrelated: 0,
};

pub static SCENES: [Scene; 8] = [
    ONE,
    Scene {
        name: "one database, 100 unrelated variables",
        unrelated: 100,
        ..ONE
    },
    Scene {
        name: "one database, from the file alone",
        variables: false,
        ..ONE
    },
    ALL,
    Scene {
        name: "all of 10",
        tables: 10,
        ..ALL
    },
    Scene {
        name: "all of 100",
        tables: 100,
        ..ALL
    },
    Scene {
        name: "all of 1000",
        tables: 1000,
        ..ALL
    },
    Scene {
        name: "one named of 1000",
        task: Task::Named,
        tables: 1000,
        ..ALL
    },
];

/// What this process is for.
pub enum Role {
    /// It was started by cargo: whether as a benchmark.
    Parent { bench: bool },
    Child {
        scene: &'static Scene,
        arguments: Vec<String>,
    },
}

impl Role {
    /// Takes the role from the arguments. A process that is to check does so, and ends.
    pub fn take() -> Role {
        let mut arguments: Vec<String> = env::args().skip(1).collect();
        let role = arguments.first().map(String::as_str);
        let is_check = role == Some("--check");
        if !is_check && role != Some("--child") {
            // `cargo bench` says `--bench`; `cargo test --benches` does not.
            let bench = arguments.iter().any(|argument| argument == "--bench")
                && !arguments.iter().any(|argument| argument == "--test");
            return Role::Parent { bench };
        }
        let scene = &SCENES[arguments[1].parse::<usize>().unwrap()];
        if is_check {
            scene.check();
            std::process::exit(0);
        }
        arguments.drain(..2);
        Role::Child { scene, arguments }
    }
}

impl Scene {
    /// Builds the directory with the secrets file.
    pub fn build(&'static self) -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let mut above = directory.path().ancestors();
        assert!(
            !above.any(|above| above.join(".git").exists()),
            "the directory for temporary files is in a git work tree; set TMPDIR to another one"
        );
        let path = directory.path().join("secrets.toml");
        fs::write(&path, self.file()).unwrap();
        keep_private(&path);
        Stage {
            scene: self,
            directory,
        }
    }

    /// Ends the process with an error unless every contender loads what it should.
    fn check(&self) {
        let expected = match (self.task, self.variables) {
            (Task::One, true) => single(of_environment()),
            (Task::One, false) => single(of_file()),
            (Task::All, _) => (0..self.tables).map(|at| (name(at), table(at))).collect(),
            (Task::Named, _) => single(table(500)),
        };
        for contender in self.task.contenders() {
            let name = contender.name;
            assert!(
                contender.show() == expected,
                "{}: {name} loads other values",
                self.name
            );
        }
    }

    fn file(&self) -> String {
        if self.tables == 0 {
            return members(&of_file());
        }
        let table = |at| format!("[{}]\n{}\n", name(at), members(&table(at)));
        (0..self.tables).map(table).collect()
    }

    /// Its place in `SCENES`, by which a child is told of it.
    fn index(&self) -> String {
        let is_this = |other: &Scene| other.name == self.name;
        SCENES.iter().position(is_this).unwrap().to_string()
    }
}

/// A scene with its directory.
pub struct Stage {
    pub scene: &'static Scene,
    directory: TempDir,
}

impl Stage {
    /// Ends this process unless every contender loads the same.
    pub fn check(&self) {
        let exe = env::current_exe().unwrap();
        let mut child = self.command(exe);
        let status = child.args(["--check", &self.scene.index()]).status();
        assert!(status.unwrap().success(), "the contenders do not agree");
    }

    /// This benchmark again, as a child that measures.
    pub fn child(&self) -> Command {
        let mut command = self.command(env::current_exe().unwrap());
        command.args(["--child", &self.scene.index()]);
        command
    }

    /// The program on this stage, with the scene's variables and no others.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.directory.path());
        if self.scene.variables {
            let Five {
                database,
                user,
                password,
                host,
                port,
            } = of_environment();
            command
                .env("MYSQL_DB", database)
                .env("MYSQL_USER", user)
                .env("MYSQL_PASSWORD", password)
                .env("MYSQL_HOST", host)
                .env("MYSQL_PORT", port.to_string());
        }
        command.envs((0..self.scene.unrelated).map(|at| {
            (
                format!("SERVICE_OPTION_{at:03}"),
                format!("a value of the service, {at}"),
            )
        }));
        command
    }
}

fn of_environment() -> Five {
    Five {
        database: "shop".into(),
        user: "app".into(),
        password: "p@ss:w/rd%#?+".into(),
        host: "127.0.0.1".into(),
        port: 3307,
    }
}

fn of_file() -> Five {
    Five {
        database: "shop_file".into(),
        user: "app_file".into(),
        password: "file:p@ss:w/rd%#?+".into(),
        host: "127.0.0.2".into(),
        port: 3308,
    }
}

fn table(at: usize) -> Five {
    Five {
        database: format!("shop_{at}"),
        user: format!("app_{at}"),
        password: format!("{at}:p@ss:w/rd%#?+"),
        host: format!("db-{at}.internal"),
        port: 3306,
    }
}

fn name(at: usize) -> String {
    format!("db{at}")
}

fn single(five: Five) -> BTreeMap<String, Five> {
    BTreeMap::from([(String::new(), five)])
}

fn members(five: &Five) -> String {
    let Five {
        database,
        user,
        password,
        host,
        port,
    } = five;
    format!(
        "database = \"{database}\"\nuser = \"{user}\"\npassword = \"{password}\"\nhost = \"{host}\"\nport = {port}\n"
    )
}

#[cfg(unix)]
fn keep_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn keep_private(_: &Path) {}
