//! Accounts of the staff from a table: looked at first, then all of them, or none; their passwords are told once.

use super::{
    Fault,
    columns::{Columns, Line, Wanted},
    import::{blocking, form, refused, unreadable},
};
use crate::{
    account::{InvalidName, MAX_NAME_CHARS, NewAccount, generated, normalised, person_name},
    clock::now,
    http::{
        App,
        body::{Asked, Json},
        openapi::refusals,
        session::{Administrator, account_problem},
    },
    problem::Problem,
    table::{self, Charset, MAX_FILE, Table},
};
use axum::extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_interview::writing;

refusals! {
    ImportRefused: ImportRefused, AccountExists, RateLimited;
}

/// Accounts that are made at once: each costs a hash.
const MOST: usize = 200;
/// So many are shown before.
const SHOWN: usize = 8;

const WANTED: [Wanted; 3] = [
    Wanted { code: "name", words: &["姓名", "名字", "name", "fullname"], needed: true },
    Wanted {
        code: "account",
        words: &[
            "账号",
            "帐号",
            "账户",
            "用户名",
            "登录名",
            "工号",
            "account",
            "username",
            "login",
            "email",
            "邮箱",
        ],
        needed: true,
    },
    Wanted { code: "role", words: &["角色", "权限", "身份", "role"], needed: false },
];

/// What makes somebody an administrator, and what does not; nothing else is guessed.
const ADMINISTRATORS: [&str; 4] = ["管理员", "系统管理员", "administrator", "admin"];
const STAFF: [&str; 10] =
    ["", "工作人员", "考官", "主考", "秘书", "巡考", "staff", "examiner", "host", "patrol"];

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import)).layer(DefaultBodyLimit::max(MAX_FILE + 1024 * 1024))
}

/// How it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct How {
    /// Only checks.
    #[serde(default)]
    dry_run: bool,
}

/// A table of accounts.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form to the readers of the API")]
struct AccountForm {
    /// CSV or XLSX, at most 5 MiB and 200 accounts, with columns for name, account and perhaps role: 管理员
    /// (administrator), anything else that is known or nothing for the staff.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
}

/// An account that was, or would be, made.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct MadeAccount {
    account: String,
    name: String,
    administrator: bool,
    /// Told here and nowhere else; none where nothing was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    password: Option<String>,
}

/// What was, or would be, made.
#[derive(Debug, Serialize, ToSchema)]
struct MadeAccounts {
    /// How many.
    added: usize,
    /// How many of them administer everything.
    administrators: usize,
    /// All of them; where it was only looked, the first.
    accounts: Vec<MadeAccount>,
    /// How the text was read, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    encoding: Option<Charset>,
    /// Headings of columns that were not taken.
    ignored: Vec<String>,
}

/// Makes accounts of a table: all of them, or none. Passwords are generated and told in the answer, once.
#[utoipa::path(post, path = "/api/admin/accounts/import", tag = "administration",
    request_body(content = AccountForm, content_type = "multipart/form-data"), params(How), responses(
    (status = 200, body = MadeAccounts), ImportRefused))]
async fn import(
    State(app): State<App>,
    _: Administrator,
    Asked(How { dry_run }): Asked<How>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<MadeAccounts>, Problem> {
    let form::Uploaded { file, choices, .. } = form::uploaded(&app, form, false).await?;
    let there = app.accounts.list().await?.into_iter().map(|known| known.account).collect();
    let (mut made, encoding, ignored) = blocking(move || {
        let table = table::read(&file, &choices.reading()).map_err(|error| unreadable(&error))?;
        let (made, ignored) = accounts(&table, there).map_err(refused)?;
        Ok::<_, Problem>((made, table.charset.filter(|charset| *charset != Charset::Utf8), ignored))
    })
    .await??;
    let added = made.len();
    let administrators = made.iter().filter(|one| one.administrator).count();
    if dry_run {
        made.truncate(SHOWN);
    } else {
        let new: Vec<NewAccount> = made.iter_mut().map(with_password).collect();
        app.accounts.create_all(new, now().0).await.map_err(account_problem)?;
    }
    Ok(Json(MadeAccounts { added, administrators, accounts: made, encoding, ignored }))
}

/// Gives an account a password that nobody guesses.
fn with_password(made: &mut MadeAccount) -> NewAccount {
    let password = generated();
    made.password = Some(password.clone());
    let MadeAccount { account, name, administrator, .. } = made.clone();
    NewAccount { account, name, password, administrator }
}

/// The accounts of a table, beside those that are there.
fn accounts(
    table: &Table,
    mut taken: BTreeSet<String>,
) -> Result<(Vec<MadeAccount>, Vec<String>), Vec<Fault>> {
    let columns = Columns::of(table, &WANTED)?;
    let (mut made, mut faults) = (Vec::new(), Vec::new());
    for line in columns.lines() {
        let account = normalised(line.text("account")).map_err(|error| invalid(&line, "account", error));
        let name = person_name(line.text("name")).map_err(|error| invalid(&line, "name", error));
        if let Ok(account) = &account
            && !taken.insert(account.clone())
        {
            faults.push(line.fault("account", "duplicate"));
        }
        let role = writing::heading(line.text("role"));
        let administrator = ADMINISTRATORS.contains(&role.as_str());
        if !administrator && !STAFF.contains(&role.as_str()) {
            faults.push(line.fault("role", "role_unknown"));
        }
        match (account, name) {
            (Ok(account), Ok(name)) => {
                made.push(MadeAccount { account, name, administrator, password: None })
            }
            (account, name) => faults.extend(account.err().into_iter().chain(name.err())),
        }
    }
    if made.len() > MOST {
        faults.insert(0, Fault::new(0, "file", "too_many_accounts").most(MOST));
    }
    if faults.is_empty() { Ok((made, columns.ignored.clone())) } else { Err(faults) }
}

fn invalid(line: &Line<'_>, code: &str, error: InvalidName) -> Fault {
    match error {
        InvalidName::Empty => line.fault(code, "empty"),
        InvalidName::Long => line.fault(code, "too_long").most(MAX_NAME_CHARS),
        InvalidName::Character | InvalidName::Control => line.fault(code, "invalid"),
    }
}
