//! The command line of `viva`.

mod admin;
mod draw;
mod person;

use crate::{
    doctor, links,
    reload::Reload,
    secret::secret,
    serve::Server,
    settings::{self, Flags, Settings, Sources, Span},
    tokens::Tokens,
};
use admin::AdminCommand;
use clap::{Args, Parser, Subcommand};
use draw::{DrawCommand, Found};
use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use viva_signaling::token::HORIZON;

/// Viva (面谈): oral examinations over the internet.
#[derive(Debug, Parser)]
#[command(
    name = "viva",
    version,
    about,
    after_help = "Every setting can be a flag: see `viva config` or --help."
)]
struct Cli {
    /// The file of settings; otherwise viva.toml in the working directory, where it exists.
    #[arg(long, global = true, env = "VIVA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server. This is what happens without a command, too.
    Serve,
    /// Prints a token that opens one seat, and the link with it.
    Token(TokenArgs),
    /// Explains every setting: default, names, value now and where it comes from.
    Config,
    /// Looks at the deployment and says what is wrong and what to type; the exit code is 0 where all is well, 1 with warnings, 2 where people do not get in.
    Doctor(DoctorArgs),
    /// Prints links to a demo room.
    DemoLinks,
    /// Checks random draws.
    #[command(subcommand)]
    Draw(DrawCommand),
    /// Makes administrators, gives new passwords, hands out and erases what is kept of a person.
    #[command(subcommand)]
    Admin(AdminCommand),
}

#[derive(Debug, Args)]
struct TokenArgs {
    /// The room's name.
    #[arg(long)]
    room: String,
    /// The person's name, as the others see it.
    #[arg(long)]
    name: String,
    /// Whose seat it is: the same identity never sits twice. Otherwise the name.
    #[arg(long)]
    identity: Option<String>,
    /// May send camera and microphone.
    #[arg(long)]
    publish: bool,
    /// May see and hear the others.
    #[arg(long)]
    subscribe: bool,
    /// How long it opens the seat: 30m, 8h, 7d.
    #[arg(long, default_value = "8h")]
    ttl: Span,
}

#[derive(Debug, Args)]
struct DoctorArgs {
    /// Prints what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `viva` with the arguments of the process.
pub fn run() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            for line in error.to_string().lines() {
                let _ = writeln!(io::stderr(), "viva: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let sources = Sources::of_process(self.config, self.flags);
        let done = match self.command {
            None | Some(Command::Serve) => serve(sources),
            Some(Command::Token(args)) => token(&sources.load()?, args),
            Some(Command::Config) => Ok(print(&settings::explain(&sources)?)?),
            Some(Command::Draw(command)) => {
                let Found { text, good } = command.run()?;
                print(&text)?;
                return Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Some(Command::Doctor(args)) => return doctor(&sources, &args),
            Some(Command::Admin(command)) => admin(command, &sources.load()?),
            Some(Command::DemoLinks) => {
                let settings = sources.load()?;
                Ok(print(&links::demo(&Tokens::new(&secret(&settings)?)?, &settings.base_url())?)?)
            }
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

fn token(settings: &Settings, args: TokenArgs) -> Result<(), Box<dyn Error>> {
    let TokenArgs { room, name, identity, publish, subscribe, ttl } = args;
    if ttl.0.as_secs() > HORIZON {
        return Err(format!("a token is good for at most {} days", HORIZON / 86_400).into());
    }
    let seat =
        links::SeatFor { room, identity: identity.unwrap_or_else(|| name.clone()), name, publish, subscribe };
    let token = seat.token(&Tokens::new(&secret(settings)?)?, ttl.0)?;
    print(&format!("{token}\n{}\n", links::link(&settings.base_url(), &token)))?;
    Ok(())
}

fn doctor(sources: &Sources, args: &DoctorArgs) -> Result<ExitCode, Box<dyn Error>> {
    let report = match sources.load() {
        Ok(settings) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(doctor::examine(&settings, doctor::Place::Beside))
        }
        Err(faults) => doctor::Report::of_faults(&faults.to_string()),
    };
    let text = if args.json { serde_json::to_string_pretty(&report)? + "\n" } else { report.text() };
    print(&text)?;
    Ok(ExitCode::from(report.exit_code()))
}

fn admin(command: AdminCommand, settings: &Settings) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(print(&runtime.block_on(command.run(settings))?)?)
}

fn serve(sources: Sources) -> Result<(), Box<dyn Error>> {
    let settings = sources.load()?;
    if settings.demo {
        crate::demo::refuse_public(&settings)?;
    }
    let warnings = sources.warnings();
    let mut reload = Reload::new(sources, crate::log::start(&settings)?);
    warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let mut signals = Signals::new()?;
        let demo = settings.demo;
        let server = tokio::select! {
            started = Server::start(settings) => started?,
            () = signals.end(&mut reload) => return Ok(()),
        };
        if demo {
            print(&server.demo().await?)?;
        }
        signals.end(&mut reload).await;
        tokio::select! {
            stopped = server.stop() => Ok(stopped?),
            () = signals.end(&mut reload) => Err("stopped at once by a second signal".into()),
        }
    });
    runtime.shutdown_background();
    served
}

/// SIGTERM and SIGINT end the program, SIGHUP makes it read its settings again.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Returns when the program is to end.
    async fn end(&mut self, reload: &mut Reload) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => reload.again(),
            }
        }
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(args: &[&str]) -> Cli {
        Cli::try_parse_from([&["viva"], args].concat()).unwrap()
    }

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_are_flags_before_and_after_the_command() {
        let before = parse(&["--demo", "--listen", "0.0.0.0:1", "serve"]);
        assert!(matches!(before.command, Some(Command::Serve)));
        let expected =
            [("demo".to_owned(), "true".to_owned()), ("listen".to_owned(), "0.0.0.0:1".to_owned())];
        assert_eq!(before.flags.given(), expected.into());
        let after = parse(&["serve", "--tcp=false"]);
        assert_eq!(after.flags.given(), [("tcp".to_owned(), "false".to_owned())].into());
    }

    #[test]
    fn serving_is_what_happens_without_a_command() {
        assert!(parse(&[]).command.is_none());
    }
}
