//! A desk over a store of a few reports, asked as a program asks it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use record::country::Countries;
use record::crosswalk::Crosswalk;
use serde_json::Value;
use store::Store;
use tempfile::TempDir;
use watchpost_desk::{Login, Open, Setup};

pub struct Served {
    pub at: String,
    pub folder: TempDir,
    agent: ureq::Agent,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

/// An answer.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Opens the desk over what `fill` puts into a new store.
pub fn served(fill: impl FnOnce(&mut dyn Store)) -> Served {
    served_as(|_| {}, fill)
}

/// The same with another setup.
pub fn served_as(change: impl FnOnce(&mut Setup), fill: impl FnOnce(&mut dyn Store)) -> Served {
    let folder = TempDir::new().unwrap();
    let file: PathBuf = folder.path().join("watchpost.db");
    fill(&mut store_sqlite::create(&file).unwrap());
    let open: Open = Arc::new(move || -> Result<Box<dyn Store>, store::Error> {
        Ok(Box::new(store_sqlite::open(&file)?))
    });
    let mut setup = Setup {
        open,
        countries: Countries::from_table(knowledge::COUNTRIES).unwrap(),
        crosswalk: Crosswalk::from_table(knowledge::CROSSWALK).unwrap(),
        project: "sahel".to_owned(),
        tool: "watchpost test".to_owned(),
        tag: "test".to_owned(),
        keep_names: false,
        vendor: None,
        login: Login::No { by: "ada".to_owned() },
        watch: lookout::WatchSettings::default(),
        fetch: fetch::Settings::default(),
        metrics: None,
        behind_proxy: false,
        in_memory: true,
    };
    change(&mut setup);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = channel::<()>();
    let thread = std::thread::spawn(move || {
        watchpost_desk::serve(setup, listener, move || {
            let _ = stopped.recv();
        })
    });
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
    Served { at, folder, agent: config.into(), stop: Some(stop), thread: Some(thread) }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap().unwrap();
            }
        }
    }
}

impl Served {
    pub fn get(&self, path: &str) -> Got {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let mut request = self.agent.get(format!("{}{path}", self.at));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        got(request.call())
    }

    /// An answer that must be one.
    pub fn json(&self, path: &str) -> Value {
        let got = self.get(path);
        assert_eq!(got.status, 200, "{path}: {}", got.text);
        got.json()
    }

    pub fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Got {
        let mut request = self.agent.post(format!("{}{path}", self.at));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        got(request.send(body.to_string()))
    }

    pub fn delete(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let mut request = self.agent.delete(format!("{}{path}", self.at));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        got(request.call())
    }

    pub fn decide(&self, body: &Value) -> Got {
        self.post("/api/v1/decisions", body, &[])
    }
}

fn got(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Got {
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    Got { status: answer.status().as_u16(), headers: answer.headers().clone(), text }
}
