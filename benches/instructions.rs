//! How many instructions a load takes, counted by valgrind's callgrind: the same on a busy machine as on an idle one.
//! `cargo bench --bench instructions` prints Markdown tables.
//!
//! A child loads a few times and another one many times; the difference is free of what starting a process costs. The kernel's work is not
//! counted.

mod peers;
mod stage;

use std::process::{Command, ExitCode, Stdio};

use stage::{Role, SCENES, Scene, Stage};

fn main() -> ExitCode {
    match Role::take() {
        Role::Parent { bench } => run(bench),
        Role::Child { scene, arguments } => {
            load(
                scene,
                arguments[0].parse().unwrap(),
                arguments[1].parse().unwrap(),
            );
            ExitCode::SUCCESS
        }
    }
}

fn load(scene: &Scene, contender: usize, loads: usize) {
    let contenders = scene.task.contenders();
    for _ in 0..loads {
        contenders[contender].load();
    }
}

fn run(bench: bool) -> ExitCode {
    let stages = SCENES.each_ref().map(Scene::build);
    stages.iter().for_each(Stage::check);
    if !bench {
        return ExitCode::SUCCESS;
    }
    if !has_valgrind() {
        eprintln!("valgrind is needed to count instructions, and is not installed");
        return ExitCode::FAILURE;
    }
    let [one, crowded, file_alone, several @ ..] = &stages;
    print_one(one, crowded);
    print_file_alone(file_alone);
    print_several(several);
    ExitCode::SUCCESS
}

fn print_one(one: &Stage, crowded: &Stage) {
    println!("\nOne database, five variables set and a file of five keys:\n");
    println!(
        "| contender | instructions per load | of floor_five | of floor_same | with 100 unrelated variables | per unrelated variable |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let counts = count_all(one);
    let (five, same) = (counts[0].1, counts[1].1);
    for ((name, count), (_, more)) in counts.into_iter().zip(count_all(crowded)) {
        let slope = (more - count) / crowded.scene.unrelated as f64;
        println!(
            "| {name} | {count:.0} | {:.2} | {:.2} | {more:.0} | {slope:.0} |",
            count / five,
            count / same
        );
    }
}

fn print_file_alone(stage: &Stage) {
    println!("\nOne database, no variable set, so that the file gives the password:\n");
    println!("| contender | instructions per load | of floor_five | of floor_same |");
    println!("|---|--:|--:|--:|");
    let counts = count_all(stage);
    let (five, same) = (counts[0].1, counts[1].1);
    for (name, count) in counts {
        println!(
            "| {name} | {count:.0} | {:.2} | {:.2} |",
            count / five,
            count / same
        );
    }
}

fn print_several(stages: &[Stage]) {
    println!("\nSeveral databases in the file, no variable set:\n");
    println!(
        "| databases | contender | instructions per load | per database in the file | of floor | of floor_same |"
    );
    println!("|---|---|--:|--:|--:|--:|");
    for stage in stages {
        let counts = count_all(stage);
        let (floor, same) = (counts[0].1, counts[1].1);
        for (name, count) in counts {
            println!(
                "| {} | {name} | {count:.0} | {:.0} | {:.2} | {:.2} |",
                stage.scene.name,
                count / stage.scene.tables as f64,
                count / floor,
                count / same
            );
        }
    }
}

fn count_all(stage: &Stage) -> Vec<(&'static str, f64)> {
    let contenders = stage.scene.task.contenders();
    let numbered = contenders.into_iter().enumerate();
    numbered
        .map(|(at, contender)| (contender.name, per_load(stage, at)))
        .collect()
}

fn per_load(stage: &Stage, contender: usize) -> f64 {
    // What a thousand tables cost is far above the noise of a start.
    let (few, many) = match stage.scene.tables {
        0..100 => (10, 110),
        100..1000 => (2, 12),
        _ => (1, 4),
    };
    let more = count(stage, contender, many) - count(stage, contender, few);
    more / f64::from(many - few)
}

/// The instructions of a whole process that loads so many times.
fn count(stage: &Stage, contender: usize, loads: u32) -> f64 {
    let child = stage.child();
    let output = stage
        .command("valgrind")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(["--tool=callgrind", "--callgrind-out-file=callgrind.out"])
        .arg(child.get_program())
        .args(child.get_args())
        // Of one width: glibc compares a variable's name faster or slower by where the environment lies, behind the arguments.
        .args([format!("{contender:02}"), format!("{loads:03}")])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    // ==1234== Collected : 5678
    let total = report
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    total.unwrap().1.trim().parse().unwrap()
}

fn has_valgrind() -> bool {
    let mut valgrind = Command::new("valgrind");
    let status = valgrind.arg("--version").stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
