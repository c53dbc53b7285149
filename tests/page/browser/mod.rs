//! A headless Chromium, driven over its DevTools protocol through two pipes: no port, no driver program, and it ends with the
//! test however that ends, because the pipes close.

pub mod hosts;

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::folders::temporary;

/// True while the page still asks for something that it is going to show: the list, the timeline or an article.
const BUSY: &str = "document.querySelector('[aria-busy=true]')";
/// How long a condition may take to come true. Generous: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
/// One browser at a time: two would fight for the cores and slow each other past every patience.
static ONE: Mutex<()> = Mutex::new(());

/// The browser to test with: `GISA_TEST_BROWSER`, else the first that is installed. Where there is none, says on stderr that
/// `what` is skipped, or fails if `GISA_REQUIRE_BROWSER` is set.
pub fn installed(what: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("GISA_TEST_BROWSER") {
        return Some(path.into());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| ["chromium", "chromium-browser", "google-chrome"].map(|name| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let missing =
            "no chromium, chromium-browser or google-chrome in PATH, and GISA_TEST_BROWSER is not set";
        assert!(std::env::var_os("GISA_REQUIRE_BROWSER").is_none(), "{what}: {missing}");
        skipped(what, missing);
    }
    found
}

/// Says on stderr that something was not tested. Not by `eprintln!`, which the test harness keeps to itself where a test
/// passes.
pub fn skipped(what: &str, why: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("\nSKIPPED {what}: {why}\n").as_bytes()).unwrap();
}

/// A running browser. Ends when dropped.
pub struct Browser {
    wire: RefCell<Wire>,
    child: Child,
    user_agent: String,
    _profile: TempDir,
    _one: MutexGuard<'static, ()>,
}

struct Wire {
    commands: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
    events: Vec<Value>,
}

impl Browser {
    /// Starts a browser with a profile of its own; `None` where there is none.
    pub fn start(what: &str) -> Option<Self> {
        let program = installed(what)?;
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
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
        let commands = child.stdin.take().unwrap();
        let wire = RefCell::new(Wire { commands, messages, next: 0, events: Vec::new() });
        let mut browser = Self { wire, child, user_agent: String::new(), _profile: profile, _one: one };
        let version = browser.call(None, "Browser.getVersion", json!({}));
        browser.user_agent = version["userAgent"].as_str().unwrap().to_owned();
        Some(browser)
    }

    /// A tab with storage of its own, 1280 × 900, whose reader prefers Korean.
    pub fn page(&self) -> Page<'_> {
        let context = self.call(None, "Target.createBrowserContext", json!({}));
        let target = self.call(
            None,
            "Target.createTarget",
            json!({"url": "about:blank", "browserContextId": context["browserContextId"]}),
        );
        let attached = self.call(
            None,
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        let page = Page { browser: self, session: attached["sessionId"].as_str().unwrap().to_owned() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.prefer_language("ko-KR");
        page.resize(1280, 900);
        // Each tab has the focus, as far as its page can tell, whichever tab was opened last.
        page.call("Emulation.setFocusEmulationEnabled", json!({"enabled": true}));
        page
    }

    fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        self.try_call(session, method, parameters).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_call(&self, session: Option<&str>, method: &str, parameters: Value) -> Result<Value, Value> {
        let mut wire = self.wire.borrow_mut();
        wire.next += 1;
        let id = wire.next;
        let mut command = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = session {
            command["sessionId"] = json!(session);
        }
        wire.commands.write_all(format!("{command}\0").as_bytes()).unwrap();
        wire.commands.flush().unwrap();
        loop {
            let message = wire
                .messages
                .recv_timeout(2 * PATIENCE)
                .unwrap_or_else(|_| panic!("the browser does not answer to {method}"));
            if message["id"] != json!(id) {
                wire.events.push(message);
            } else if message["error"].is_object() {
                return Err(message["error"].clone());
            } else {
                return Ok(message["result"].clone());
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its other processes write to the profile until it has ended by itself. Not by `call`, which may panic.
        let wire = self.wire.get_mut();
        let _ = wire.commands.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = wire.commands.flush();
        // The pipe of its messages closes with the last of its processes.
        while wire.messages.recv_timeout(PATIENCE).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tab.
pub struct Page<'a> {
    browser: &'a Browser,
    session: String,
}

impl Page<'_> {
    /// A command of the protocol.
    pub fn call(&self, method: &str, parameters: Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }

    /// Goes to an address and waits until it has been loaded.
    pub fn goto(&self, url: &str) {
        // The command is answered before the new document takes the place of the old one.
        let old = self.eval("performance.timeOrigin");
        let answer = self.call("Page.navigate", json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{url}: {answer}");
        self.wait(&format!("performance.timeOrigin !== {old} && document.readyState === 'complete'"));
    }

    /// The value of an expression, promises awaited.
    pub fn eval(&self, expression: &str) -> Value {
        self.try_eval(expression).unwrap_or_else(|error| panic!("{expression}\n{error}"))
    }

    fn try_eval(&self, expression: &str) -> Result<Value, String> {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self
            .browser
            .try_call(Some(&self.session), "Runtime.evaluate", parameters)
            .map_err(|error| error.to_string())?;
        match &answer["exceptionDetails"] {
            Value::Null => Ok(answer["result"]["value"].clone()),
            details => Err(details.to_string()),
        }
    }

    /// The value of an expression as a string.
    pub fn text(&self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// The value of an expression as a number.
    pub fn number(&self, expression: &str) -> i64 {
        let value = self.eval(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression} is no number but {value}")) as i64
    }

    /// Waits until an expression is true. It is asked in the page, again and again, over navigations too.
    #[track_caller]
    pub fn wait(&self, expression: &str) {
        let started = Instant::now();
        let looking = format!(
            "new Promise((done) => {{ let left = 50; const look = () => {{ let holds = false;
               try {{ holds = Boolean({expression}); }} catch {{}}
               if (holds || !left--) done(holds); else setTimeout(look, 20); }}; look(); }})"
        );
        while started.elapsed() < PATIENCE {
            // An error says that the page was left meanwhile.
            if self.try_eval(&looking) == Ok(json!(true)) {
                return;
            }
        }
        let seen = self.try_eval("document.body.innerText.slice(0, 1500)");
        panic!("never came true: {expression}\nthe page shows: {seen:?}");
    }

    /// What `found` gives, once it gives something: for what no expression in the page can tell.
    #[track_caller]
    pub fn until<T>(&self, what: &str, found: impl Fn() -> Option<T>) -> T {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(found) = found() {
                return found;
            }
        }
        panic!("never came: {what}");
    }

    /// Types into what has the focus.
    pub fn type_text(&self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Presses a key: `Enter`, `Escape`, `ArrowDown`, `Tab`, `/`, `n`, …; `Shift+Tab`.
    pub fn press(&self, key: &str) {
        let (modifiers, key) = key.strip_prefix("Shift+").map_or((0, key), |key| (8, key));
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
        let mut event = json!({"type": "keyDown", "key": key, "code": code, "modifiers": modifiers,
            "windowsVirtualKeyCode": number});
        if !text.is_empty() {
            event["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", event.clone());
        event["type"] = json!("keyUp");
        event.as_object_mut().unwrap().remove("text");
        self.call("Input.dispatchKeyEvent", event);
    }

    /// Moves the mouse and presses, moves or releases its button.
    pub fn mouse(&self, kind: &str, x: f64, y: f64) {
        let pressed = if kind == "mouseMoved" { "none" } else { "left" };
        self.call(
            "Input.dispatchMouseEvent",
            json!({"type": kind, "x": x, "y": y, "button": pressed, "buttons": 1, "clickCount": 1}),
        );
    }

    /// Waits until the page has shown what it asked for.
    #[track_caller]
    pub fn settle(&self) {
        self.wait(&format!("!{BUSY}"));
    }

    /// Clicks the first element that a selector finds, once it is there and nothing is about to push it away.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let element = format!("document.querySelector({})", json!(selector));
        self.wait(&format!("{element} && {element}.getClientRects().length && !{BUSY}"));
        self.eval(&format!("{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})"));
        let (x, y) = self.middle(&element);
        self.mouse("mousePressed", x, y);
        self.mouse("mouseReleased", x, y);
    }

    /// The middle of an element on the screen; of its first line, where it has several.
    pub fn middle(&self, element: &str) -> (f64, f64) {
        let place = self.eval(&format!(
            "(() => {{ const r = {element}.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    /// Makes the window so many CSS pixels wide and high.
    pub fn resize(&self, width: u32, height: u32) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
    }

    /// What the reader's browser prefers.
    pub fn prefer_language(&self, language: &str) {
        self.call(
            "Emulation.setUserAgentOverride",
            json!({"userAgent": self.browser.user_agent, "acceptLanguage": language}),
        );
    }

    /// `dark` or `light`.
    pub fn prefer_scheme(&self, scheme: &str) {
        self.call(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// Lets requests to matching addresses fail (`*api/search*`); none with an empty list.
    pub fn block(&self, patterns: &[&str]) {
        self.call("Network.setBlockedURLs", json!({"urls": patterns}));
    }

    /// A picture of the window, or of the whole page.
    pub fn picture(&self, path: &Path, format: &str) {
        let mut parameters = json!({"format": format});
        if format == "webp" {
            parameters["quality"] = json!(82);
        }
        let picture = self.call("Page.captureScreenshot", parameters);
        std::fs::write(path, BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()).unwrap();
    }

    /// The latest event of a kind that came for this tab, if one did.
    pub fn event(&self, method: &str) -> Option<Value> {
        // Asking anything lets events in that wait in the pipe.
        self.eval("0");
        let wire = self.browser.wire.borrow();
        let mut own = wire.events.iter().filter(|event| event["sessionId"] == json!(self.session));
        own.rfind(|event| event["method"] == method).map(|event| event["params"].clone())
    }

    /// The JSON in a body as the protocol gives it.
    pub fn decoded(&self, body: &Value) -> Value {
        let text = body["body"].as_str().unwrap();
        if body["base64Encoded"] == json!(true) {
            serde_json::from_slice(&BASE64_STANDARD.decode(text).unwrap()).unwrap()
        } else {
            serde_json::from_str(text).unwrap()
        }
    }

    /// JSON as the protocol takes a body.
    pub fn encoded(&self, value: &Value) -> String {
        BASE64_STANDARD.encode(value.to_string())
    }

    /// What went wrong in the page up to now: exceptions, and what the content security policy refused.
    pub fn faults(&self) -> Vec<String> {
        let wire = self.browser.wire.borrow();
        let own = wire.events.iter().filter(|event| event["sessionId"] == json!(self.session));
        own.filter(|event| {
            event["method"] == "Runtime.exceptionThrown"
                || (event["method"] == "Log.entryAdded" && event["params"]["entry"]["source"] == "security")
        })
        .map(|event| event["params"].to_string())
        .collect()
    }

    /// Runs axe-core over the page as it is now: the rules it breaks, each with the elements.
    pub fn accessibility(&self) -> Vec<String> {
        const AXE: &str = include_str!("../../fixtures/axe/axe.min.js");
        self.eval(&format!("window.axe ? true : (() => {{ {AXE}; return true; }})()"));
        let found = self.eval(
            "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(({id, help, nodes}) =>
               `${id}: ${help}: ${nodes.map(({html, failureSummary}) => `${html} (${failureSummary})`).join(' | ')}`))",
        );
        serde_json::from_value(found).unwrap()
    }
}
