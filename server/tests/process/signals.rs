//! SIGHUP reads the settings again and ends nothing.

use super::{folder::Folder, program::Program};
use std::{fs, process::Command};

fn hangup(program: &Program) {
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
}

#[tokio::test]
async fn hangup_reads_what_is_logged_again_and_names_what_needs_a_restart() {
    let folder = Folder::new();
    let file = folder.path().join("viva.toml");
    fs::write(&file, "log = \"info\"\nmax_seats = 500\n").unwrap();
    let path = file.display().to_string();
    let mut program = Program::start(folder, &[], &[("config", &path)]).await;
    assert!(!program.logged().contains("DEBUG"));

    fs::write(&file, "log = \"debug\"\nmax_seats = 7\n").unwrap();
    hangup(&program);
    program.until_logged("need a restart").await;
    assert!(program.logged().contains("max_seats"), "{}", program.logged());
    assert_eq!(program.http.get(format!("{}/healthz", program.base)).send().await.unwrap().status(), 200);
    program.until_logged("DEBUG").await;

    for (number, bad) in ["log = \"nonsense=[\"", "lisen = 1", "log = "].into_iter().enumerate() {
        fs::write(&file, bad).unwrap();
        hangup(&program);
        let told = async |program: &Program| {
            program.logged().matches("cannot be used and stay as they are").count() == number + 1
        };
        program.until(told, bad).await;
    }
    fs::remove_file(&file).unwrap();
    hangup(&program);
    program.until_logged("does not exist").await;
    assert!(program.ready().await.unwrap().0, "it still serves");
}
