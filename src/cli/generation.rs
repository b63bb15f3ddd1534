//! `gridmap generation`: what ground counts and what waits for its date; withdraws or reschedules what waits.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::import::{conflict, conflict_json, instant};
use super::{Exit, Failure, say, with_open};
use crate::config::DatabaseSettings;
use crate::domain::{Generation, GenerationNumber};
use crate::service::generations::{self, ChangeError, Changed, GenerationState};
use crate::service::{Caller, Gridmap};
use crate::store;

/// List the generations of the ground; withdraw or reschedule those that wait for their date
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Every generation, and its state: past, in force, waiting, replaced, withdrawn
    List(Common),
    /// Take back a plan that waits for its date; what waits for later dates is published anew without it
    Withdraw {
        /// The number of the generation
        number: GenerationNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Put a plan that waits for its date to another date
    Reschedule {
        /// The number of the generation
        number: GenerationNumber,
        /// From when it is to count: 2024-03-05, or with a time
        #[arg(long, value_name = "DATE")]
        in_force: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args, Clone, Debug)]
struct Common {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> Result<Exit, Failure> {
    let (What::List(common) | What::Withdraw { common, .. } | What::Reschedule { common, .. }) = &args.what;
    let json = common.json;
    with_open(
        store::open_existing(&common.database.database, common.database.region.as_deref()).await?,
        async |gridmap| match &args.what {
            What::List(_) => {
                let (all, offset) = (generations::list(gridmap).await?, offset(gridmap).await?);
                say(&if json { format!("{}\n", list_json(&all)) } else { list(&all, offset) });
                Ok(Exit::Done)
            }
            What::Withdraw { number, .. } => {
                done(gridmap, generations::withdraw(&Caller::system(gridmap), *number).await, json).await
            }
            What::Reschedule { number, in_force, .. } => {
                let to = instant(gridmap, in_force).await?;
                done(gridmap, generations::reschedule(&Caller::system(gridmap), *number, to).await, json).await
            }
        },
    )
    .await
}

async fn offset(gridmap: &Gridmap) -> Result<FixedOffset, Failure> {
    let utc = FixedOffset::east_opt(0).expect("no offset is an offset");
    Ok(gridmap.store().region().await?.map_or(utc, |region| region.utc_offset))
}

fn list(all: &[(Generation, GenerationState)], offset: FixedOffset) -> String {
    let time = |at: DateTime<Utc>| at.with_timezone(&offset).format("%Y-%m-%d %H:%M:%S").to_string();
    let mut out = format!("times are those of {offset}\n");
    for (generation, state) in all {
        let (in_force, recorded) = (time(generation.in_force), time(generation.recorded));
        let (number, state, plan) = (generation.number, state.as_str(), &generation.plan);
        let _ = writeln!(out, "{number:>6}  {state:<9}  from {in_force}  recorded {recorded}  {plan}");
    }
    out
}

fn list_json(all: &[(Generation, GenerationState)]) -> Value {
    let one = |(generation, state): &(Generation, GenerationState)| {
        json!({
            "number": generation.number, "state": state.as_str(), "plan": generation.plan,
            "in_force": generation.in_force.to_rfc3339(), "recorded": generation.recorded.to_rfc3339(),
        })
    };
    json!({"generations": all.iter().map(one).collect::<Vec<_>>()})
}

async fn done(gridmap: &Gridmap, done: Result<Changed, ChangeError>, json: bool) -> Result<Exit, Failure> {
    match done {
        Ok(changed) => {
            let text = published(&changed, offset(gridmap).await?);
            say(&if json { format!("{}\n", published_json(&changed)) } else { text });
            Ok(Exit::Done)
        }
        Err(ChangeError::Store(error)) => Err(error.into()),
        Err(refused) => {
            say(&if json { format!("{}\n", refused_json(&refused)) } else { refused_text(&refused) });
            Ok(Exit::Refused)
        }
    }
}

fn published(changed: &Changed, offset: FixedOffset) -> String {
    let mut out = format!("published (revision {})\n", changed.revision);
    for (number, in_force) in &changed.published {
        let _ = writeln!(out, "  generation {number} from {}", in_force.with_timezone(&offset).to_rfc3339());
    }
    if changed.n_relocated > 0 {
        let _ = writeln!(out, "  {} homes, incidents and service points now in another grid", changed.n_relocated);
    }
    out
}

fn published_json(changed: &Changed) -> Value {
    let one = |(number, in_force): &(GenerationNumber, DateTime<Utc>)| json!({"number": number, "in_force": in_force.to_rfc3339()});
    json!({
        "outcome": "stored", "revision": changed.revision.0, "n_relocated": changed.n_relocated,
        "published": changed.published.iter().map(one).collect::<Vec<_>>(),
    })
}

fn refused_text(refused: &ChangeError) -> String {
    let mut out = format!("refused, nothing changed: {refused}\n");
    if let ChangeError::Conflicts(conflicts) = refused {
        for one in conflicts {
            let _ = writeln!(out, "  {}", conflict(one));
        }
    }
    out
}

fn refused_json(refused: &ChangeError) -> Value {
    let conflicts: Vec<Value> = match refused {
        ChangeError::Conflicts(conflicts) => conflicts.iter().map(conflict_json).collect(),
        _ => Vec::new(),
    };
    json!({"outcome": "refused", "reason": refused.to_string(), "conflicts": conflicts})
}
