//! Commands to a browser and its answers, and what it tells unasked. DevTools and WebDriver BiDi are alike here: a message is JSON, an answer
//! has the number of its command, an event has none.

use std::cell::RefCell;
use std::time::Duration;

use serde_json::{Value, json};

use super::PATIENCE;

/// What carries messages to a browser and back.
pub trait Line {
    fn send(&mut self, message: &str);
    /// The next message; `None` when there is none for so long, or the browser has ended.
    fn receive(&mut self, patience: Duration) -> Option<Value>;
}

pub struct Wire {
    inner: RefCell<Inner>,
}

struct Inner {
    line: Box<dyn Line>,
    next: u64,
    events: Vec<Value>,
}

impl Wire {
    pub fn new(line: impl Line + 'static) -> Self {
        Self { inner: RefCell::new(Inner { line: Box::new(line), next: 0, events: Vec::new() }) }
    }

    /// The answer to a command (`{"method": …, "params": …}`).
    pub fn try_ask(&self, mut command: Value) -> Result<Value, Value> {
        let inner = &mut *self.inner.borrow_mut();
        inner.next += 1;
        let id = json!(inner.next);
        command["id"] = id.clone();
        inner.line.send(&command.to_string());
        loop {
            let mut message = inner.line.receive(2 * PATIENCE).unwrap_or_else(|| {
                panic!("the browser does not answer to {}", command["method"]);
            });
            if message["id"] != id {
                inner.events.push(message);
            } else if message["error"].is_null() {
                return Ok(message["result"].take());
            } else {
                return Err(message);
            }
        }
    }

    /// The answer to a command that must succeed.
    pub fn ask(&self, command: Value) -> Value {
        let method = command["method"].clone();
        self.try_ask(command).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The events that have come so far and that are `wanted`, the first first.
    pub fn events(&self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        self.inner.borrow().events.iter().filter(|event| wanted(event)).cloned().collect()
    }

    /// Gives a last command and waits until the browser has left the line.
    pub fn close(&mut self, method: &str) {
        // Not by `ask`, which may panic.
        let Inner { line, .. } = self.inner.get_mut();
        line.send(&json!({"id": 0, "method": method, "params": {}}).to_string());
        while line.receive(PATIENCE).is_some() {}
    }
}
