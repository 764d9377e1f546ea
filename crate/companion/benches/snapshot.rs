//! What one look costs, with 500 processes: processor time and memory.
//!
//! `cargo bench -p doorchain-companion`. The baseline, in the same run, is what
//! a program pays that asks sysinfo for every process with its command line and
//! netstat's tables for every socket. Both are measured as processor time of
//! this process by the kernel, so that a busy machine does not count.

use doorchain_companion::collect::Collector;
use doorchain_companion::judge::judge;
use std::hint::black_box;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Processes that are there besides those of the machine.
const PROCESSES: usize = 500;
/// Looks that are measured.
const LOOKS: u32 = 200;

struct Crowd(Vec<Child>);

impl Crowd {
    /// Processes that wait; a few under names of tools, one of them with a session's argument.
    fn gather(folder: &Path) -> Self {
        let shell = |name: &str| {
            let program = folder.join(name);
            std::fs::copy("/bin/sh", &program).expect("copied");
            program
        };
        let names = ["harmless", "anydesk", "rustdesk", "x11vnc", "teamviewerd"];
        let programs = names.map(shell);
        let children = (0..PROCESSES).map(|n| {
            let program = if n < programs.len() {
                &programs[n]
            } else {
                &programs[0]
            };
            Command::new(program)
                .args(["-c", "read wait", "sh", "--cm"])
                .stdin(Stdio::piped())
                .spawn()
                .expect("started")
        });
        Self(children.collect())
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Processor time this process has had, proc_pid_schedstat: nanoseconds first.
fn processor() -> Duration {
    let text = std::fs::read_to_string("/proc/self/schedstat").expect("a kernel with schedstat");
    let first = text.split(' ').next().and_then(|ns| ns.parse().ok());
    Duration::from_nanos(first.expect("nanoseconds"))
}

/// Processor time of one turn, over [`LOOKS`] turns after a few that are not counted.
fn cost(mut turn: impl FnMut()) -> Duration {
    for _ in 0..5 {
        turn();
    }
    let before = processor();
    for _ in 0..LOOKS {
        turn();
    }
    (processor() - before) / LOOKS
}

fn memory() -> u64 {
    let status = procfs::process::Process::myself().and_then(|process| process.status());
    status.ok().and_then(|status| status.vmhwm).expect("known")
}

fn main() {
    let folder = std::env::temp_dir().join(format!("doorchain-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("made");
    let crowd = Crowd::gather(&folder);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("bound");
    let connections: Vec<_> = (0..100)
        .map(|_| {
            let near = TcpStream::connect(address).expect("connected");
            (near, listener.accept().expect("accepted"))
        })
        .collect();

    let mut collector = Collector::default();
    let processes = (std::fs::read_dir("/proc").expect("listed"))
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .count();
    let mut seen = (0, 0, 0);
    let ours = cost(|| {
        let snapshot = collector.snapshot();
        let report = judge(&snapshot);
        seen = (
            snapshot.processes.len(),
            snapshot.sockets.len(),
            report.findings.len(),
        );
        black_box(report);
    });
    let peak = memory();

    let baseline = cost(|| {
        use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
        let mut system = System::new();
        let kind = ProcessRefreshKind::nothing()
            .with_cmd(UpdateKind::Always)
            .without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        black_box(system.processes().len());
        black_box(procfs::net::tcp().expect("readable"));
        black_box(procfs::net::tcp6().expect("readable"));
    });

    let (known, sockets, findings) = seen;
    println!(
        "look\t{processes} processes, {known} of tools, {sockets} sockets, {findings} findings"
    );
    println!("ours\t{:.2} ms of processor time a look", ms(ours));
    println!("baseline\t{:.2} ms (sysinfo, all processes)", ms(baseline));
    println!(
        "ratio\t{:.2}",
        ours.as_secs_f64() / baseline.as_secs_f64().max(f64::EPSILON)
    );
    println!("memory\t{peak} kB at most, the benchmark itself included");
    drop(connections);
    drop(crowd);
    let _ = std::fs::remove_dir_all(folder);
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
