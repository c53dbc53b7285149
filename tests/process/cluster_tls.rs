//! A cluster behind TLS, with a user and a password: nginx before a node.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::authority::Authority;
use crate::cluster_engine::{Prefix, article, search, until};
use crate::folders::temporary;
use crate::newsroom::Newsroom;
use crate::outside;
use crate::program::{Process, gisa};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running nginx. Ends when dropped.
struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    /// TLS and a password before the node at `url`.
    fn before(url: &str, folder: &Path, certificate: &[std::path::PathBuf; 2], test: &str) -> Option<Self> {
        let program = outside::program("nginx", test)?;
        // Free a moment ago; whoever takes it meanwhile makes nginx say so.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let path = |name: &str| folder.join(name).display().to_string();
        let temporary_paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};\n", path(kind)))
            .concat();
        let [certificate, key] = certificate.each_ref().map(|path| path.display());
        let users = folder.join("users");
        // Read by nginx' workers, where it runs as root.
        fs::write(&users, "gisa:{PLAIN}open-sesame\n").unwrap();
        let users = users.display();
        let settings = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
             {temporary_paths}server {{\nlisten 127.0.0.1:{port} ssl;\nssl_certificate {certificate};\nssl_certificate_key {key};\n\
             client_max_body_size 100m;\nlocation / {{\nauth_basic cluster;\nauth_basic_user_file {users};\nproxy_pass {url};\n}}\n}}\n}}\n",
            path("pid")
        );
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let child = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut nginx = Self { child, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(nginx.child.try_wait().unwrap().is_none(), "nginx has ended");
            assert!(began.elapsed() < PATIENCE, "nginx never listened");
            std::thread::yield_now();
        }
        Some(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_cluster_is_asked_over_tls_with_one_authority_and_a_password() {
    let test = "a_cluster_is_asked_over_tls_with_one_authority_and_a_password";
    let Some(prefix) = Prefix::of(test) else { return };
    let (authority, stranger, folder, other) = (Authority::new(), Authority::new(), temporary(), temporary());
    let certificate = authority.write_server(folder.path(), &["localhost"]);
    let Some(nginx) =
        Nginx::before(&prefix.url, folder.path(), &certificate, &format!("cluster_tls::{test}"))
    else {
        return;
    };
    let newsroom = Newsroom::new(&[article(1, "물레방앗간 앞에서 잔치가 열렸다.")]);
    let configure = |ca: &Path, password: &str| {
        let secret = newsroom.path().join("password");
        fs::write(&secret, password).unwrap();
        let config = format!(
            "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nmemory_mb = 32\n[engine]\nkind = \"opensearch\"\n\
             urls = [\"https://localhost:{}\"]\nca_file = \"{}\"\nprefix = \"{}\"\nreplicas = 0\nuser = \"gisa\"\n\
             password_file = \"{}\"\n",
            nginx.port,
            ca.display(),
            prefix.name,
            secret.display()
        );
        fs::write(newsroom.path().join("config.toml"), config).unwrap();
    };
    let reindex = || gisa(newsroom.path()).arg("reindex").output().unwrap();
    // Another authority is not enough, nor is a wrong password; each is said.
    for (ca, password, said) in [
        (stranger.write(other.path()), "open-sesame", "invalid peer certificate"),
        (authority.write(folder.path()), "wrong", "refuses the user or key (401)"),
    ] {
        configure(&ca, password);
        let failed = reindex();
        assert!(!failed.status.success(), "{failed:?}");
        let stderr = String::from_utf8_lossy(&failed.stderr).into_owned();
        assert!(stderr.contains(said), "{stderr}");
        assert!(!stderr.contains(password) || password == "wrong", "{stderr}");
    }
    configure(&authority.write(folder.path()), "open-sesame");
    let done = reindex();
    assert!(done.status.success(), "{done:?}");
    let mut server = Process::start(newsroom.path(), None);
    server.wait_until_ready().unwrap();
    assert_eq!(search(&server, &[("q", "물레방앗간")])["total"], 1);
    server.end();

    // With a wrong password the server runs, and says so: nothing is found is no answer.
    configure(&authority.write(folder.path()), "wrong");
    let server = Process::start(newsroom.path(), None);
    let answer = until(
        "the server listens",
        || {
            server
                .client
                .get(server.url("/api/search?q=x"))
                .send()
                .map(|answer| answer.json::<Value>().unwrap())
        },
        Result::is_ok,
    );
    assert_eq!(answer.unwrap()["code"], "not_ready");
}
