//! Logging in and out; who is logged in, and what this desk is.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{Account, Deed, Purpose, Role};
use store::log::sha256;
use tokio::sync::Semaphore;

use crate::Desk;
use crate::account::{COOKIE, Caller, Login, Need, Proof, SESSION_DAYS, credential, is_admin, secret};
use crate::answer::json;
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;

/// A person at the desk.
#[derive(Debug, Serialize, JsonSchema)]
struct User {
    /// The name under which the log has what they decide.
    name: String,
    /// Their role; null where there are no accounts.
    role: Option<Role>,
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

/// A name and a password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LoginAsked {
    /// The name, however it is written.
    name: String,
    /// The password.
    password: String,
}

/// A link that was given out, and the password that its holder chooses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinkAsked {
    /// The secret of the link.
    link: String,
    /// The name; needed only where the first account is made.
    #[serde(default)]
    name: Option<String>,
    /// The password: at least ten characters.
    password: String,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/session", "session", "Who is logged in, and what this desk is.")
            .needs(Need::Nothing)
            .answers::<Session>(200, "The session.")
            .by(session),
        Endpoint::post("/session", "login", "Log in: a cookie says from now on who asks.", Need::Nothing)
            .takes::<LoginAsked>()
            .answers::<Session>(200, "Logged in.")
            .by(login),
        Endpoint::post(
            "/session/link",
            "choose-password",
            "Choose a password by a link that is good once, and log in; the first link makes the first account.",
            Need::Nothing,
        )
        .takes::<LinkAsked>()
        .answers::<Session>(200, "Logged in.")
        .by(choose),
        Endpoint::delete("/session", "logout", "Log out.", Need::Nothing)
            .gives(204, "Logged out.", "")
            .by(logout),
    ]
}

fn told(desk: &Desk, caller: &Caller) -> Session {
    let csrf = match &caller.proof {
        Proof::Session { csrf, .. } => Some(csrf.clone()),
        _ => None,
    };
    let name = Some(caller.name.clone()).filter(|name| !name.is_empty());
    Session {
        user: name.map(|name| User { name, role: caller.role }),
        login: !matches!(desk.setup.login, Login::No { .. }),
        csrf,
        read_only: !caller.may.contains(&Need::Decide),
        may: caller.may.iter().map(|need| need.as_str()).collect(),
        project: ProjectInfo { name: desk.setup.project.clone() },
        keep_names: desk.setup.keep_names,
        vendor: desk.setup.vendor.is_some(),
        version: desk.setup.tool.clone(),
    }
}

async fn session(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    json(StatusCode::OK, &told(&desk, &ask.caller))
}

/// Bytes of a password at most: longer ones only cost time.
const LONGEST: usize = 1000;
/// What guesses at links are counted under.
const LINKS: &str = "links";
/// Characters of a password at least.
const SHORTEST: usize = 10;

/// Passwords that are looked at at once: each takes 19 MiB (argon2id with 19 MiB, two passes and one lane, which RFC 9106's
/// successor at OWASP names as the least, and which are the library's own choice).
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A hash that no password has, so that a name that is not there takes as long as one that is.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody's").unwrap_or_default());

fn hashed(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash: argon2::password_hash::phc::PasswordHash| hash.to_string())
        .map_err(|error| Problem::new("broken", format!("the password cannot be hashed: {error}")))
}

/// Does something slow with a password, away from what answers others.
async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let broken = |_| Problem::new("broken", "the password could not be looked at");
    let _turn = AT_ONCE.acquire().await.map_err(|_| Problem::new("broken", "the desk is being stopped"))?;
    tokio::task::spawn_blocking(work).await.map_err(broken)
}

async fn login(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let LoginAsked { name, password } = ask.json()?;
    accounts_only(&desk)?;
    desk.gate.may_try(&name, ask.peer)?;
    let asked = name.clone();
    let account = desk.pool.read(move |store| Ok(store.account(&asked)?)).await?;
    let account = account.filter(|account| account.closed.is_none());
    let known = account.as_ref().and_then(|account| account.password.clone());
    let right = slowly(move || {
        let hash = known.as_deref().unwrap_or(&NOBODY);
        let parsed = PasswordHash::new(hash);
        let same = parsed.is_ok_and(|parsed| {
            password.len() <= LONGEST
                && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
        });
        same && known.is_some()
    })
    .await?;
    let Some(account) = account.filter(|_| right) else {
        desk.gate.failed(&name, ask.peer);
        return Err(Problem::new("login", "the name or the password is wrong"));
    };
    desk.gate.succeeded(&name, ask.peer);
    begun(&desk, &account, &ask.headers).await
}

fn accounts_only(desk: &Desk) -> Result<(), Problem> {
    match desk.setup.login {
        Login::Accounts => Ok(()),
        Login::No { .. } => {
            Err(Problem::new("refused", "this desk has no login: whoever is at the machine is logged in"))
        }
    }
}

/// Begins a session: a cookie that no script sees and that no other site's page sends along.
async fn begun(desk: &Desk, account: &Account, headers: &HeaderMap) -> Result<Response, Problem> {
    let (cookie, csrf) = (secret()?, secret()?);
    let mut made = credential(&cookie, &account.name, Purpose::Session, Timestamp::now(), SESSION_DAYS);
    made.csrf.clone_from(&csrf);
    let hash = made.hash.clone();
    desk.pool.write(move |store| Ok(store.put_credential(&made, None)?)).await?;
    let caller = Caller {
        name: account.name.clone(),
        role: Some(account.role),
        may: Need::of(account.role).to_vec(),
        proof: Proof::Session { hash, csrf },
    };
    let response = json(StatusCode::OK, &told(desk, &caller))?;
    Ok(with_cookie(response, &cookie, SESSION_DAYS * 86_400, headers))
}

fn with_cookie(mut response: Response, value: &str, seconds: i64, headers: &HeaderMap) -> Response {
    // A page that came by TLS says so in its origin, also where a proxy ends the TLS.
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let secure = if origin.is_some_and(|origin| origin.starts_with("https://")) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

async fn choose(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let LinkAsked { link, name, password } = ask.json()?;
    accounts_only(&desk)?;
    // Of guesses at links only the address is known.
    desk.gate.may_try(LINKS, ask.peer)?;
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(Problem::field(
            "password",
            "the password is too short or too long",
            "at least ten characters",
        ));
    }
    let hash = slowly(move || hashed(&password)).await??;
    let now = Timestamp::now();
    let chosen = desk
        .pool
        .write(move |store| {
            let secret = sha256(link.as_bytes());
            let held = store.credential(&secret, now)?.filter(|held| held.purpose == Purpose::Link);
            let Some(held) = held else { return Ok(None) };
            let mut account = if held.account.is_empty() {
                // Two links may have been made before there was an account: the first that is used makes it.
                if store.accounts()?.iter().any(is_admin) {
                    return Ok(None);
                }
                let name = valid_name(name.as_deref().unwrap_or_default())?;
                Account { name, role: Role::Admin, password: None, created: now, closed: None }
            } else {
                match store.account(&held.account)?.filter(|account| account.closed.is_none()) {
                    Some(account) => account,
                    None => return Ok(None),
                }
            };
            if !store.remove_credential(&secret, None)? {
                return Ok(None);
            }
            account.password = Some(hash);
            let what = if held.account.is_empty() { "made the first account" } else { "chose a password" };
            let deed =
                Deed { at: now, by: account.name.clone(), what: what.to_owned(), of: account.name.clone() };
            store.put_account(&account, true, &deed)?;
            Ok(Some(account))
        })
        .await?;
    let Some(account) = chosen else {
        desk.gate.failed(LINKS, ask.peer);
        return Err(
            Problem::new("login", "the link is not good, or no longer").hint("ask an admin for another")
        );
    };
    begun(&desk, &account, &ask.headers).await
}

/// A name that can stand in the log.
pub(crate) fn valid_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let fits = (1..=80).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && !store::words::fold(name).is_empty();
    if fits {
        return Ok(name.to_owned());
    }
    Err(Problem::field("name", "that is no name", "1 to 80 characters, with a letter or a digit among them"))
}

async fn logout(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    if let Proof::Session { hash, .. } = ask.caller.proof {
        desk.pool.write(move |store| Ok(store.remove_credential(&hash, None)?)).await?;
    }
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), "", 0, &ask.headers))
}
