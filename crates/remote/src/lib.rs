/*! A report read by somebody else's language model, and what it says put to the test of the text.

Nothing here speaks to anybody: [`Prompt`] is what is asked, [`api`] the envelope that it goes in and comes back in,
[`Reply`] what a model may say. [`code`] makes a coded document of replies. The model says *what* is told and copies the
words; where those words stand is looked up ([`Aligner`]), and what is not there is dropped and counted. Days, places,
actors and numbers are read from the words by our own resolvers, not taken from the model.
*/

pub mod align;
pub mod api;
mod counts;
mod day;
mod parts;
mod people;
mod prompt;
mod reply;
mod said;
mod scribe;

pub use align::Aligner;
pub use parts::{MOST_PARTS, TooLong, parts};
pub use prompt::Prompt;
pub use reply::{Reply, ReplyFault, schema};

use coder::Coder;
use coder::reading::Reading;
use record::{CodedDocument, DateProvenance, Report};
use sha2::{Digest, Sha256};
use text::{Part, Text};

use crate::scribe::Scribe;

/// The name of this reader in a coded document.
pub const READER: &str = "remote";

/// A part of a report and what the model replied to it.
#[derive(Debug)]
pub struct Answered<'r> {
    /// The part.
    pub part: Part<'r>,
    /// The reply.
    pub reply: Reply,
}

/// What was kept of the replies, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Quotes that the replies gave.
    pub quotes: usize,
    /// Of them those that do not stand in the text.
    pub quotes_dropped: usize,
    /// Events that the replies gave.
    pub events: usize,
    /// Of them those that no quote in the text supports, or that were told twice.
    pub events_dropped: usize,
    /// Items that are not as the schema says, or say nothing that can be written.
    pub unusable: usize,
    /// Each thing that was dropped, with the reason, for people.
    pub dropped: Vec<String>,
}

/// A report, coded, and the account of it.
#[derive(Debug)]
pub struct Coded {
    /// The coded document.
    pub document: CodedDocument,
    /// What was dropped on the way.
    pub account: Account,
}

/// Makes a coded document of a report and the replies to its parts.
///
/// `model` is the name that stands in the document.
#[must_use]
pub fn code(coder: &Coder, report: &Report, answered: Vec<Answered<'_>>, model: &str) -> Coded {
    let mut document = coder.document(report);
    READER.clone_into(&mut document.coder.reader);
    model.clone_into(&mut document.coder.model);
    let mut account = Account::default();
    let mut published = report.published;
    for Answered { part, reply } in answered {
        let text = Text::of_part(&part, report.title.as_deref());
        let reading = Reading::every_sentence(coder.knowledge(), text, published)
            .by_publisher(report.publisher.as_deref());
        if published.is_none()
            && let Some(day) = reading.published_in_text
        {
            published = Some(day);
            document.document.published = Some(day);
            document.document.published_from = DateProvenance::Text;
        }
        if document.document.title.is_none() {
            document.document.title = reading.title();
        }
        // Two events of one reply are two, because the model says so.
        let before = document.events.len();
        let (events, tallies, statements) = Scribe::new(&reading, model, &mut account).write(reply);
        document.tallies.extend(tallies);
        document.statements.extend(statements);
        for event in events {
            match document.events[..before].iter_mut().find(|known| parts::same_event(known, &event)) {
                Some(known) => parts::join(known, event),
                None => document.events.push(event),
            }
        }
    }
    let text = Sha256::digest(report.text.as_bytes());
    for (index, event) in document.events.iter_mut().enumerate() {
        event.id = coder::assemble::id(&text, event, index);
    }
    Coded { document, account }
}
