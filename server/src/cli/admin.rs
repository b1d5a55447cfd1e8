//! `viva admin`: accounts from the command line of the server's machine.

use super::person::PersonCommand;
use crate::{
    account::{Accounts, Change, NewAccount, PasswordLimits, generated},
    clock::unix_time,
    secret::{pictures_keys, renew_pictures_key},
    settings::Settings,
    store::{self, Vault},
};
use clap::{Args, Subcommand};
use std::{
    error::Error,
    io::{self, BufRead},
    sync::Arc,
};

/// What `viva admin` does.
#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Makes an administrator; prints the password, unless it was given.
    Create(CreateArgs),
    /// Gives an account a new password; its sessions end, and its seats in a running server within seconds. Prints the password, unless it was given.
    Password(PasswordArgs),
    /// Puts a new key before those that encrypt pictures of people; a server takes it at its next start and encrypts anew what is under the older ones.
    PicturesKey,
    /// Hands out or erases what is kept of one candidate.
    #[command(subcommand)]
    Person(PersonCommand),
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// What is typed to sign in.
    #[arg(long)]
    account: String,
    /// The person's name. Otherwise the account.
    #[arg(long)]
    name: Option<String>,
    /// Reads the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct PasswordArgs {
    /// Whose password.
    #[arg(long)]
    account: String,
    /// Reads the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
}

impl AdminCommand {
    /// Does it; answers what to print. A running server need not stop.
    pub(super) async fn run(self, settings: &Settings) -> Result<String, Box<dyn Error>> {
        if matches!(self, Self::PicturesKey) {
            renew_pictures_key(settings)?;
            return Ok("Start viva anew: it encrypts the pictures with the new key.\n".to_owned());
        }
        let store = store::open(settings, vault(settings)?, None).await?;
        let accounts = Accounts::new(Arc::clone(&store), PasswordLimits::default());
        let done = match self {
            Self::Person(command) => command.run(settings, &*store).await,
            command => command.with(&accounts).await,
        };
        store.close().await;
        done
    }

    async fn with(self, accounts: &Accounts) -> Result<String, Box<dyn Error>> {
        let now = u64::try_from(unix_time().as_millis())?;
        match self {
            Self::PicturesKey | Self::Person(_) => Ok(String::new()),
            Self::Create(CreateArgs { account, name, password_stdin }) => {
                let (password, given) = password(password_stdin)?;
                let name = name.unwrap_or_else(|| account.clone());
                let shown = (!given).then(|| password.clone());
                let made =
                    accounts.create(NewAccount { account, name, password, administrator: true }, now).await?;
                Ok(told(&format!("The administrator {} can sign in.", made.account), shown))
            }
            Self::Password(PasswordArgs { account, password_stdin }) => {
                let (password, given) = password(password_stdin)?;
                let shown = (!given).then(|| password.clone());
                let change = Change { password: Some(password), ..Change::default() };
                let (changed, _) = accounts.change(&account, change, now).await?;
                Ok(told(&format!("The account {} has a new password.", changed.account), shown))
            }
        }
    }
}

/// Encrypts pictures as the running server does.
fn vault(settings: &Settings) -> Result<Vault, Box<dyn Error>> {
    let keys = pictures_keys(settings)?;
    Ok(Vault::new(keys.iter().map(String::as_str))?)
}

fn told(what: &str, password: Option<String>) -> String {
    match password {
        Some(password) => format!("{what}\nPassword: {password}\n"),
        None => format!("{what}\n"),
    }
}

/// The password and whether it was given.
fn password(stdin: bool) -> io::Result<(String, bool)> {
    if !stdin {
        return Ok((generated(), false));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{random, settings::Sources};

    #[tokio::test]
    async fn an_administrator_is_made_and_signs_in_with_what_was_printed() {
        let folder = std::env::temp_dir().join(format!("viva-admin-{}", random::hex::<8>()));
        let flags = [("data_dir".to_owned(), folder.display().to_string())];
        let settings = Sources { flags: flags.into(), ..Sources::default() }.load().unwrap();
        let create = || {
            AdminCommand::Create(CreateArgs { account: "Li".to_owned(), name: None, password_stdin: false })
        };
        let printed = create().run(&settings).await.unwrap();
        assert!(printed.contains("administrator li"), "{printed}");
        let again = create().run(&settings).await.unwrap_err().to_string();
        assert!(again.contains("account exists already"), "{again}");
        let renew = AdminCommand::Password(PasswordArgs { account: "li".to_owned(), password_stdin: false });
        let renewed = renew.run(&settings).await.unwrap();

        let accounts = Accounts::new(
            store::open(&settings, vault(&settings).unwrap(), None).await.unwrap(),
            PasswordLimits::default(),
        );
        let home = std::net::IpAddr::from(std::net::Ipv4Addr::LOCALHOST);
        let password = |text: &str| text.split_once("Password: ").unwrap().1.trim().to_owned();
        assert!(accounts.sign_in("li", &password(&printed), home, 0).await.is_err());
        assert!(accounts.sign_in("li", &password(&renewed), home, 0).await.unwrap().account.administrator);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
