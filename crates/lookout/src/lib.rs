/*! The watch over a store: what [`watch`] can say of series, said of the incidents that are kept.

Incidents become series ([`series()`]), with what could not be counted told apart; nothing is put into a period or a cell that it is not known to
belong to. Their last periods are judged ([`judge()`]), and alarms that belong together are one situation ([`round`]). Forecasts are frozen
and scored when their day has come ([`issue`]), and what others say is held against the record ([`due`]). This crate reads no clock and no file: the day that is looked from is passed in.
*/

use serde_json::Value;

mod areas;
mod by;
pub mod due;
pub mod issue;
mod judge;
mod kept;
mod series;
mod situations;

pub use areas::Areas;
pub use by::By;
pub use judge::{Alarm, Judged, Period, WatchSettings, judge, learned};
pub use kept::{Happening, Kept, load, newest};
pub use series::{Gathered, LeftOut, Measure, Member, Question, series};
pub use situations::{Round, round, updated};

/// The schemas of what is written of statements, by their names in the codebook.
#[must_use]
pub fn shapes() -> Vec<(&'static str, Value)> {
    vec![
        ("StatementHeld", record::shape_of::<due::Said>()),
        ("SpeakerRecord", record::shape_of::<due::SpeakerRecord>()),
        ("ForecastRecord", record::shape_of::<issue::Worth>()),
    ]
}
