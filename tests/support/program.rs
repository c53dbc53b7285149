//! The real program as a process of its own, to be killed.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::Value;

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `gisa serve`.
pub struct Process {
    child: Mutex<Child>,
    /// What it logs; ends with it.
    log: Mutex<Receiver<String>>,
    seen: Vec<String>,
    base: Option<String>,
    pub client: Client,
}

impl Process {
    /// Starts it with the config file of `folder` and a fault as in `GISA_FAULT`, and waits until it listens or ends.
    pub fn start(folder: &Path, fault: Option<&str>) -> Self {
        Self::start_by(gisa(folder), fault)
    }

    /// [`Self::start`] by a command that lacks only the subcommand.
    pub fn start_by(mut command: Command, fault: Option<&str>) -> Self {
        command.arg("serve").stderr(Stdio::piped()).stdout(Stdio::null());
        if let Some(fault) = fault {
            command.env("GISA_FAULT", fault);
        }
        Self::of(command.spawn().unwrap())
    }

    /// The program as it was started, with its stderr in a pipe: waits until it listens or ends.
    pub fn of(mut child: Child) -> Self {
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, log) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let client = super::newsroom::client().timeout(PATIENCE).pool_max_idle_per_host(4).build().unwrap();
        let mut process =
            Self { child: Mutex::new(child), log: Mutex::new(log), seen: Vec::new(), base: None, client };
        while let Ok(line) = process.log.get_mut().unwrap().recv_timeout(PATIENCE) {
            let address = line.split_once("serving on ").and_then(|(_, rest)| rest.split_whitespace().next());
            process.base = address.map(str::to_owned);
            process.seen.push(line);
            if process.base.is_some() {
                break;
            }
        }
        process
    }

    /// Starts it with the config file of `folder`, which sends its log to the file `log`, and waits until it listens.
    pub fn start_logging_to(folder: &Path, log: &Path) -> Self {
        let child = gisa(folder).arg("serve").stderr(Stdio::inherit()).stdout(Stdio::null()).spawn().unwrap();
        let client = super::newsroom::client().timeout(PATIENCE).pool_max_idle_per_host(4).build().unwrap();
        let (_, nothing) = channel();
        let mut process =
            Self { child: Mutex::new(child), log: Mutex::new(nothing), seen: Vec::new(), base: None, client };
        let began = Instant::now();
        while process.base.is_none() {
            assert!(began.elapsed() < PATIENCE && !process.has_ended(), "it does not listen");
            let text = std::fs::read_to_string(log).unwrap_or_default();
            // A line that is not complete yet may hold half an address.
            let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            let address = lines.filter_map(|line| line.split_once("serving on ")).next_back();
            process.base = address.and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned);
            std::thread::sleep(Duration::from_millis(5));
        }
        process
    }

    /// Whether it got so far as to listen.
    pub fn listens(&self) -> bool {
        self.base.is_some()
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_deref().unwrap_or("http://127.0.0.1:1"))
    }

    /// Waits until `/ready` says yes; the last answer if the process ends before.
    pub fn wait_until_ready(&mut self) -> Result<Value, String> {
        let began = Instant::now();
        let mut last = String::new();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child().try_wait().unwrap() {
                return Err(format!("it ended with {status}: {last}\n{}", self.whole_log()));
            }
            match self.client.get(self.url("/ready")).send() {
                Ok(answer) => {
                    let ready = answer.status().is_success();
                    last = answer.text().unwrap_or_default();
                    if ready {
                        return Ok(serde_json::from_str(&last).unwrap());
                    }
                    // Asking again at once would take the processor from what is waited for.
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => last = error.to_string(),
            }
        }
        self.end();
        Err(format!("{last}\n{}", self.whole_log()))
    }

    /// Nobody reads its log any more: what it writes after the next line goes to a pipe without a reader.
    pub fn close_log(&mut self) {
        let (_, nothing) = channel();
        *self.log.get_mut().unwrap() = nothing;
    }

    /// Sends it a signal by its name, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// As by `kill -9`.
    pub fn kill(mut self) -> String {
        self.end();
        self.whole_log()
    }

    /// As a service manager does; gives how it ended and what it logged.
    pub fn terminate(mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        let status = self.child().wait().unwrap();
        (status, self.whole_log())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// Whether it ends by itself: its connections are gone a moment before it is.
    pub fn ends_soon(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.has_ended() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child().try_wait().unwrap().is_some()
    }

    /// As by `kill -9`, while other threads still wait for its answers. Never by its number alone: once it has ended and that
    /// was seen, the number may be another's.
    pub fn kill_now(&self) {
        let _ = self.child.lock().unwrap().kill();
    }

    fn child(&mut self) -> &mut Child {
        self.child.get_mut().unwrap()
    }

    /// Kills it, and waits until it has ended.
    pub fn end(&mut self) {
        let _ = self.child().kill();
        let _ = self.child().wait();
    }

    /// Everything that it logged. It has ended: what it wrote last may still be on its way, and then the log ends too.
    fn whole_log(&mut self) -> String {
        let log = self.log.get_mut().unwrap();
        self.seen.extend(std::iter::from_fn(|| log.recv_timeout(PATIENCE).ok()));
        self.seen.join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// The program with the config file of `folder`.
pub fn gisa(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gisa"));
    command.args(["--config".as_ref(), folder.join("config.toml").as_os_str()]);
    for variable in
        ["GISA_LISTEN", "GISA_DATA_DIR", "GISA_INDEX_DIR", "GISA_CONFIG", "GISA_FAULT", "GISA_SMTP_PASSWORD"]
    {
        command.env_remove(variable);
    }
    command.env("GISA_ADMIN_TOKEN", super::newsroom::TOKEN);
    command
}

/// How many rounds a test of kills is to take: `GISA_KILL_ROUNDS`, or else `usual`.
pub fn kill_rounds(usual: u64) -> u64 {
    std::env::var("GISA_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Runs a subcommand to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut child =
        gisa(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = err.read_to_end(&mut text);
        text
    });
    let mut output = child.wait_with_output().unwrap();
    output.stderr = reader.join().unwrap();
    output
}
