//! How long a load takes. `cargo bench --bench load`, or with the name of a scene or contender: `cargo bench --bench load -- figment`.

mod peers;
mod stage;

use std::path::PathBuf;
use std::time::Duration;

use criterion::{Criterion, SamplingMode};
use stage::{Role, SCENES, Scene};

fn main() {
    match Role::take() {
        Role::Parent { bench } => run(bench),
        Role::Child { scene, arguments } => measure(scene, &arguments),
    }
}

/// Runs one child for each scene.
fn run(bench: bool) {
    let stages = SCENES.each_ref().map(Scene::build);
    stages.iter().for_each(stage::Stage::check);
    if !bench {
        return;
    }
    let output = output_directory();
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    for stage in &stages {
        let mut child = stage.child();
        // The one variable more that every contender meets.
        child.args(&filter).env("CRITERION_HOME", &output);
        let status = child.status().unwrap();
        assert!(status.success(), "{}: {status}", stage.scene.name);
    }
}

fn measure(scene: &Scene, arguments: &[String]) {
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    if let [filter] = arguments {
        criterion = criterion.with_filter(filter);
    }
    let mut group = criterion.benchmark_group(scene.name);
    if scene.tables >= 100 {
        group.sampling_mode(SamplingMode::Flat);
    }
    for contender in scene.task.contenders() {
        group.bench_function(contender.name, |bencher| bencher.iter(|| contender.load()));
    }
    group.finish();
    criterion.final_summary();
}

/// `target/criterion`, from `target/release/deps/load-...`: the child has no variable of cargo's that says so.
fn output_directory() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    exe.ancestors().nth(3).unwrap().join("criterion")
}
