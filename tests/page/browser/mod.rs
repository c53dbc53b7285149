//! A browser and what a reader does in it: Chromium, in which all tests run, or Firefox, in which the main paths do. What differs between
//! the two is behind [`Driver`]; looking, waiting and clicking are the same.

mod chromium;
mod firefox;
pub mod hosts;
mod wire;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chromium::Chromium;
use firefox::Firefox;
use serde_json::{Value, json};

use crate::outside;

/// True while the page still asks for something that it is going to show: the list, the timeline or an article.
const BUSY: &str = "document.querySelector('[aria-busy=true]')";
/// How long a condition may take to come true. Generous: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// One browser at a time: two would fight for the cores and slow each other past every patience.
static ONE: Mutex<()> = Mutex::new(());

/// How a browser is asked for something. A tab is named by what its protocol calls it.
trait Driver {
    /// A tab with storage of its own, whose reader prefers Korean.
    fn open_tab(&self) -> String;
    /// Begins to go to an address.
    fn navigate(&self, tab: &str, url: &str);
    /// The value of an expression, promises awaited.
    fn evaluate(&self, tab: &str, expression: &str) -> Result<Value, String>;
    /// Types into what has the focus.
    fn type_text(&self, tab: &str, text: &str);
    /// Presses a key and lets it go.
    fn press(&self, tab: &str, key: &str, shift: bool);
    /// Moves the mouse and presses (`mousePressed`), only moves (`mouseMoved`) or releases (`mouseReleased`) its button.
    fn mouse(&self, tab: &str, kind: &str, x: f64, y: f64);
    /// Makes the window so many CSS pixels wide and high.
    fn resize(&self, tab: &str, width: u32, height: u32);
    /// What has come unasked for a tab so far.
    fn events(&self, tab: &str) -> Vec<Value>;
    /// Whether an event tells of an exception, or of what the content security policy refused.
    fn is_fault(&self, event: &Value) -> bool;

    /// A command of the DevTools protocol, which Chromium alone speaks.
    fn call(&self, _tab: &str, method: &str, _parameters: Value) -> Value {
        panic!("{method} is asked of a browser that does not speak DevTools");
    }

    /// What the reader's browser prefers from now on.
    fn prefer_language(&self, _tab: &str, language: &str) {
        panic!("this browser cannot be told to prefer {language}");
    }
}

/// A running browser. Ends when dropped.
pub struct Browser {
    driver: Box<dyn Driver>,
    // The last field: the next browser starts when this one has ended.
    _one: MutexGuard<'static, ()>,
}

impl Browser {
    /// Starts Chromium with a profile of its own. Where there is none, says on stderr that `what` is skipped and gives `None`, or fails if
    /// `GISA_REQUIRE_BROWSER` is set.
    pub fn start(what: &str) -> Option<Self> {
        let program =
            outside::first_program("BROWSER", &["chromium", "chromium-browser", "google-chrome"], what)?;
        Some(Self::new(|| Box::new(Chromium::start(program))))
    }

    /// The same with Firefox and `GISA_REQUIRE_FIREFOX`.
    pub fn start_firefox(what: &str) -> Option<Self> {
        let program = outside::first_program("FIREFOX", &["firefox-esr", "firefox"], what)?;
        Some(Self::new(|| Box::new(Firefox::start(program))))
    }

    fn new(start: impl FnOnce() -> Box<dyn Driver>) -> Self {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self { driver: start(), _one: one }
    }

    /// A tab with storage of its own, 1280 × 900, whose reader prefers Korean.
    pub fn page(&self) -> Page<'_> {
        let page = Page { driver: &*self.driver, tab: self.driver.open_tab() };
        page.resize(1280, 900);
        page
    }
}

/// A tab.
pub struct Page<'a> {
    driver: &'a dyn Driver,
    tab: String,
}

impl Page<'_> {
    /// A command of Chromium's protocol.
    pub fn call(&self, method: &str, parameters: Value) -> Value {
        self.driver.call(&self.tab, method, parameters)
    }

    /// Goes to an address and waits until it has been loaded.
    pub fn goto(&self, url: &str) {
        // The command is answered before the new document takes the place of the old one.
        let old = self.eval("performance.timeOrigin");
        self.driver.navigate(&self.tab, url);
        self.wait(&format!("performance.timeOrigin !== {old} && document.readyState === 'complete'"));
    }

    /// The value of an expression, promises awaited.
    pub fn eval(&self, expression: &str) -> Value {
        self.try_eval(expression).unwrap_or_else(|error| panic!("{expression}\n{error}"))
    }

    fn try_eval(&self, expression: &str) -> Result<Value, String> {
        self.driver.evaluate(&self.tab, expression)
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

    /// Waits until an expression is true. It is asked again and again, over navigations too, and not by a promise of the page: Firefox keeps
    /// pages that were left, with all that they promised.
    #[track_caller]
    pub fn wait(&self, expression: &str) {
        let started = Instant::now();
        let looking =
            format!("(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()");
        while started.elapsed() < PATIENCE {
            // An error says that the page was left meanwhile.
            if self.try_eval(&looking) == Ok(json!(true)) {
                return;
            }
            std::thread::sleep(LOOK_AGAIN);
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
        self.driver.type_text(&self.tab, text);
    }

    /// Presses a key: `Enter`, `Escape`, `ArrowDown`, `Tab`, `/`, `n`, …; `Shift+Tab`.
    pub fn press(&self, key: &str) {
        match key.strip_prefix("Shift+") {
            Some(key) => self.driver.press(&self.tab, key, true),
            None => self.driver.press(&self.tab, key, false),
        }
    }

    /// Moves the mouse and presses (`mousePressed`), only moves (`mouseMoved`) or releases (`mouseReleased`) its button.
    pub fn mouse(&self, kind: &str, x: f64, y: f64) {
        self.driver.mouse(&self.tab, kind, x, y);
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
        let show = format!("{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})");
        self.eval(&show);
        // What comes into view may load more, which moves the element: that is noticed within a frame.
        self.eval(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(0))))",
        );
        self.settle();
        self.eval(&show);
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
        self.driver.resize(&self.tab, width, height);
    }

    /// What the reader's browser prefers.
    pub fn prefer_language(&self, language: &str) {
        self.driver.prefer_language(&self.tab, language);
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

    /// What has come unasked for this tab.
    fn events(&self) -> impl DoubleEndedIterator<Item = Value> {
        // Asking anything lets in what still waits in the pipe.
        self.eval("0");
        self.driver.events(&self.tab).into_iter()
    }

    /// The latest event of a kind that came for this tab, if one did.
    pub fn event(&self, method: &str) -> Option<Value> {
        self.events().rfind(|event| event["method"] == method).map(|event| event["params"].clone())
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
        let faults = self.events().filter(|event| self.driver.is_fault(event));
        faults.map(|event| event["params"].to_string()).collect()
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
