//! Who is logged in, and what this desk is.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Desk;
use crate::account::{Login, Need};
use crate::answer::json;
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;

/// A person at the desk.
#[derive(Debug, Serialize, JsonSchema)]
struct User {
    /// The name under which the log has what they decide.
    name: String,
}

/// Which project.
#[derive(Debug, Serialize, JsonSchema)]
struct ProjectInfo {
    /// Its folder's name.
    name: String,
}

/// Who is logged in, and what they can do here.
#[derive(Debug, Serialize, JsonSchema)]
struct Session {
    /// Who; null where nobody is logged in.
    user: Option<User>,
    /// Whether one must log in.
    login: bool,
    /// To be sent as X-Watchpost-CSRF with what changes something, where a cookie says who asks.
    csrf: Option<String>,
    /// What may be done: read, decide, bulk, sources, accounts.
    may: Vec<&'static str>,
    /// Whether nothing may be decided.
    read_only: bool,
    /// The project.
    project: ProjectInfo,
    /// Whether names of private persons are shown.
    keep_names: bool,
    /// Whether the libraries of the map and the charts are set up.
    vendor: bool,
    /// The program's version.
    version: String,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/session", "session", "Who is logged in, and what this desk is.")
            .needs(Need::Nothing)
            .answers::<Session>(200, "The session.")
            .by(session),
    ]
}

async fn session(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let may: Vec<&'static str> = ask.caller.may.iter().map(|need| need.as_str()).collect();
    let name = Some(ask.caller.name).filter(|name| !name.is_empty());
    let session = Session {
        user: name.map(|name| User { name }),
        login: !matches!(desk.setup.login, Login::No { .. }),
        csrf: None,
        read_only: !ask.caller.may.contains(&Need::Decide),
        may,
        project: ProjectInfo { name: desk.setup.project.clone() },
        keep_names: desk.setup.keep_names,
        vendor: desk.setup.vendor.is_some(),
        version: desk.setup.tool.clone(),
    };
    json(StatusCode::OK, &session)
}
