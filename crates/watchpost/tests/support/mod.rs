//! Runs the built program in a folder of its own.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

pub struct Call {
    command: Command,
    stdin: Vec<u8>,
    close_early: bool,
    unheard: bool,
}

pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// Peak resident memory, where the system tells it.
    pub peak_kilobytes: Option<u64>,
}

pub fn watchpost(arguments: &[&str]) -> Call {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchpost"));
    command
        .args(arguments)
        .env_remove("WATCHPOST_PACKS")
        .env_remove("WATCHPOST_ACTORS")
        .env_remove("WATCHPOST_PROJECT")
        .env_remove("WATCHPOST_STORE")
        .env_remove("WATCHPOST_PERSON")
        .env_remove("COLUMNS")
        .env_remove("WATCHPOST_REMOTE_URL")
        .env_remove("WATCHPOST_REMOTE_MODEL")
        .env_remove("WATCHPOST_REMOTE_KEY")
        .env("NO_COLOR", "1");
    // Nobody's own tables.
    command.env("XDG_DATA_HOME", "/nonexistent");
    if arguments.contains(&"--color") {
        command.env_remove("NO_COLOR");
    }
    Call { command, stdin: Vec::new(), close_early: false, unheard: false }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

impl Call {
    pub fn stdin(self, text: &str) -> Self {
        self.stdin_bytes(text.as_bytes().to_vec())
    }

    pub fn stdin_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.stdin = bytes;
        self
    }

    pub fn env(mut self, name: &str, value: &Path) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn file(mut self, path: &Path) -> Self {
        self.command.arg(path);
        self
    }

    /// The reader of the output goes away after the first bytes.
    pub fn close_stdout_early(mut self) -> Self {
        self.close_early = true;
        self
    }

    /// Nobody listens to what is said on standard error.
    pub fn unheard(mut self) -> Self {
        self.unheard = true;
        self
    }

    pub fn run(mut self) -> Run {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        let pid = child.id();
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = self.stdin;
        let writer = std::thread::spawn(move || {
            // The program may end before it has read all.
            let _ = stdin.write_all(&input);
            drop(stdin);
        });
        let mut peak = None;
        let mut stdout = Vec::new();
        let heard = child.stderr.take().filter(|_| !self.unheard);
        let errors = std::thread::spawn(move || {
            let mut text = Vec::new();
            let Some(mut stderr_pipe) = heard else { return text };
            stderr_pipe.read_to_end(&mut text).expect("standard error");
            text
        });
        let mut stdout_pipe = child.stdout.take().expect("a pipe");
        let mut block = vec![0; 4096];
        loop {
            let read = stdout_pipe.read(&mut block).expect("standard output");
            peak = peak_of(pid).or(peak);
            if read == 0 || self.close_early {
                break;
            }
            stdout.extend_from_slice(&block[..read]);
        }
        drop(stdout_pipe);
        let status = child.wait().expect("the program ends").code().unwrap_or(-1);
        writer.join().expect("written");
        let stderr = String::from_utf8_lossy(&errors.join().expect("read")).into_owned();
        Run { status, stdout: String::from_utf8(stdout).expect("UTF-8"), stderr, peak_kilobytes: peak }
    }
}

fn peak_of(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

impl Run {
    /// The coded documents on standard output.
    pub fn documents(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("one coded document a line"))
            .collect()
    }

    /// The error lines on standard error.
    pub fn errors(&self) -> Vec<Value> {
        self.stderr
            .lines()
            .filter(|line| line.starts_with('{'))
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}
