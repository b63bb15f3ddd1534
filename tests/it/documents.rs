//! README.md and the pages under docs/: every command in them is run, and every link, address and option in them exists.
//!
//! A command is what stands in a block of `sh`, or indented by four. It may go on over several lines: after a backslash, or
//! inside single quotes. It must end with 0, or with N where `# ends with N` stands behind it. The commands of a page are
//! run in their order, in a folder that looks like the repository after `make demo`, beside a server of that demo county.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clap::CommandFactory as _;
use gridmap::cli::Cli;
use tempfile::TempDir;
use url::Url;

use crate::api::county;
use crate::backends::{administer, postgres_url};
use crate::kill::{request, until};

/// What is not run, by how it begins, and why.
const NOT_RUN: [(&str, &str); 2] = [
    ("apt-get install ", "it changes the machine"),
    ("make ", "it builds everything anew; another test looks for the target"),
];

/// Where the pages say that the demo county is served, and where a server in production listens.
const DEMO: &str = "127.0.0.1:8080";
const EVERYWHERE: &str = "0.0.0.0:8080";

/// The database that the operator's page creates, and its address there.
const DATABASE: &str = "gridmap";
const DATABASE_URL: &str = "postgres://gridmap@db.example/gridmap";

const LANGUAGES: [&str; 3] = ["sh", "toml", "nginx"];

#[test]
fn every_command_ends_as_its_page_says() {
    let drop_created = || administer(&format!("drop database if exists {DATABASE} with (force)"));
    drop_created();
    let pages = pages();
    let commands: Vec<Vec<Shown>> = pages.iter().map(Page::commands).collect();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (page, commands) in pages.iter().zip(&commands) {
        let desk = Desk::for_page(page);
        outcomes.extend(commands.iter().map(|command| desk.run(command)));
    }
    drop_created();
    let failed: Vec<&str> = outcomes.iter().filter_map(Outcome::failure).collect();
    assert!(failed.is_empty(), "{} commands failed\n\n{}", failed.len(), failed.join("\n\n"));
    assert_eq!(outcomes.len(), commands.iter().flatten().count(), "none was left out");
    for (begin, _) in NOT_RUN {
        assert!(outcomes.contains(&Outcome::NotRun(begin)), "no page has {begin:?}: take it off the list");
    }
}

#[test]
fn every_block_is_of_a_known_language() {
    for page in pages() {
        for block in &page.blocks {
            assert!(LANGUAGES.contains(&block.language.as_str()), "{}: {:?}", page.name, block.language);
        }
    }
}

#[test]
fn every_make_target_exists() {
    let makefile = fs::read_to_string(in_repository("Makefile")).unwrap();
    let is_target = |name: &str| makefile.lines().any(|line| line.starts_with(&format!("{name}:")));
    for page in pages() {
        let shown: Vec<String> = page.commands().into_iter().map(|command| command.text).collect();
        let said = shown.iter().map(String::as_str).chain(page.spans());
        for target in said.filter_map(|text| text.strip_prefix("make ")?.split_whitespace().next()) {
            assert!(is_target(target), "{}: the Makefile has no target {target}", page.name);
        }
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    for page in pages() {
        let folder = in_repository(&page.name).parent().unwrap().to_owned();
        for link in page.links().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { in_repository(&page.name) } else { folder.join(file) };
            assert!(file.exists(), "{}: {link} leads to no file", page.name);
            if !heading.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let headings: Vec<String> = text.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
                assert!(headings.iter().any(|one| one == heading), "{}: {link} is none of {headings:?}", page.name);
            }
        }
    }
}

#[test]
fn every_address_in_the_text_is_answered() {
    let server = county::open().to_string();
    let mut n_asked = 0;
    for page in pages() {
        let words = page.spans().flat_map(str::split_whitespace);
        let paths = words.map(|word| word.strip_prefix("http://127.0.0.1:8080").unwrap_or(word));
        for path in paths.filter(|path| path.starts_with('/') && !path.contains('{')) {
            let answer = request(&server, "GET", path, "").expect("the server answers");
            assert!(!answer.starts_with("HTTP/1.1 404"), "{}: nothing is at {path}", page.name);
            n_asked += 1;
        }
    }
    assert!(n_asked > 0);
}

#[test]
fn every_subcommand_and_option_in_the_text_exists() {
    let mut program = Cli::command();
    program.build();
    let options = options(&program);
    for page in pages() {
        for span in page.spans() {
            let given = span.split_whitespace().filter(|word| word.starts_with("--"));
            for option in given.map(|word| word.split('=').next().unwrap()) {
                assert!(options.contains(option), "{}: there is no {option}", page.name);
            }
            if span.starts_with("GRIDMAP_") {
                assert!(options.contains(span), "{}: nothing reads {span}", page.name);
            }
            if let Some(name) = span.strip_prefix("gridmap ").and_then(|rest| rest.split_whitespace().next()) {
                assert!(program.find_subcommand(name).is_some(), "{}: there is no `gridmap {name}`", page.name);
            }
        }
    }
}

#[test]
fn the_settings_have_the_defaults_that_the_table_says() {
    let mut program = Cli::command();
    program.build();
    let serve = program.find_subcommand("serve").unwrap();
    let page = Page::read("docs/operator.md");
    let rows: Vec<Vec<&str>> = page.prose.iter().map(|(_, line)| line.split('|').map(str::trim).collect()).collect();
    let rows: Vec<&Vec<&str>> = rows.iter().filter(|row| row.len() > 3 && row[1].starts_with("`--")).collect();
    assert!(!rows.is_empty());
    for row in rows {
        let name = row[1].trim_matches('`').trim_start_matches("--");
        let setting = serve.get_arguments().find(|argument| argument.get_long() == Some(name)).unwrap();
        if let [default] = setting.get_default_values() {
            assert_eq!(row[2].split(' ').next(), default.to_str(), "{name}");
        }
    }
}

/// The long options of a command and of those below it, and the variables they can be set by.
fn options(command: &clap::Command) -> BTreeSet<String> {
    let long = command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
    let variables = command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()));
    let below = command.get_subcommands().flat_map(options);
    long.chain(variables).chain(below).collect()
}

/// One page, cut into text and blocks of code.
struct Page {
    /// As seen from the repository: `docs/gis.md`.
    name: String,
    /// Lines with their numbers.
    prose: Vec<(usize, String)>,
    blocks: Vec<Block>,
}

struct Block {
    language: String,
    lines: Vec<(usize, String)>,
}

/// A command as a page shows it.
struct Shown {
    /// `docs/gis.md:12`
    place: String,
    text: String,
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn pages() -> Vec<Page> {
    let folder = fs::read_dir(in_repository("docs")).unwrap();
    let files = folder.map(|entry| PathBuf::from(entry.unwrap().file_name()));
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let mut names: Vec<String> = files.map(|file| format!("docs/{}", file.display())).collect();
    names.push("README.md".into());
    names.sort();
    names.iter().map(|name| Page::read(name)).collect()
}

impl Page {
    fn read(name: &str) -> Self {
        let text = fs::read_to_string(in_repository(name)).unwrap();
        let mut page = Self { name: name.to_owned(), prose: Vec::new(), blocks: Vec::new() };
        let (mut is_fenced, mut before) = (false, "");
        for (number, line) in (1..).zip(text.lines()) {
            let indented = line.strip_prefix("    ").filter(|_| !is_fenced);
            if let Some(language) = line.strip_prefix("```") {
                is_fenced = !is_fenced;
                if is_fenced {
                    page.blocks.push(Block { language: language.to_owned(), lines: Vec::new() });
                }
            } else if is_fenced {
                page.blocks.last_mut().unwrap().lines.push((number, line.to_owned()));
            } else if let Some(command) = indented.filter(|_| before.is_empty()) {
                page.blocks.push(Block { language: "sh".into(), lines: vec![(number, command.to_owned())] });
            } else {
                assert!(line.matches('`').count().is_multiple_of(2), "{name}:{number}: code goes on in the next line");
                page.prose.push((number, line.to_owned()));
            }
            before = line;
        }
        assert!(!is_fenced, "{name}: a block has no end");
        page
    }

    fn commands(&self) -> Vec<Shown> {
        let mut commands: Vec<Shown> = Vec::new();
        for block in self.blocks.iter().filter(|block| block.language == "sh") {
            let mut is_open = false;
            for (number, line) in &block.lines {
                match commands.last_mut().filter(|_| is_open) {
                    Some(command) => command.text.extend(["\n", line]),
                    None if line.trim().is_empty() || line.starts_with('#') => continue,
                    None => commands.push(Shown { place: format!("{}:{number}", self.name), text: line.clone() }),
                }
                let text = &commands.last().unwrap().text;
                is_open = text.ends_with('\\') || text.matches('\'').count() % 2 == 1;
            }
            assert!(!is_open, "{}: a command has no end", self.name);
        }
        commands
    }

    /// What is written as code within the text.
    fn spans(&self) -> impl Iterator<Item = &str> {
        self.prose.iter().flat_map(|(_, line)| line.split('`').skip(1).step_by(2))
    }

    fn links(&self) -> impl Iterator<Item = &str> {
        self.prose.iter().flat_map(|(_, line)| line.split("](").skip(1)).filter_map(|rest| rest.split(')').next())
    }
}

/// The name by which a heading is linked to.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// What became of a command.
#[derive(Debug, PartialEq)]
enum Outcome {
    Right,
    NotRun(&'static str),
    Failed(String),
}

impl Outcome {
    fn failure(&self) -> Option<&str> {
        if let Self::Failed(why) = self { Some(why) } else { None }
    }
}

/// Where the commands of a page are run: a folder like that of the repository, and a server of the demo county.
struct Desk {
    server: Option<Server>,
    folder: TempDir,
}

impl Desk {
    fn for_page(page: &Page) -> Self {
        let (_, folder) = county::file();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("target/demo")).unwrap();
        fs::rename(path("county.db"), path("target/demo/lintan.db")).unwrap();
        symlink(in_repository("fixtures"), path("fixtures")).unwrap();
        fs::create_dir(path("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_gridmap"), path("bin/gridmap")).unwrap();
        if let Some(block) = page.blocks.iter().find(|block| block.language == "toml") {
            let lines: Vec<&str> = block.lines.iter().map(|(_, line)| line.as_str()).collect();
            fs::write(path("basemaps.toml"), lines.join("\n")).unwrap();
        }
        // What bash reads first. An answer of 400 or more is a failure of curl.
        let begin = format!(
            "set -euo pipefail\nPATH={}:$PATH\ncurl() {{ command curl --silent --show-error --fail-with-body \"$@\"; }}\n",
            path("bin").display()
        );
        fs::write(path("begin.sh"), begin).unwrap();
        let mut desk = Self { server: None, folder };
        // As `make demo` does, but a debug build on a busy machine may take its time.
        let server = desk.serve("gridmap serve --open --answer-timeout 600 --database sqlite:target/demo/lintan.db");
        let server = server.unwrap();
        let is_ready = || request(&server.address, "GET", "/readyz", "").is_some_and(|said| said.contains("current"));
        until("the server of the demo county never became ready", is_ready);
        desk.server = Some(server);
        desk
    }

    fn run(&self, command: &Shown) -> Outcome {
        let Shown { place, text } = command;
        if let Some((begin, _)) = NOT_RUN.iter().find(|(begin, _)| text.starts_with(begin)) {
            return Outcome::NotRun(begin);
        }
        let here = text
            .replace(DEMO, &self.server.as_ref().unwrap().address)
            .replace(EVERYWHERE, "127.0.0.1:0")
            .replace(DATABASE_URL, &postgres_url(DATABASE));
        let ended = if text.contains("gridmap serve") { self.serve(&here).map(drop) } else { self.finish(&here) };
        ended.map_or_else(|why| Outcome::Failed(format!("{place}: {text}\n{why}")), |()| Outcome::Right)
    }

    /// Runs a command to its end.
    fn finish(&self, text: &str) -> Result<(), String> {
        let expected = text.rsplit_once("# ends with ").map_or(0, |(_, code)| code.trim().parse().unwrap());
        let output = self.bash(text).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // GDAL ends with 0 after some errors.
        if output.status.code() == Some(expected) && !err.contains("ERROR") {
            return Ok(());
        }
        Err(format!("{}\n{}\n{err}", output.status, out.chars().take(2000).collect::<String>()))
    }

    /// Runs a command that serves until it is stopped.
    fn serve(&self, text: &str) -> Result<Server, String> {
        let log = self.folder.path().join("serve.log");
        let mut command = self.bash(text);
        command.env("GRIDMAP_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut child = command.process_group(0).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("gridmap serves on http://").and_then(|rest| rest.split(',').next());
        let server = Server { child, address: address.unwrap_or_default().to_owned() };
        match request(&server.address, "GET", "/healthz", "") {
            Some(answer) if answer.starts_with("HTTP/1.1 200") => Ok(server),
            _ => Err(format!("{line}{}", fs::read_to_string(&log).unwrap())),
        }
    }

    fn bash(&self, text: &str) -> Command {
        let postgres = Url::parse(&postgres_url("postgres")).unwrap();
        let mut command = Command::new("bash");
        command.args(["-c", text]).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("BASH_ENV", self.folder.path().join("begin.sh"));
        command.env("PGHOST", postgres.host_str().unwrap()).env("PGUSER", postgres.username());
        command.env("PGPORT", postgres.port().unwrap().to_string());
        command
    }
}

/// A server that a page starts, stopped when dropped, with the shell that started it.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ = self.child.wait();
    }
}
