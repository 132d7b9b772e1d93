//! Who has an account, which programs have a token, and what was done that is no decision.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{Account, Credential, Deed, Purpose, Role};

use crate::Desk;
use crate::account::{Caller, Login, Need, Proof, TOKEN, credential, is_admin, link, secret};
use crate::answer::json;
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;
use crate::session::valid_name;

/// An account, without its secrets.
#[derive(Debug, Serialize, JsonSchema)]
struct UserShown {
    /// The name.
    name: String,
    /// What they may do: viewer, coder, reviewer, admin.
    role: Role,
    /// When it was made.
    #[schemars(with = "String")]
    created: Timestamp,
    /// Since when it may not be used any more.
    #[schemars(with = "Option<String>")]
    closed: Option<Timestamp>,
    /// Whether they have chosen a password.
    ready: bool,
    /// The secret of a link by which they choose a password: told once, to be put behind `/login#link=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// Accounts.
#[derive(Debug, Serialize, JsonSchema)]
struct Users {
    /// The accounts, by name.
    items: Vec<UserShown>,
}

/// A new account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserAsked {
    /// The name that the log will name them by; it stays.
    name: String,
    /// What they may do.
    role: Role,
}

/// What is to change of an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    /// What they may do from now on.
    #[serde(default)]
    role: Option<Role>,
    /// Close the account, or open it again.
    #[serde(default)]
    closed: Option<bool>,
    /// Give a link by which they choose a new password.
    #[serde(default)]
    link: bool,
}

/// A token, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
struct TokenShown {
    /// What it is known by.
    id: String,
    /// What it is called.
    label: String,
    /// What may be done with it.
    scopes: Vec<String>,
    /// When it was made.
    #[schemars(with = "String")]
    created: Timestamp,
    /// When it ends.
    #[schemars(with = "String")]
    expires: Timestamp,
    /// The token itself: told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// Tokens.
#[derive(Debug, Serialize, JsonSchema)]
struct Tokens {
    /// The caller's tokens.
    items: Vec<TokenShown>,
}

/// A new token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TokenAsked {
    /// What it is called.
    label: String,
    /// What may be done with it: read, decide, bulk, sources, of what the caller may.
    scopes: Vec<String>,
    /// Days until it ends: 1 to 400.
    days: u16,
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
struct Deeds {
    /// The last first.
    items: Vec<Deed>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/users", "users", "The accounts.")
            .needs(Need::Accounts)
            .answers::<Users>(200, "The accounts.")
            .by(users),
        Endpoint::post(
            "/users",
            "user-add",
            "Make an account; its holder chooses a password by the link.",
            Need::Accounts,
        )
        .takes::<UserAsked>()
        .answers::<UserShown>(201, "The account, with its link.")
        .by(add),
        Endpoint::post(
            "/users/{id}",
            "user-change",
            "Change an account; one that is closed or given a link is logged out everywhere.",
            Need::Accounts,
        )
        .takes::<UserChange>()
        .answers::<UserShown>(200, "The account.")
        .by(change),
        Endpoint::get("/tokens", "tokens", "The caller's tokens.")
            .answers::<Tokens>(200, "The tokens.")
            .by(tokens),
        Endpoint::post(
            "/tokens",
            "token-add",
            "Make a token for a program; only somebody who has logged in can.",
            Need::Read,
        )
        .takes::<TokenAsked>()
        .answers::<TokenShown>(201, "The token: it is told this once.")
        .by(token),
        Endpoint::delete("/tokens/{id}", "token-remove", "End a token.", Need::Read)
            .gives(204, "It has ended.", "")
            .by(end),
        Endpoint::get(
            "/audit",
            "audit",
            "What was done that is no decision: accounts, tokens, sources. The last first.",
        )
        .needs(Need::Accounts)
        .answers::<Deeds>(200, "At most five hundred.")
        .by(audit),
    ]
}

/// Something that was done, now.
pub(crate) fn deed(caller: &Caller, what: &str, of: &str) -> Deed {
    Deed { at: Timestamp::now(), by: caller.name.clone(), what: what.to_owned(), of: of.to_owned() }
}

fn shown(account: Account, link: Option<String>) -> UserShown {
    UserShown {
        ready: account.password.is_some(),
        name: account.name,
        role: account.role,
        created: account.created,
        closed: account.closed,
        link,
    }
}

async fn users(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    let all = desk.pool.read(|store| Ok(store.accounts()?)).await?;
    json(StatusCode::OK, &Users { items: all.into_iter().map(|account| shown(account, None)).collect() })
}

async fn add(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let UserAsked { name, role } = ask.json()?;
    let name = valid_name(&name)?;
    let now = Timestamp::now();
    let (secret, made) = link(&name, now)?;
    let deed = deed(&ask.caller, &format!("made the account of a {}", role.as_str()), &name);
    desk.pool
        .write(move |store| {
            if store.account(&name)?.is_some() {
                return Err(Problem::field(
                    "name",
                    format!("there is an account of the name {name}"),
                    "another name",
                ));
            }
            let account = Account { name, role, password: None, created: now, closed: None };
            store.put_account(&account, true, &deed)?;
            store.put_credential(&made, None)?;
            json(StatusCode::CREATED, &shown(account, Some(secret)))
        })
        .await
}

async fn change(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let asked: UserChange = ask.json()?;
    desk.pool
        .write(move |store| {
            let name = ask.id().to_owned();
            let Some(mut account) = store.account(&name)? else {
                return Err(Problem::new("not-found", format!("there is no account of the name {name}")));
            };
            let now = Timestamp::now();
            let mut done = Vec::new();
            if let Some(role) = asked.role.filter(|role| *role != account.role) {
                done.push(format!("made a {} of", role.as_str()));
                account.role = role;
            }
            if let Some(closed) = asked.closed.filter(|closed| *closed != account.closed.is_some()) {
                done.push(if closed { "closed the account of" } else { "opened the account of" }.to_owned());
                account.closed = closed.then_some(now);
            }
            let others = store.accounts()?;
            let admins = others.iter().filter(|other| other.name != account.name).any(is_admin);
            if !admins && !is_admin(&account) {
                return Err(Problem::new(
                    "refused",
                    format!("{} is the last admin: nobody could make accounts any more", account.name),
                )
                .hint("make somebody else an admin first"));
            }
            let given = if asked.link { Some(link(&account.name, now)?) } else { None };
            if given.is_some() {
                done.push("gave a link to".to_owned());
            }
            if done.is_empty() {
                return json(StatusCode::OK, &shown(account, None));
            }
            // What they are logged in with has the rights of the account as it is: only a closed one and a new password end it.
            let anew = account.closed.is_some() || given.is_some();
            store.put_account(&account, anew, &deed(&ask.caller, &done.join(", "), &account.name))?;
            let mut said = None;
            if let Some((secret, made)) = given {
                store.put_credential(&made, None)?;
                said = Some(secret);
            }
            json(StatusCode::OK, &shown(account, said))
        })
        .await
}

/// Letters of a token's hash that it is known by.
const ID: usize = 16;

fn token_shown(held: &Credential, token: Option<String>) -> TokenShown {
    TokenShown {
        id: held.hash.chars().take(ID).collect(),
        label: held.label.clone(),
        scopes: held.scopes.clone(),
        created: held.created,
        expires: held.expires,
        token,
    }
}

async fn tokens(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let name = ask.caller.name;
    let held = desk.pool.read(move |store| Ok(store.credentials(&name, Timestamp::now())?)).await?;
    let held = held.iter().filter(|held| held.purpose == Purpose::Token);
    json(StatusCode::OK, &Tokens { items: held.map(|held| token_shown(held, None)).collect() })
}

async fn token(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let asked: TokenAsked = ask.json()?;
    if matches!(desk.setup.login, Login::No { .. }) {
        return Err(Problem::new(
            "refused",
            "this desk has no login: programs of this machine need no token",
        ));
    }
    if !matches!(ask.caller.proof, Proof::Session { .. }) {
        return Err(Problem::new("not-allowed", "a token makes no tokens: log in"));
    }
    let may = |need: &&Need| ask.caller.may.contains(need) && **need != Need::Accounts;
    let allowed: Vec<&str> = Need::ALL.iter().filter(may).map(|need| need.as_str()).collect();
    if asked.scopes.is_empty() || !asked.scopes.iter().all(|scope| allowed.contains(&scope.as_str())) {
        return Err(Problem::field(
            "scopes",
            "those are no scopes that can be given",
            format!("some of: {}", allowed.join(", ")),
        ));
    }
    if !(1..=400).contains(&asked.days) {
        return Err(Problem::field("days", "a token lasts 1 to 400 days", "a number from 1 to 400"));
    }
    let label =
        valid_name(&asked.label).map_err(|problem| Problem { place: Some("label".to_owned()), ..problem })?;
    let secret = format!("{TOKEN}{}", secret()?);
    let mut made =
        credential(&secret, &ask.caller.name, Purpose::Token, Timestamp::now(), i64::from(asked.days));
    (made.label, made.scopes) = (label.clone(), asked.scopes);
    let deed = deed(&ask.caller, &format!("made a token to {}", made.scopes.join(", ")), &label);
    let shown = token_shown(&made, Some(secret));
    desk.pool.write(move |store| Ok(store.put_credential(&made, Some(&deed))?)).await?;
    json(StatusCode::CREATED, &shown)
}

async fn end(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    desk.pool
        .write(move |store| {
            let held = store.credentials(&ask.caller.name, Timestamp::now())?;
            let found = held.iter().find(|held| {
                held.purpose == Purpose::Token && ask.id().len() == ID && held.hash.starts_with(ask.id())
            });
            let Some(held) = found else {
                return Err(Problem::new(
                    "not-found",
                    format!("{} has no token {}", ask.caller.name, ask.id()),
                ));
            };
            store.remove_credential(&held.hash, Some(&deed(&ask.caller, "ended a token", &held.label)))?;
            Ok(StatusCode::NO_CONTENT.into_response())
        })
        .await
}

async fn audit(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    let items = desk.pool.read(|store| Ok(store.deeds(500)?)).await?;
    json(StatusCode::OK, &Deeds { items })
}
