//! A mail server (SMTP, RFC 5321) on a port of its own, which answers as a test wants.
#![allow(dead_code, reason = "each of the test binaries uses a part of it")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gisa::config::ConfigFile;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long a mail is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a server wants of whoever gives it mails.
#[derive(Clone, Default)]
pub struct Rules {
    /// It can change to TLS after STARTTLS.
    pub starttls: Option<Arc<ServerConfig>>,
    /// It begins with TLS.
    pub tls: Option<Arc<ServerConfig>>,
    /// It takes mails of nobody else.
    pub login: Option<(&'static str, &'static str)>,
    /// It knows no such mailbox.
    pub unknown: Option<&'static str>,
}

/// A mail that was given to a server, accepted or not.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub is_secure: bool,
    /// Head and body, without the dots that were doubled on the way.
    pub source: String,
    /// What the server answered.
    pub answer: String,
}

impl Mail {
    /// A field of the head, in one line and decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.source, name).map(|value| decoded_words(&value))
    }

    /// The part of that type, decoded.
    pub fn part(&self, kind: &str) -> String {
        let content_type = header(&self.source, "content-type").unwrap();
        let boundary = content_type.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
        let parts: Vec<&str> = self.source.split(&format!("--{boundary}")).collect();
        let part = parts.iter().map(|part| part.trim_start_matches("\r\n"));
        let part =
            part.skip(1).find(|part| header(part, "content-type").is_some_and(|is| is.starts_with(kind)));
        let part = part.unwrap_or_else(|| panic!("there is no {kind}: {}", self.source));
        let (_, body) = part.split_once("\r\n\r\n").unwrap();
        let bytes = match header(part, "content-transfer-encoding").unwrap().as_str() {
            "base64" => {
                let digits: String = body.split_whitespace().collect();
                STANDARD.decode(digits).unwrap()
            }
            "quoted-printable" => unquoted(body.strip_suffix("\r\n").unwrap_or(body)),
            "7bit" => body.as_bytes().to_vec(),
            other => panic!("{other} is not known here"),
        };
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }

    pub fn plain(&self) -> String {
        self.part("text/plain")
    }

    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The first and last sequence that it tells of.
    pub fn sequences(&self) -> (u64, u64) {
        let value = self.header("x-gisa-sequence").unwrap();
        let (first, last) = value.split_once('-').unwrap();
        (first.parse().unwrap(), last.parse().unwrap())
    }
}

fn header(source: &str, name: &str) -> Option<String> {
    let head = source.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let mut fields = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().to_owned())
}

/// RFC 2047: words in base64; white space between two of them is none.
fn decoded_words(value: &str) -> String {
    let (mut text, mut rest, mut was_encoded) = (String::new(), value, false);
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, behind) = after.split_once("?=").unwrap();
        if !was_encoded || !before.trim().is_empty() {
            text.push_str(before);
        }
        text.push_str(std::str::from_utf8(&STANDARD.decode(word).unwrap()).unwrap());
        (rest, was_encoded) = (behind, true);
    }
    text + rest
}

fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'=' => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
                &after[2..]
            }
            byte => {
                bytes.push(*byte);
                after
            }
        };
    }
    bytes
}

/// A mail server. Where nothing else is said it accepts everything.
pub struct MailServer {
    address: SocketAddr,
    received: mpsc::Receiver<Mail>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl MailServer {
    pub fn start() -> Self {
        Self::start_with(Rules::default())
    }

    pub fn start_with(rules: Rules) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers: Arc<Mutex<VecDeque<&'static str>>> = Arc::default();
        let (sender, received) = mpsc::channel();
        let answering = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving =
                    Serving { sender: sender.clone(), answers: Arc::clone(&answering), rules: rules.clone() };
                std::thread::spawn(move || serving.connection(stream));
            }
        });
        Self { address, received, answers }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Says in `[alerts]` that mails go here, unsecured.
    pub fn configure(&self, file: &mut ConfigFile) {
        file.alerts.smtp_host = "127.0.0.1".to_owned();
        file.alerts.smtp_port = self.port();
        file.alerts.smtp_security = gisa::alerts::MailSecurity::None;
        file.alerts.smtp_from = "기사 알림 <gisa@newsroom.example>".to_owned();
    }

    /// The next mails are answered like this, each once; those after them are accepted.
    pub fn answer_with(&self, answers: impl IntoIterator<Item = &'static str>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Waits for the next mail.
    pub fn next(&self) -> Mail {
        self.received.recv_timeout(PATIENCE).expect("no mail came")
    }

    /// What has come in and was not asked for yet.
    pub fn rest(&self) -> Vec<Mail> {
        self.received.try_iter().collect()
    }
}

struct Serving {
    sender: mpsc::Sender<Mail>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    rules: Rules,
}

impl Serving {
    fn connection(&self, stream: TcpStream) {
        if let Some(config) = &self.rules.tls {
            let secure = ServerConnection::new(Arc::clone(config)).unwrap();
            return drop(self.session(StreamOwned::new(secure, stream), true, true));
        }
        let Some(stream) = self.session(stream, false, true) else { return };
        if let Some(config) = &self.rules.starttls {
            let secure = ServerConnection::new(Arc::clone(config)).unwrap();
            self.session(StreamOwned::new(secure, stream), true, false);
        }
    }

    /// Talks until the other side goes; gives the stream back where TLS is to begin.
    fn session<S: Read + Write>(&self, stream: S, is_secure: bool, greets: bool) -> Option<S> {
        let mut stream = BufReader::new(stream);
        let say = |stream: &mut BufReader<S>, text: &str| {
            stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).ok()?;
            stream.get_mut().flush().ok()
        };
        if greets {
            say(&mut stream, "220 mail.newsroom.example")?;
        }
        let (mut from, mut to, mut is_known) = (String::new(), Vec::new(), self.rules.login.is_none());
        loop {
            let line = line(&mut stream)?;
            let upper = line.to_uppercase();
            let inside = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let answer = match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let mut offered = vec!["mail.newsroom.example"];
                    if self.rules.starttls.is_some() && !is_secure {
                        offered.push("STARTTLS");
                    }
                    if self.rules.login.is_some() {
                        offered.push("AUTH PLAIN LOGIN");
                    }
                    let last = offered.pop().unwrap();
                    let lines: String = offered.iter().map(|line| format!("250-{line}\r\n")).collect();
                    format!("{lines}250 {last}")
                }
                "STARTTLS" if self.rules.starttls.is_some() => {
                    say(&mut stream, "220 go on")?;
                    return Some(stream.into_inner());
                }
                "AUTH" => {
                    let word = line.rsplit(' ').next().unwrap_or_default();
                    let said = STANDARD.decode(word).unwrap_or_default();
                    let wanted = self.rules.login.map(|(user, password)| format!("\0{user}\0{password}"));
                    is_known = wanted.is_some_and(|wanted| wanted.as_bytes() == said);
                    (if is_known { "235 welcome" } else { "535 5.7.8 wrong name or password" }).to_owned()
                }
                "MAIL" if !is_known => "530 5.7.0 who are you".to_owned(),
                "MAIL" => {
                    from = inside();
                    to.clear();
                    "250 ok".to_owned()
                }
                "RCPT" if self.rules.unknown.is_some_and(|unknown| inside() == unknown) => {
                    "550 5.1.1 no such mailbox".to_owned()
                }
                "RCPT" => {
                    to.push(inside());
                    "250 ok".to_owned()
                }
                "DATA" => {
                    say(&mut stream, "354 go on")?;
                    let source = content(&mut stream)?;
                    let answer =
                        self.answers.lock().unwrap().pop_front().unwrap_or("250 2.0.0 taken").to_owned();
                    let mail = Mail {
                        from: from.clone(),
                        to: to.clone(),
                        is_secure,
                        source,
                        answer: answer.clone(),
                    };
                    let _ = self.sender.send(mail);
                    answer
                }
                "QUIT" => {
                    let _ = say(&mut stream, "221 bye");
                    return None;
                }
                _ => "502 5.5.1 not known".to_owned(),
            };
            say(&mut stream, &answer)?;
        }
    }
}

fn line(stream: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line.trim_end().to_owned())
}

fn content(stream: &mut impl BufRead) -> Option<String> {
    let mut source = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == ".\r\n" {
            return Some(source);
        }
        source.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
