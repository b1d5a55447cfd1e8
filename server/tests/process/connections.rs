//! Few descriptors: raised to what the system allows, shared, and enough for those who come after everybody else.

use super::{folder::Folder, program::Program};
use std::{fs, net::TcpStream};

fn open_files(program: &Program) -> usize {
    fs::read_dir(format!("/proc/{}/fd", program.id())).unwrap().count()
}

#[tokio::test]
async fn a_process_whose_descriptors_ran_out_serves_again_when_some_are_free() {
    let behind = ["sh", "-c", r#"ulimit -n 64 && exec "$@""#, "sh"];
    let mut program = Program::start(Folder::new(), &behind, &[]).await;
    let http: u16 = program.base.rsplit(':').next().unwrap().parse().unwrap();
    let connect = |_| TcpStream::connect(("127.0.0.1", http)).unwrap();
    let held: Vec<_> = (0..200).map(connect).collect();
    drop(held);
    assert_eq!(program.until_ready(true).await, "ready\n");
    assert!(open_files(&program) <= 64);
}
