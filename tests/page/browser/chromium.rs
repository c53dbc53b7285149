//! A headless Chromium, driven over its DevTools protocol through two pipes: no port, no driver program, and it ends with the
//! test however that ends, because the pipes close.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::wire::{Line, Wire};
use super::{Driver, hosts};
use crate::folders::temporary;

pub struct Chromium {
    wire: Wire,
    child: Child,
    user_agent: String,
    _profile: TempDir,
}

/// Messages end with a zero.
struct Pipes {
    commands: ChildStdin,
    messages: Receiver<Value>,
}

impl Line for Pipes {
    fn send(&mut self, message: &str) {
        // Whether it has ended is seen when nothing comes back.
        let _ = self.commands.write_all(format!("{message}\0").as_bytes());
        let _ = self.commands.flush();
    }

    fn receive(&mut self, patience: Duration) -> Option<Value> {
        // The pipe closes with the last of the browser's processes.
        self.messages.recv_timeout(patience).ok()
    }
}

impl Chromium {
    /// Starts with a profile of its own.
    pub fn start(program: PathBuf) -> Self {
        let profile = temporary();
        // The protocol's pipes are file descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--host-resolver-rules=MAP {} 127.0.0.1", hosts::PLAIN))
            // A tab that another covers keeps its timers and frames.
            .args(["--disable-background-timer-throttling", "--disable-renderer-backgrounding"])
            .arg("--disable-backgrounding-occluded-windows")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            // What it puts into the temporary folder goes with the profile.
            .env("TMPDIR", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let wire = Wire::new(Pipes { commands: child.stdin.take().unwrap(), messages });
        let version = wire.ask(json!({"method": "Browser.getVersion"}));
        let user_agent = version["userAgent"].as_str().unwrap().to_owned();
        Self { wire, child, user_agent, _profile: profile }
    }

    fn ask(&self, method: &str, parameters: Value) -> Value {
        self.wire.ask(json!({"method": method, "params": parameters}))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Its other processes write to the profile until it has ended by itself.
        self.wire.close("Browser.close");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Driver for Chromium {
    fn open_tab(&self) -> String {
        let context = self.ask("Target.createBrowserContext", json!({}));
        let target = self.ask(
            "Target.createTarget",
            json!({"url": "about:blank", "browserContextId": context["browserContextId"]}),
        );
        let attached =
            self.ask("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        let tab = attached["sessionId"].as_str().unwrap();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(tab, &format!("{domain}.enable"), json!({}));
        }
        self.prefer_language(tab, "ko-KR");
        // Each tab has the focus, as far as its page can tell, whichever tab was opened last.
        self.call(tab, "Emulation.setFocusEmulationEnabled", json!({"enabled": true}));
        tab.to_owned()
    }

    fn call(&self, tab: &str, method: &str, parameters: Value) -> Value {
        self.wire.ask(json!({"method": method, "params": parameters, "sessionId": tab}))
    }

    fn events(&self, tab: &str) -> Vec<Value> {
        self.wire.events(|event| event["sessionId"] == tab)
    }

    fn navigate(&self, tab: &str, url: &str) {
        let answer = self.call(tab, "Page.navigate", json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{url}: {answer}");
    }

    fn evaluate(&self, tab: &str, expression: &str) -> Result<Value, String> {
        let answer = self
            .wire
            .try_ask(json!({"method": "Runtime.evaluate", "sessionId": tab,
                "params": {"expression": expression, "returnByValue": true, "awaitPromise": true}}))
            .map_err(|error| error.to_string())?;
        match &answer["exceptionDetails"] {
            Value::Null => Ok(answer["result"]["value"].clone()),
            details => Err(details.to_string()),
        }
    }

    fn type_text(&self, tab: &str, text: &str) {
        self.call(tab, "Input.insertText", json!({"text": text}));
    }

    fn press(&self, tab: &str, key: &str, shift: bool) {
        let (code, number) = match key {
            "Enter" => ("Enter", 13),
            "Escape" => ("Escape", 27),
            "Tab" => ("Tab", 9),
            "Home" => ("Home", 36),
            "End" => ("End", 35),
            "PageUp" => ("PageUp", 33),
            "PageDown" => ("PageDown", 34),
            "ArrowLeft" => ("ArrowLeft", 37),
            "ArrowUp" => ("ArrowUp", 38),
            "ArrowRight" => ("ArrowRight", 39),
            "ArrowDown" => ("ArrowDown", 40),
            " " => ("Space", 32),
            "/" => ("Slash", 191),
            "n" | "N" => ("KeyN", 78),
            "p" => ("KeyP", 80),
            "j" => ("KeyJ", 74),
            "k" => ("KeyK", 75),
            other => panic!("no such key in this table: {other}"),
        };
        let text = match key {
            "Enter" => "\r",
            key if key.len() == 1 => key,
            _ => "",
        };
        let mut event = json!({"type": "keyDown", "key": key, "code": code, "modifiers": if shift { 8 } else { 0 },
            "windowsVirtualKeyCode": number});
        if !text.is_empty() {
            event["text"] = json!(text);
        }
        self.call(tab, "Input.dispatchKeyEvent", event.clone());
        event["type"] = json!("keyUp");
        event.as_object_mut().unwrap().remove("text");
        self.call(tab, "Input.dispatchKeyEvent", event);
    }

    fn mouse(&self, tab: &str, kind: &str, x: f64, y: f64) {
        let pressed = if kind == "mouseMoved" { "none" } else { "left" };
        self.call(
            tab,
            "Input.dispatchMouseEvent",
            json!({"type": kind, "x": x, "y": y, "button": pressed, "buttons": 1, "clickCount": 1}),
        );
    }

    fn resize(&self, tab: &str, width: u32, height: u32) {
        self.call(
            tab,
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
    }

    fn prefer_language(&self, tab: &str, language: &str) {
        self.call(
            tab,
            "Emulation.setUserAgentOverride",
            json!({"userAgent": self.user_agent, "acceptLanguage": language}),
        );
    }

    fn is_fault(&self, event: &Value) -> bool {
        event["method"] == "Runtime.exceptionThrown"
            || (event["method"] == "Log.entryAdded" && event["params"]["entry"]["source"] == "security")
    }
}
