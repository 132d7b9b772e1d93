//! One module a corpus.

pub mod annotated;
pub mod common;
pub mod event_location;
pub mod gun_violence;
pub mod headlines;
pub mod isaf;
pub mod link;
pub mod mission;
pub mod muc4;
pub mod ucdp;
pub mod wikievents;
pub mod wikipedia;

use anyhow::Result;

use crate::{Options, Outcome, Reader};

/// A task: its name, the file that it needs, and what it does.
pub struct Task {
    /// Name on the command line.
    pub name: &'static str,
    /// What it measures, in a line.
    pub about: &'static str,
    /// The file without which it cannot run, below the data folder; empty where all it needs is here.
    pub needs: &'static str,
    /// Runs it.
    pub run: fn(&Options, &Reader) -> Result<Outcome>,
}

/// Every task, in the order of the page.
pub const TASKS: &[Task] = &[
    Task {
        name: "mission",
        about: "the report that the project was started from, against what a careful reader takes from it",
        needs: "../mission/report.txt",
        run: mission::run,
    },
    Task {
        name: "annotated",
        about: "every field of the project's own annotated reports, the fifth that is held out",
        needs: "",
        run: annotated::run,
    },
    Task {
        name: "isaf",
        about: "start date, province, killed and captured in coalition press releases",
        needs: "isaf/dev.jsonl",
        run: isaf::run,
    },
    Task {
        name: "wikipedia",
        about: "killed, injured, country and perpetrator of listed incidents",
        needs: "wikipedia_incidents/until_2017.jsonl",
        run: wikipedia::run,
    },
    Task {
        name: "gun-violence",
        about: "killed and injured in local news of shootings",
        needs: "gun_violence/docs_train_dev.jsonl",
        run: gun_violence::run,
    },
    Task {
        name: "gun-violence-train",
        about: "the same on the training part",
        needs: "gun_violence/docs_train_dev.jsonl",
        run: gun_violence::run_train,
    },
    Task {
        name: "link",
        about: "which reports are of one incident, in local news of shootings",
        needs: "gun_violence/docs_train_dev.jsonl",
        run: link::run,
    },
    Task {
        name: "link-train",
        about: "the same on the training part, which the weights are learned from",
        needs: "gun_violence/docs_train_dev.jsonl",
        run: link::run_train,
    },
    Task {
        name: "link-headlines",
        about: "which headlines are of one event, in countries that are held out",
        needs: "ucdp_ged/headline_clusters.jsonl",
        run: link::run_headlines,
    },
    Task {
        name: "link-series",
        about: "whether attacks that follow each other in one place and are told alike are each recorded once",
        needs: "",
        run: link::run_series,
    },
    Task {
        name: "link-apart",
        about: "whether different incidents of lists, in years that are held out, are kept apart",
        needs: "wikipedia_incidents/until_2017.jsonl",
        run: link::run_apart,
    },
    Task {
        name: "event-location",
        about: "which place an event verb happened at",
        needs: "event_location/labeled_text.jsonl",
        run: event_location::run,
    },
    Task {
        name: "wikievents",
        about: "words that tell an event, and who and what stands to it how, development part",
        needs: "wikievents/dev.jsonl",
        run: wikievents::run,
    },
    Task {
        name: "muc4",
        about: "incident templates of agency bulletins, development part",
        needs: "muc4/dev.jsonl",
        run: muc4::run,
    },
    Task {
        name: "muc4-train",
        about: "the same on the training part",
        needs: "muc4/train.jsonl",
        run: muc4::run_train,
    },
    Task {
        name: "geoparse",
        about: "place names of news: found, and put on the map",
        needs: crate::geoparse::NEEDS,
        run: |options, reader| {
            let knowledge = reader.coder.knowledge();
            crate::geoparse::measure(options, &reader.coder, &knowledge.countries)
        },
    },
    Task {
        name: "geoparse-wof",
        about: "the same with Who's On First beside the default pack",
        needs: crate::derive::WOF,
        run: crate::geoparse::with_whos_on_first,
    },
    Task {
        name: "names",
        about: "what each spelling of a name finds, and how much beside it",
        needs: crate::geoparse::NEEDS,
        run: |options, reader| {
            let knowledge = reader.coder.knowledge();
            crate::names::measure(options, &knowledge.places, &knowledge.countries)
        },
    },
    Task {
        name: "tempeval",
        about: "time expressions of news: where they stand and what they mean",
        needs: crate::tempeval::ARCHIVE,
        run: |options, _| crate::tempeval::measure(options),
    },
    Task {
        name: "actors",
        about: "whether the registry knows who is meant, and whether a side named in a headline is found",
        needs: "ucdp_ged/headline_clusters.jsonl",
        run: crate::actors::run,
    },
    Task {
        name: "headlines",
        about: "country and division of an event from one headline that names them",
        needs: "ucdp_ged/headline_clusters.jsonl",
        run: headlines::run,
    },
    Task {
        name: "ucdp",
        about: "country, division, date and deaths from single headlines",
        needs: "ucdp_ged/headline_clusters.jsonl",
        run: ucdp::run,
    },
];
