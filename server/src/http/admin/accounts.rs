//! Accounts of the staff.

use crate::{
    account::{Change, NewAccount},
    clock::now,
    http::{
        App,
        body::{At, Json},
        openapi::refusals,
        session::{Administrator, account_problem},
    },
    problem::Problem,
    store::Account,
};
use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

refusals! {
    AddRefused: NameInvalid, PasswordWeak, AccountExists, RateLimited;
    ChangeRefused: NameInvalid, PasswordWeak, LastAdministrator, RateLimited;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change))
}

/// An account, without what is secret.
#[derive(Debug, Serialize, ToSchema)]
struct AccountRow {
    account: String,
    name: String,
    administrator: bool,
    disabled: bool,
}

impl From<Account> for AccountRow {
    fn from(account: Account) -> Self {
        let Account { account, name, administrator, disabled, .. } = account;
        Self { account, name, administrator, disabled }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
struct AccountBody {
    /// Letters, digits and `.`, `_`, `-`, `@`.
    #[schema(min_length = 1, max_length = 64)]
    account: String,
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// At least 10 characters that nobody guesses, at most 512 bytes.
    #[schema(min_length = 10, max_length = 512)]
    password: String,
    #[serde(default)]
    administrator: bool,
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
struct AccountChanges {
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    #[schema(min_length = 10, max_length = 512)]
    password: Option<String>,
    administrator: Option<bool>,
    disabled: Option<bool>,
}

/// All accounts by name.
#[utoipa::path(get, path = "/api/admin/accounts", tag = "administration", responses(
    (status = 200, body = Vec<AccountRow>)))]
async fn list(State(app): State<App>, _: Administrator) -> Result<Json<Vec<AccountRow>>, Problem> {
    let accounts = app.accounts.list().await?;
    Ok(Json(accounts.into_iter().map(AccountRow::from).collect()))
}

/// A new account.
#[utoipa::path(post, path = "/api/admin/accounts", tag = "administration", request_body = AccountBody, responses(
    (status = 201, body = AccountRow), AddRefused))]
async fn add(
    State(app): State<App>,
    _: Administrator,
    Json(AccountBody { account, name, password, administrator }): Json<AccountBody>,
) -> Result<(StatusCode, Json<AccountRow>), Problem> {
    let new = NewAccount { account, name, password, administrator };
    let made = app.accounts.create(new, now().0).await.map_err(account_problem)?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Changes an account. With a new password, another role, or disabled, its seats in running interviews end at once.
#[utoipa::path(put, path = "/api/admin/accounts/{account}", tag = "administration", request_body = AccountChanges,
    params(("account" = String, Path)), responses(
    (status = 200, body = AccountRow), ChangeRefused))]
async fn change(
    State(app): State<App>,
    _: Administrator,
    At(account): At<String>,
    Json(AccountChanges { name, password, administrator, disabled }): Json<AccountChanges>,
) -> Result<Json<AccountRow>, Problem> {
    let change = Change { name, password, administrator, disabled };
    let changed = app.accounts.change(&account, change, now().0).await.map_err(account_problem)?;
    let (changed, ends) = changed;
    if ends {
        app.sittings.dismiss(&changed.account).await?;
    }
    Ok(Json(changed.into()))
}
