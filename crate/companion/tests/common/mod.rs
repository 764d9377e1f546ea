//! A companion as the browser starts it, and real remote sessions to show it.
//!
//! Every tool, display and port is this run's own, so that runs can go side by side.
#![allow(dead_code, reason = "each test binary uses its own part")]

use doorchain_companion::frame;
use doorchain_companion::identity::identity;
use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionRequest, CompanionResponse, VERSION,
};
use doorchain_core::{Finding, SessionReport};
use procfs::net::{TcpNetEntry, TcpState};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How soon a session must be seen to begin and to end.
pub(crate) const SOON: Duration = Duration::from_secs(3);

/// How long a program of another maker may take to start on a busy machine.
pub(crate) const START: Duration = Duration::from_secs(30);

/// Real sessions are played one at a time: a tool of one test is "come back" to another.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells that a test cannot be tried here, and why: cargo can only count it as passed.
pub(crate) fn skipped(why: &str) {
    let test = std::thread::current();
    let name = test.name().unwrap_or_default();
    // Standard output itself, of which cargo keeps nothing back as it does of `println!`.
    let words = format!("\nskipped: {name}: {why}\n");
    std::io::stdout()
        .write_all(words.as_bytes())
        .expect("written");
}

/// A child that does not outlive its test.
pub(crate) struct Owned(pub(crate) Child);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Owned {
    /// Starts a program; fails by name when it is not there.
    pub(crate) fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_owned();
        // A copy just made is busy while another test's thread forks with it still open.
        let started = within(Duration::from_secs(5), || match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => None,
            started => Some(started),
        });
        match started {
            Some(Ok(child)) => Self(child),
            Some(Err(error)) => {
                panic!("{}: {error} (cargo xtask test installs it)", name.display())
            }
            None => panic!("{} stays busy", name.display()),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn has_ended_within(&mut self, time: Duration) -> Option<ExitStatus> {
        within(time, || self.0.try_wait().expect("own child"))
    }
}

/// Looks every 20 ms until there is something or the time is over.
pub(crate) fn within<T>(time: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() > time {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The companion with the browser's end of its streams.
pub(crate) struct Companion {
    pub(crate) process: Owned,
    pub(crate) input: Option<ChildStdin>,
    pub(crate) output: BufReader<ChildStdout>,
    next: u32,
}

impl Companion {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With these in its environment.
    pub(crate) fn start_with(environment: &[(&str, &Path)]) -> Self {
        let program = env!("CARGO_BIN_EXE_doorchain-companion");
        Self::start_by(Command::new(program).envs(environment.iter().copied()))
    }

    /// By a command that needs only the browser's words and streams.
    pub(crate) fn start_by(command: &mut Command) -> Self {
        let origin = format!("chrome-extension://{}/", identity().chromium);
        let mut process = Owned::start(
            command
                .arg(origin)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        );
        let input = process.0.stdin.take();
        let output = BufReader::new(process.0.stdout.take().expect("piped"));
        Self {
            process,
            input,
            output,
            next: 0,
        }
    }

    pub(crate) fn send(&mut self, body: &[u8]) {
        frame::write(self.input.as_mut().expect("open"), body).expect("sent");
    }

    pub(crate) fn receive(&mut self) -> CompanionResponse {
        let body = frame::read(&mut self.output)
            .expect("a frame")
            .expect("not the end");
        serde_json::from_slice(&body).expect("a response")
    }

    pub(crate) fn ask(&mut self, ask: CompanionAsk) -> CompanionResponse {
        self.next += 1;
        let request = CompanionRequest {
            version: VERSION,
            id: self.next,
            ask,
        };
        self.send(&serde_json::to_vec(&request).expect("serialises"));
        self.receive()
    }

    pub(crate) fn sessions(&mut self) -> SessionReport {
        match self.ask(CompanionAsk::Sessions) {
            CompanionResponse::Ok {
                answer: CompanionAnswer::Sessions { report },
                ..
            } => report,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn end(&mut self, finding: &str) -> CompanionResponse {
        self.ask(CompanionAsk::End {
            finding: finding.to_owned(),
        })
    }

    /// The sessions that this process serves; other people's are not this test's.
    pub(crate) fn sessions_of(&mut self, pid: u32) -> Vec<Finding> {
        let mut findings = self.sessions().findings;
        findings.retain(|finding| finding.pids.contains(&pid));
        findings
    }

    /// The session by a connection on this port, whoever serves it.
    pub(crate) fn session_on(&mut self, port: u16) -> Option<Finding> {
        let words = format!("on its port {port}");
        let mut findings = self.sessions().findings.into_iter();
        findings.find(|finding| finding.evidence.ends_with(&words))
    }

    /// Closes the browser's end; gives the exit status and what went to the log.
    pub(crate) fn close(mut self) -> (ExitStatus, String) {
        drop(self.input.take());
        let status = (self.process.has_ended_within(SOON)).expect("exits on end of file");
        let mut log = String::new();
        let mut stderr = self.process.0.stderr.take().expect("piped");
        stderr.read_to_string(&mut log).expect("text");
        (status, log)
    }
}

/// A folder of programs under names of the test's choice; goes with its test.
pub(crate) struct Programs(pub(crate) PathBuf);

impl Programs {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).expect("made");
        Self(path)
    }

    /// Starts a program of this name that does nothing but wait.
    ///
    /// It is a copy of Debian's small shell, which carries words behind its own
    /// program as they are.
    pub(crate) fn start(&self, name: &str, args: &[&str]) -> Owned {
        let program = self.0.join(name);
        if !program.exists() {
            std::fs::copy("/bin/sh", &program).expect("copied");
        }
        Owned::start(
            Command::new(&program)
                .args(["-c", "read wait", name])
                .args(args)
                .stdin(Stdio::piped()),
        )
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A display of its own.
pub(crate) struct Display {
    server: Owned,
    pub(crate) name: String,
}

impl Display {
    pub(crate) fn start() -> Self {
        let mut server = Owned::start(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "800x600x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().expect("piped"))
            .read_line(&mut number)
            .expect("Xvfb says its number");
        Self {
            server,
            name: format!(":{}", number.trim()),
        }
    }
}

/// Resident memory in kB, proc_pid_status(5).
#[cfg(target_os = "linux")]
pub(crate) fn memory(pid: u32) -> u64 {
    procfs::process::Process::new(i32::try_from(pid).expect("small"))
        .and_then(|process| process.status())
        .ok()
        .and_then(|status| status.vmrss)
        .expect("running")
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

/// Whether this machine has such a socket on a port.
///
/// Reads the table of sockets: to connect would itself be a session.
fn has_socket(port: u16, is: impl Fn(&TcpNetEntry) -> bool) -> bool {
    let tables = [procfs::net::tcp(), procfs::net::tcp6()];
    (tables.into_iter().flatten().flatten()).any(|row| row.local_address.port() == port && is(&row))
}

/// Whether somebody listens there.
fn listens(port: u16) -> bool {
    has_socket(port, |row| row.state == TcpState::Listen)
}

/// Waits until somebody listens there.
pub(crate) fn wait_for_port(port: u16) {
    within(START, || listens(port).then_some(()))
        .unwrap_or_else(|| panic!("nobody listens on port {port}"));
}

/// Waits until a server has taken a connection to its port: a client needs its own time for that.
pub(crate) fn wait_for_client(port: u16) {
    // Nobody's as long as it waits in the queue.
    let is_taken = |row: &TcpNetEntry| row.state == TcpState::Established && row.inode != 0;
    within(START, || has_socket(port, is_taken).then_some(()))
        .unwrap_or_else(|| panic!("no client came to port {port}"));
}

/// An x11vnc that shows a display of its own.
pub(crate) struct X11vnc {
    pub(crate) display: Display,
    pub(crate) server: Owned,
    pub(crate) port: u16,
}

impl X11vnc {
    pub(crate) fn start(more: &[&str]) -> Self {
        let display = Display::start();
        let port = free_port();
        let server = Owned::start(
            Command::new("x11vnc")
                .args(["-display", &display.name, "-rfbport", &port.to_string()])
                .args(["-nopw", "-localhost", "-quiet", "-noipv6"])
                .args(more)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(port);
        Self {
            display,
            server,
            port,
        }
    }
}

/// An Xtigervnc, which is a display and its server in one.
pub(crate) struct Xtigervnc {
    pub(crate) server: Owned,
    pub(crate) display: String,
    pub(crate) port: u16,
}

impl Xtigervnc {
    /// On a display number that nobody has, as Xvnc itself only tells its number, not its name.
    pub(crate) fn start() -> Self {
        let number = (100..1000)
            .find(|n| !Path::new(&format!("/tmp/.X{n}-lock")).exists())
            .expect("a free display");
        let display = format!(":{number}");
        let port = free_port();
        let server = Owned::start(
            Command::new("Xtigervnc")
                .arg(&display)
                .args(["-rfbport", &port.to_string()])
                .args([
                    "-SecurityTypes",
                    "None",
                    "-localhost",
                    "-geometry",
                    "640x480",
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(port);
        Self {
            server,
            display,
            port,
        }
    }
}

/// An xrdp that shows what an x11vnc serves, both this test's own.
pub(crate) struct Xrdp {
    pub(crate) server: Owned,
    pub(crate) vnc: X11vnc,
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
}

impl Xrdp {
    pub(crate) fn start() -> Self {
        let vnc = X11vnc::start(&["-forever"]);
        let port = free_port();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("xrdp-{port}"));
        std::fs::create_dir_all(&folder).expect("made");
        let log = folder.join("xrdp.log");
        let settings = folder.join("xrdp.ini");
        // RDP's own security needs no certificate, only the keys that the package made.
        let text = format!(
            "[Globals]\nini_version=1\nfork=true\nport=tcp://127.0.0.1:{port}\n\
             security_layer=rdp\nautorun=shown\n\
             [Logging]\nLogFile={}\nLogLevel=WARNING\n[Channels]\n\
             [shown]\nname=shown\nlib=libvnc.so\nusername=na\npassword=\n\
             ip=127.0.0.1\nport={}\n",
            log.display(),
            vnc.port
        );
        std::fs::write(&settings, text).expect("written");
        let server = Owned::start(
            Command::new("xrdp")
                .args(["--nodaemon", "--config"])
                .arg(&settings)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(port);
        Self {
            server,
            vnc,
            port,
            folder,
        }
    }
}

impl Drop for Xrdp {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A remote desktop client on a display of its own, connected to a port of this machine.
pub(crate) struct RdpClient {
    pub(crate) process: Owned,
    display: Display,
}

impl RdpClient {
    /// `security` is the layer that the server wants: `rdp`, `nla`.
    pub(crate) fn start(port: u16, home: &Path, security: &str) -> Self {
        let display = Display::start();
        let process = Owned::start(
            Command::new("xfreerdp")
                .env("DISPLAY", &display.name)
                .env("HOME", home)
                .args(["/cert:ignore", "/u:x", "/p:x"])
                .arg(format!("/sec:{security}"))
                .arg(format!("/v:127.0.0.1:{port}"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_client(port);
        Self { process, display }
    }
}

/// A viewer on a display of its own that waits for a server to call it.
pub(crate) struct ListeningViewer {
    pub(crate) process: Owned,
    pub(crate) port: u16,
    display: Display,
}

impl ListeningViewer {
    pub(crate) fn start() -> Self {
        let display = Display::start();
        let port = free_port();
        let process = Owned::start(
            Command::new("xtigervncviewer")
                .env("DISPLAY", &display.name)
                .args(["-SecurityTypes", "None", "-AlertOnFatalError=0"])
                .args(["-listen", &port.to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(port);
        Self {
            process,
            port,
            display,
        }
    }
}

/// A server of a desktop that wants a message bus: a group of its own, so that all end with the test.
pub(crate) struct Shared {
    pub(crate) port: u16,
    group: rustix::process::Pid,
    session: Owned,
    display: Option<Display>,
    home: Programs,
}

impl Shared {
    fn start(home: Programs, port: u16, display: Option<Display>, server: &mut Command) -> Self {
        let session = Owned::start(
            (server.current_dir(&home.0).env("HOME", &home.0))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0),
        );
        wait_for_port(port);
        Self {
            port,
            group: rustix::process::Pid::from_child(&session.0),
            session,
            display,
            home,
        }
    }

    /// KDE's desktop sharing, which shows a display of its own.
    pub(crate) fn krfb() -> Self {
        let display = Display::start();
        let home = Programs::new("krfb");
        let port = free_port();
        let settings = format!(
            "[Security]\nallowUnattendedAccess=true\nnoWallet=true\n\n\
             [TCP]\nport={port}\nuseDefaultPort=false\npublishService=false\n\n\
             [FrameBuffer]\npreferredFrameBufferPlugin=xcb\n"
        );
        let folder = home.0.join(".config");
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(folder.join("krfbrc"), settings).expect("written");
        let mut server = Command::new("dbus-run-session");
        server
            .args(["--", "krfb", "--nodialog"])
            .env("DISPLAY", &display.name)
            .env("XDG_CONFIG_HOME", &folder)
            .env("QT_QPA_PLATFORM", "xcb");
        Self::start(home, port, Some(display), &mut server)
    }

    /// GNOME's remote desktop, which shows a Mutter without a screen.
    pub(crate) fn gnome() -> Self {
        let home = Programs::new("gnome");
        let port = free_port();
        let script = format!(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=test
             pipewire &
             mutter --headless --virtual-monitor 1024x768 --wayland --no-x11 &
             grdctl --headless rdp set-tls-key $PWD/key
             grdctl --headless rdp set-tls-cert $PWD/cert
             grdctl --headless rdp set-credentials x x
             grdctl --headless rdp enable
             exec /usr/libexec/gnome-remote-desktop-daemon --headless --rdp-port {port}"
        );
        let mut server = Command::new("dbus-run-session");
        server
            .args(["--", "sh", "-c", &script])
            .env("XDG_RUNTIME_DIR", &home.0)
            .env("XDG_CONFIG_HOME", home.0.join("config"))
            .env("XDG_DATA_HOME", home.0.join("data"))
            .env("GSETTINGS_BACKEND", "keyfile")
            .env("LIBGL_ALWAYS_SOFTWARE", "1");
        Self::start(home, port, None, &mut server)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = rustix::process::kill_process_group(self.group, rustix::process::Signal::KILL);
    }
}

/// X2Go's agent as its server starts it, and its client's proxy, without the tunnel between them.
pub(crate) struct X2go {
    pub(crate) agent: Owned,
    pub(crate) port: u16,
    number: u32,
    folder: Programs,
}

/// What a client must know to be let in.
const COOKIE: &str = "d00dfeedd00dfeedd00dfeedd00dfeed";

impl X2go {
    pub(crate) fn start() -> Self {
        let folder = Programs::new("x2go");
        let port = free_port();
        let number = (100..1000)
            .find(|n| !Path::new(&format!("/tmp/.X{n}-lock")).exists())
            .expect("a free display");
        let authority = folder.0.join("agent.Xauthority");
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
        allow(
            &authority,
            &format!("{}/unix:{number}", host.trim()),
            COOKIE,
        );
        let options = folder.0.join("agent.options");
        let text = format!(
            "nx/nx,root={root},accept=127.0.0.1,cookie={COOKIE},listen={port},\
             errors={root}/agent.errors:{number}\n",
            root = folder.0.display()
        );
        std::fs::write(&options, text).expect("written");
        let log = std::fs::File::create(folder.0.join("agent.log")).expect("made");
        let agent = Owned::start(
            Command::new("x2goagent")
                .env(
                    "DISPLAY",
                    format!("nx/nx,options={}:{number}", options.display()),
                )
                .env("HOME", &folder.0)
                .env("XAUTHORITY", &authority)
                .args(["-nolisten", "tcp", "-D", "-geometry", "640x480", "-auth"])
                .arg(&authority)
                .arg(format!(":{number}"))
                .stdout(Stdio::null())
                .stderr(log),
        );
        wait_for_port(port);
        Self {
            agent,
            port,
            number,
            folder,
        }
    }

    /// A client's end of the session, on this display.
    pub(crate) fn connect(&self, display: &Display) -> Owned {
        let authority = self.folder.0.join("client.Xauthority");
        allow(&authority, &display.name, COOKIE);
        let options = self.folder.0.join("client.options");
        let text = format!(
            "nx/nx,root={root},connect=127.0.0.1,cookie={COOKIE},port={},retry=5,\
             errors={root}/client.errors:{}\n",
            self.port,
            self.number,
            root = self.folder.0.display()
        );
        std::fs::write(&options, text).expect("written");
        Owned::start(
            Command::new("nxproxy")
                .env("DISPLAY", &display.name)
                .env("HOME", &self.folder.0)
                .env("XAUTHORITY", &authority)
                .arg("-S")
                .arg(format!(
                    "nx/nx,options={}:{}",
                    options.display(),
                    self.number
                ))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )
    }

    /// Waits until the agent's log tells that its session was `started`, `suspended` or `resumed`.
    pub(crate) fn wait_until(&self, what: &str) {
        let line = format!("Session {what} at");
        within(START, || {
            let log = std::fs::read(self.folder.0.join("agent.log")).expect("readable");
            let log = String::from_utf8_lossy(&log).into_owned();
            log.contains(&line).then_some(())
        })
        .unwrap_or_else(|| panic!("the agent is not {what}"));
    }

    /// Has a suspended agent wait for a client again, as `x2goresume-session` does.
    pub(crate) fn resume(&self) {
        let pid = rustix::process::Pid::from_child(&self.agent.0);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).expect("own child");
        wait_for_port(self.port);
    }
}

/// Lets whoever knows the cookie use a display.
fn allow(file: &Path, display: &str, cookie: &str) {
    let mut command = Command::new("xauth");
    command
        .arg("-f")
        .arg(file)
        .args(["add", display, ".", cookie]);
    let done = command.stderr(Stdio::null()).status();
    assert!(done.expect("xauth runs").success());
}

/// A viewer on a display of its own, connected to a port of this machine.
pub(crate) struct Viewer {
    pub(crate) process: Owned,
    display: Display,
}

impl Viewer {
    pub(crate) fn start(port: u16) -> Self {
        let display = Display::start();
        let process = Owned::start(
            Command::new("vncviewer")
                .env("DISPLAY", &display.name)
                .args([
                    "-SecurityTypes",
                    "None",
                    "-AlertOnFatalError=0",
                    "-ReconnectOnError=0",
                ])
                .arg(format!("127.0.0.1::{port}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_client(port);
        Self { process, display }
    }
}
