//! Lets a new build of the page reach the binary: the folder it is embedded from is watched.

#[expect(clippy::disallowed_macros, reason = "printing is how a build script talks to cargo")]
fn main() {
    // A missing folder would be taken as changed at every build. A source tree that cannot be written to stays as it is.
    std::fs::create_dir_all("web/dist").ok();
    println!("cargo::rerun-if-changed=web/dist");
}
