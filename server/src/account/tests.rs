//! Signing in, with the store for real and the time as an argument.

use super::*;
use crate::{random, store::Sql};
use std::{net::Ipv4Addr, path::PathBuf};

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
const PASSWORD: &str = "correct horse battery";
const HOUR: u64 = 3_600_000;

/// Accounts in a folder that is gone when the test is.
struct Desk(PathBuf, Accounts);

impl Desk {
    async fn new() -> Self {
        let path = std::env::temp_dir().join(format!("viva-accounts-{}", random::hex::<8>()));
        let store = Sql::sqlite(&path.join("viva.db")).await.unwrap();
        Self(path, Accounts::new(Arc::new(store), PasswordLimits::default()))
    }

    async fn with_li() -> Self {
        let desk = Self::new().await;
        desk.1.create(new("li", true), 0).await.unwrap();
        desk
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl std::ops::Deref for Desk {
    type Target = Accounts;

    fn deref(&self) -> &Accounts {
        &self.1
    }
}

fn new(account: &str, administrator: bool) -> NewAccount {
    let (account, name, password) = (account.to_owned(), "李明".to_owned(), PASSWORD.to_owned());
    NewAccount { account, name, password, administrator }
}

#[tokio::test]
async fn who_has_the_password_signs_in_and_out() {
    let desk = Desk::with_li().await;
    let NewSession { token, account } = desk.sign_in(" LI ", PASSWORD, HOME, 1000).await.unwrap();
    assert!(account.administrator && account.name == "李明");
    assert_eq!(desk.session(token.as_str(), 2000).await, Ok(Some(account.clone())));
    desk.sign_out(token.as_str()).await.unwrap();
    assert_eq!(desk.session(token.as_str(), 2000).await, Ok(None));
    for nonsense in ["", "x", &"0".repeat(64), &"é".repeat(32), &"0".repeat(100_000)] {
        assert_eq!(desk.session(nonsense, 2000).await, Ok(None));
    }
}

#[tokio::test]
async fn unknown_wrong_and_disabled_get_one_answer() {
    let desk = Desk::with_li().await;
    desk.create(new("wang", false), 0).await.unwrap();
    desk.change("wang", Change { disabled: Some(true), ..Change::default() }, 0).await.unwrap();
    for (account, password) in
        [("li", "wrong"), ("nobody", PASSWORD), ("no body\0", PASSWORD), ("wang", PASSWORD)]
    {
        let answer = desk.sign_in(account, password, HOME, 0).await.unwrap_err();
        assert_eq!(answer, AccountError::SignInFailed, "{account}");
    }
}

#[tokio::test]
async fn guessing_locks_the_account_whether_it_exists_or_not() {
    let desk = Desk::with_li().await;
    for account in ["li", "nobody"] {
        for _ in 0..PasswordLimits::default().strangers.burst {
            let answer = desk.sign_in(account, "wrong", HOME, 0).await.unwrap_err();
            assert_eq!(answer, AccountError::SignInFailed);
        }
        let answer = desk.sign_in(account, PASSWORD, ELSEWHERE, 0).await.unwrap_err();
        assert_eq!(answer, AccountError::Locked { wait: 112_500 }, "{account}");
        assert!(answer.to_string().contains("2 minutes"), "{answer}");
    }
    assert!(desk.sign_in("li", PASSWORD, ELSEWHERE, 112_500).await.is_ok());
}

#[tokio::test]
async fn wrong_passwords_elsewhere_lock_nobody_out_who_has_signed_in_before() {
    let desk = Desk::with_li().await;
    desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap();
    let guess = async |visitor: Visitor| desk.sign_in("li", "wrong", visitor, 0).await.unwrap_err();
    while guess(ELSEWHERE.into()).await == AccountError::SignInFailed {}
    assert!(desk.sign_in("li", PASSWORD, HOME, 0).await.is_ok(), "from the same network");
    let device = Some(KnownDevice::new(1).with("li"));
    let travelling = Visitor { device, address: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)) };
    assert!(desk.sign_in("li", PASSWORD, travelling.clone(), 0).await.is_ok(), "by the same device");
    assert!(matches!(guess(ELSEWHERE.into()).await, AccountError::Locked { .. }));
    while guess(travelling.clone()).await == AccountError::SignInFailed {}
    assert!(desk.sign_in("li", PASSWORD, HOME, 0).await.is_ok(), "the guesser hurts itself alone");
}

#[tokio::test]
async fn a_stolen_session_guesses_no_password_and_locks_nobody_out() {
    let desk = Desk::with_li().await;
    let stolen = desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap().token;
    let guess =
        async || desk.change_own_password(stolen.as_str(), "wrong", "another good one", ELSEWHERE, 1).await;
    let mut guesses = 0;
    while guess().await == Err(AccountError::SignInFailed) {
        guesses += 1;
    }
    assert_eq!(guesses, PasswordLimits::default().device.burst);
    assert!(matches!(guess().await, Err(AccountError::Locked { .. })));
    assert!(desk.sign_in("li", PASSWORD, HOME, 1).await.is_ok());
}

#[tokio::test]
async fn a_session_slides_and_ends() {
    let desk = Desk::with_li().await;
    let token = desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap().token;
    let token = token.as_str();
    let mut now = 0;
    while now < ABSOLUTE {
        assert!(desk.session(token, now).await.unwrap().is_some(), "{now}");
        now += 11 * HOUR;
    }
    assert!(desk.session(token, ABSOLUTE - 1).await.unwrap().is_some());
    assert!(desk.session(token, ABSOLUTE).await.unwrap().is_none());
    let token = desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap().token;
    assert!(desk.session(token.as_str(), SLIDING).await.unwrap().is_none(), "not used for twelve hours");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let desk = Desk::with_li().await;
    let here = desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap().token;
    let there = desk.sign_in("li", PASSWORD, ELSEWHERE, 0).await.unwrap().token;
    let change = async |old, new| desk.change_own_password(here.as_str(), old, new, HOME, 1).await;
    assert_eq!(change("wrong", "another good one").await, Err(AccountError::SignInFailed));
    assert_eq!(change(PASSWORD, "short").await, Err(AccountError::Password(WeakPassword::Short)));
    assert_eq!(change(PASSWORD, "another good one").await, Ok(()));
    assert!(desk.session(here.as_str(), 2).await.unwrap().is_some());
    assert!(desk.session(there.as_str(), 2).await.unwrap().is_none());
    assert!(desk.sign_in("li", PASSWORD, HOME, 2).await.is_err());
    let reset = Change { password: Some("given by the office".to_owned()), ..Change::default() };
    desk.change("li", reset, 3).await.unwrap();
    assert!(desk.session(here.as_str(), 4).await.unwrap().is_none());
    assert!(desk.sign_in("li", "given by the office", HOME, 4).await.is_ok());
}

#[tokio::test]
async fn accounts_are_checked_before_they_are_made() {
    let desk = Desk::with_li().await;
    let made = desk.create(new("LI", false), 0).await.unwrap_err();
    assert_eq!(made, AccountError::Store(StoreError::Exists("account")));
    assert!(matches!(desk.create(new("a b", false), 0).await, Err(AccountError::Name(_))));
    let weak = NewAccount { password: "li".to_owned(), ..new("wang", false) };
    assert!(matches!(desk.create(weak, 0).await, Err(AccountError::Password(_))));
    let alone = Change { administrator: Some(false), ..Change::default() };
    assert_eq!(desk.change("li", alone, 0).await, Err(AccountError::LastAdministrator));
    assert_eq!(
        desk.change("zhao", Change::default(), 0).await,
        Err(AccountError::Store(StoreError::NotFound("account")))
    );
    assert_eq!(desk.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_first_administrator_comes_with_the_code_of_the_log() {
    let desk = Desk::new().await;
    assert_eq!(desk.first_needed().await, Ok(true));
    let old = desk.first_code(0).await.unwrap().unwrap();
    let code = desk.first_code(0).await.unwrap().unwrap();
    assert_eq!(code.len(), 14);
    let first = async |code: &str, now| desk.create_first(code, new("an", false), HOME, now).await;
    assert_eq!(first(&old, 0).await, Err(AccountError::SignInFailed));
    assert_eq!(first("", 0).await, Err(AccountError::SignInFailed));
    assert_eq!(first(&code, 25 * HOUR).await, Err(AccountError::SignInFailed), "a day later");
    let typed = code.to_lowercase().replace('-', " ");
    assert!(first(&typed, 0).await.unwrap().administrator);
    assert_eq!(first(&code, 0).await, Err(AccountError::SignInFailed), "once");
    assert_eq!(desk.first_needed().await, Ok(false));
    assert_eq!(desk.first_code(0).await, Ok(None));
}

#[tokio::test]
async fn guessing_the_first_code_is_limited_and_the_right_one_is_not_refused() {
    let desk = Desk::new().await;
    let code = desk.first_code(0).await.unwrap().unwrap();
    let guess = async || desk.create_first("2222-2222-2222", new("an", true), HOME, 0).await.unwrap_err();
    for _ in 0..PasswordLimits::default().address.burst {
        assert_eq!(guess().await, AccountError::SignInFailed);
    }
    assert_eq!(guess().await, AccountError::RateLimited { wait: 9000 });
    assert!(desk.create_first(&code, new("an", true), HOME, 0).await.is_ok());
}

#[tokio::test]
async fn no_secret_shows_in_a_debug_text() {
    let desk = Desk::with_li().await;
    let signed_in = desk.sign_in("li", PASSWORD, HOME, 0).await.unwrap();
    let shown = format!("{signed_in:?} {:?} {:?}", new("li", true), desk.list().await.unwrap());
    assert!(!shown.contains(PASSWORD) && !shown.contains("argon2id"), "{shown}");
    assert!(!shown.contains(signed_in.token.as_str()), "{shown}");
}
