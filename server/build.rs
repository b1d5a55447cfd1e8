//! Makes the folder of the built web pages, so that the program builds without them too.

fn main() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/dist");
    if let Err(error) = std::fs::create_dir_all(folder) {
        println!("cargo::warning=cannot make {folder}: {error}");
    }
    println!("cargo::rerun-if-changed={folder}");
}
