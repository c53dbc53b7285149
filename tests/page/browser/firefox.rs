//! A headless Firefox, driven over WebDriver BiDi, which it speaks itself: no driver program, but a port of this machine.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

use super::wire::{Line, Wire};
use super::{Driver, PATIENCE};
use crate::folders::temporary;

/// What differs from a new profile. It is told once what readers prefer; the rest of what a test needs it sets by itself when it is driven.
const PREFERENCES: &str = "user_pref('intl.accept_languages', 'ko-KR, ko');\n";
/// Tells what the content security policy refused, which is in no event of the protocol.
const TELL_VIOLATIONS: &str = "(tell) => addEventListener('securitypolicyviolation', (event) =>
    tell(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample} at ${event.sourceFile}:${event.lineNumber}`))";

pub struct Firefox {
    wire: Wire,
    child: Child,
    said: Receiver<String>,
    _profile: TempDir,
}

impl Line for WebSocket<TcpStream> {
    fn send(&mut self, message: &str) {
        // Whether it has ended is seen when nothing comes back.
        let _ = WebSocket::send(self, Message::text(message));
    }

    fn receive(&mut self, patience: Duration) -> Option<Value> {
        self.get_ref().set_read_timeout(Some(patience)).unwrap();
        loop {
            if let Message::Text(message) = self.read().ok()? {
                return Some(serde_json::from_str(&message).unwrap());
            }
        }
    }
}

impl Firefox {
    /// Starts with a profile of its own.
    pub fn start(program: PathBuf) -> Self {
        let profile = temporary();
        std::fs::write(profile.path().join("user.js"), PREFERENCES).unwrap();
        // The shell ends it when the test is gone, however that ended: then its own input closes.
        let mut child = Command::new("sh")
            .args([
                "-c",
                "\"$0\" \"$@\" </dev/null >/dev/null & exec 2>/dev/null; read -r end; kill $!; wait",
            ])
            .arg(program)
            .args(["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"])
            .arg(profile.path())
            // What it keeps or puts into the temporary folder goes with the profile.
            .env("HOME", profile.path())
            .env("TMPDIR", profile.path())
            .env("MOZ_CRASHREPORTER_DISABLE", "1")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, said) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut before = String::new();
        let address = loop {
            let line = said
                .recv_timeout(2 * PATIENCE)
                .unwrap_or_else(|_| panic!("Firefox names no address to drive it at: {before}"));
            if let Some(address) = line.strip_prefix("WebDriver BiDi listening on ws://") {
                break address.to_owned();
            }
            writeln!(before, "{line}").unwrap();
        };
        let stream = TcpStream::connect(&address).unwrap();
        let (socket, _) = tungstenite::client(format!("ws://{address}/session"), stream).unwrap();
        let browser = Self { wire: Wire::new(socket), child, said, _profile: profile };
        browser.ask("session.new", json!({"capabilities": {}}));
        browser.ask("session.subscribe", json!({"events": ["log.entryAdded", "script.message"]}));
        let channel = json!([{"type": "channel", "value": {"channel": "violation"}}]);
        browser.ask(
            "script.addPreloadScript",
            json!({"functionDeclaration": TELL_VIOLATIONS, "arguments": channel}),
        );
        browser
    }

    fn ask(&self, method: &str, parameters: Value) -> Value {
        self.wire.ask(json!({"method": method, "params": parameters}))
    }

    fn act(&self, tab: &str, source: Value) {
        self.ask("input.performActions", json!({"context": tab, "actions": [source]}));
    }

    fn keys(&self, tab: &str, actions: &[Value]) {
        self.act(tab, json!({"type": "key", "id": "keyboard", "actions": actions}));
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        self.wire.close("browser.close");
        // Its other processes, which write to the profile, hold this pipe.
        while self.said.recv_timeout(PATIENCE).is_ok() {}
        // Waiting closes the shell's input.
        let _ = self.child.wait();
    }
}

impl Driver for Firefox {
    fn open_tab(&self) -> String {
        let user = self.ask("browser.createUserContext", json!({}));
        let opened =
            self.ask("browsingContext.create", json!({"type": "tab", "userContext": user["userContext"]}));
        opened["context"].as_str().unwrap().to_owned()
    }

    fn events(&self, tab: &str) -> Vec<Value> {
        self.wire.events(|event| event["params"]["source"]["context"] == tab)
    }

    fn navigate(&self, tab: &str, url: &str) {
        self.ask("browsingContext.navigate", json!({"context": tab, "url": url, "wait": "none"}));
    }

    fn evaluate(&self, tab: &str, expression: &str) -> Result<Value, String> {
        // As JSON: the protocol has its own way to write a value.
        let expression = format!("(async () => JSON.stringify(await ({expression})))()");
        let answer = self
            .wire
            .try_ask(json!({"method": "script.evaluate",
                "params": {"expression": expression, "target": {"context": tab}, "awaitPromise": true}}))
            .map_err(|error| error.to_string())?;
        match (&answer["exceptionDetails"], answer["result"]["value"].as_str()) {
            (Value::Null, Some(value)) => serde_json::from_str(value).map_err(|error| error.to_string()),
            (Value::Null, None) => Ok(Value::Null),
            (details, _) => Err(details["text"].to_string()),
        }
    }

    fn type_text(&self, tab: &str, text: &str) {
        let actions: Vec<Value> = text
            .chars()
            .flat_map(|letter| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": letter})))
            .collect();
        self.keys(tab, &actions);
    }

    fn press(&self, tab: &str, key: &str, shift: bool) {
        let value = match key {
            "Enter" => "\u{E006}",
            "Escape" => "\u{E00C}",
            "Tab" => "\u{E004}",
            "Home" => "\u{E011}",
            "End" => "\u{E010}",
            "PageUp" => "\u{E00E}",
            "PageDown" => "\u{E00F}",
            "ArrowLeft" => "\u{E012}",
            "ArrowUp" => "\u{E013}",
            "ArrowRight" => "\u{E014}",
            "ArrowDown" => "\u{E015}",
            letter if letter.chars().count() == 1 => letter,
            other => panic!("no such key in this table: {other}"),
        };
        let held: &[&str] = if shift { &["\u{E008}", value] } else { &[value] };
        let down = held.iter().map(|value| json!({"type": "keyDown", "value": value}));
        let up = held.iter().rev().map(|value| json!({"type": "keyUp", "value": value}));
        self.keys(tab, &down.chain(up).collect::<Vec<_>>());
    }

    fn mouse(&self, tab: &str, kind: &str, x: f64, y: f64) {
        let mut actions = vec![json!({"type": "pointerMove", "x": x, "y": y})];
        match kind {
            "mousePressed" => actions.push(json!({"type": "pointerDown", "button": 0})),
            "mouseReleased" => actions.push(json!({"type": "pointerUp", "button": 0})),
            _ => {}
        }
        self.act(tab, json!({"type": "pointer", "id": "mouse", "actions": actions}));
    }

    fn resize(&self, tab: &str, width: u32, height: u32) {
        let viewport = json!({"width": width, "height": height});
        self.ask("browsingContext.setViewport", json!({"context": tab, "viewport": viewport}));
    }

    fn is_fault(&self, event: &Value) -> bool {
        event["method"] == "script.message"
            || (event["method"] == "log.entryAdded" && event["params"]["level"] == "error")
    }
}
