//! The list of losses: one JSON object a line, and the causes counted.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;

use crate::Loss;

/// Writes the losses, one JSON object a line.
pub fn write(losses: &[Loss], out: &mut dyn Write) -> Result<()> {
    for loss in losses {
        serde_json::to_writer(&mut *out, loss)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// How often each field was lost for each reason, most often first.
#[must_use]
pub fn causes(losses: &[Loss]) -> Vec<(String, String, usize)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for loss in losses {
        *counts.entry((&loss.field, &loss.reason)).or_default() += 1;
    }
    let mut causes: Vec<_> =
        counts.into_iter().map(|((field, reason), n)| (field.to_owned(), reason.to_owned(), n)).collect();
    causes.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.0, &a.1).cmp(&(&b.0, &b.1))));
    causes
}
