/*! Lines of a page that point to other reports: "Read more: …", a list of videos with their lengths.

What they tell is another report's news, mostly of another incident, and mostly without day or place. A line is a
pointer by how it begins, and only where it is no full sentence.
*/

use text::Text;

/// How a line begins that points elsewhere, before a colon.
const LABELS: &[&str] = &[
    "also read",
    "also see",
    "also watch",
    "don't miss",
    "more",
    "more coverage",
    "more news",
    "more on this",
    "more stories",
    "more video",
    "must read",
    "other news",
    "photos",
    "previous",
    "previous article",
    "previous coverage",
    "previous reporting",
    "previous stories",
    "previous story",
    "read",
    "read also",
    "read more",
    "recommended",
    "related",
    "related article",
    "related articles",
    "related content",
    "related coverage",
    "related link",
    "related links",
    "related news",
    "related stories",
    "related story",
    "related video",
    "related videos",
    "see also",
    "see more",
    "top news",
    "top stories",
    "trending",
    "trending stories",
    "up next",
    "video",
    "watch",
    "watch also",
    "watch more",
    "watch video",
];
/// The longest label, in bytes.
const LABEL: usize = 24;
/// A longer line is text.
const LONGEST: usize = 300;
/// So many lines with lengths are a list of videos.
const VIDEOS: usize = 3;

/// By paragraph, whether it points to other reports.
pub(crate) fn find(text: &Text) -> Vec<bool> {
    let lines: Vec<&str> = text.paragraphs.iter().map(|paragraph| text.slice(paragraph.span)).collect();
    let lengths: Vec<Option<u32>> = lines.iter().map(|line| video(line)).collect();
    let told: Vec<u32> = lengths.iter().flatten().copied().collect();
    // The hours of an account of a day run one way, the lengths of videos do not.
    let ordered = told.is_sorted() || told.is_sorted_by(|a, b| a >= b);
    let videos = told.len() >= VIDEOS && !ordered;
    lines
        .iter()
        .zip(&lengths)
        .map(|(line, length)| {
            line.len() <= LONGEST && !is_sentence(line) && (videos && length.is_some() || is_labelled(line))
        })
        .collect()
}

fn is_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '”', '’', ')', ']']).ends_with('.')
}

/// "Related: two dead in a blast", "+ Two dead in a blast".
fn is_labelled(line: &str) -> bool {
    let body = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    if line.starts_with("+ ") && body.starts_with(char::is_uppercase) {
        return true;
    }
    let Some((label, rest)) = body.split_once(':') else { return false };
    !rest.trim().is_empty()
        && label.len() <= LABEL
        && label.starts_with(char::is_uppercase)
        && LABELS.binary_search(&label.trim().to_lowercase().as_str()).is_ok()
}

/// The length in seconds with which a line begins: "0:43 Two found dead in a park".
fn video(line: &str) -> Option<u32> {
    let (clock, rest) = line.split_once(' ')?;
    let (minutes, seconds) = clock.split_once(':')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=2).contains(&minutes.len()) && seconds.len() == 2 && digits(minutes) && digits(seconds);
    let told = rest.trim_start().starts_with(|c: char| c.is_uppercase() || c == '\'' || c == '"' || c == '‘');
    let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
    (fits && told && seconds < 60).then_some(minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(raw: &str) -> Vec<bool> {
        find(&Text::new(raw))
    }

    #[test]
    fn labels_point_and_sentences_do_not() {
        assert!(LABELS.is_sorted());
        let page = "Two people were killed in a market on Monday.\n\nREAD MORE: Guard found dead in park\n\n\
                    [OTHER NEWS: Man shot dead in the old town]\n\nRelated: the police said that one man was held.\n\n\
                    Police: two held after raid";
        assert_eq!(pointers(page), [false, true, true, false, false]);
    }

    #[test]
    fn lists_of_videos_point_and_hours_do_not() {
        let videos = "A guard was shot in a bank on Monday.\n\n0:43 Two found dead in park\n\n2:21 Trial begins\n\n\
                      0:59 Family of slain boy speaks";
        assert_eq!(pointers(videos), [false, true, true, true]);
        let hours = "A guard was shot in a bank on Monday.\n\n9:15 Shots heard in the bank\n\n9:40 Police arrive\n\n\
                     10:05 One guard found dead";
        assert_eq!(pointers(hours), [false; 4]);
    }
}
