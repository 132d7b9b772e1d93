/*! What the fuzzers run, each a function of bytes that must hold whatever the bytes are: no panic, and where a result
has positions they lie in the text. The seeds are run through the same functions by an ordinary test.
*/

use std::sync::{Arc, LazyLock};

use jiff::civil::date;
use record::Report;
use text::Text;

/// Small limits, so that a fuzzer reaches them.
fn options(format: intake::Format) -> intake::Options {
    intake::Options { format, max_bytes: 1 << 16, ..intake::Options::default() }
}

fn take_in(format: intake::Format, data: &[u8]) {
    let options = options(format);
    let input = std::io::Cursor::new(data.to_vec());
    for raw in intake::cut(Box::new(input), None, &options).take(1000) {
        let parsed = raw.report(&options);
        if let Err(problem) = parsed.report {
            assert!(!problem.error.is_empty() && !problem.hint.is_empty());
        }
    }
}

/// JSON lines, also packed.
pub fn jsonl(data: &[u8]) {
    take_in(intake::Format::Jsonl, data);
}

/// Pages.
pub fn html(data: &[u8]) {
    take_in(intake::Format::Html, data);
}

/// Web archives; and whatever the first bytes make of the input.
pub fn warc(data: &[u8]) {
    take_in(intake::Format::Warc, data);
    take_in(intake::Format::Auto, data);
}

static CODER: LazyLock<coder::Coder> = LazyLock::new(|| {
    coder::Coder::new(
        coder::Knowledge::load(&knowledge::carried!(coder::Tables)).expect("the project's own tables"),
    )
});

/// A text through the whole coder: every quote is the slice of the text that its offsets give.
pub fn coder(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let points: Vec<char> = text.chars().collect();
    let slice =
        |start: usize, end: usize| points.get(start..end).map(|slice| slice.iter().collect::<String>());
    let report = Report { text, published: Some(date(2020, 5, 12)), ..Report::default() };
    let document = CODER.code(&report);
    for event in &document.events {
        assert!((0.0..=1.0).contains(&event.confidence));
        for evidence in &event.evidence {
            assert_eq!(slice(evidence.start, evidence.end).as_deref(), Some(evidence.quote.as_str()));
        }
    }
    for statement in &document.statements {
        assert_eq!(slice(statement.start, statement.end).as_deref(), Some(statement.quote.as_str()));
    }
    let json = serde_json::to_string(&document).expect("a coded document is JSON");
    let again: record::CodedDocument = serde_json::from_str(&json).expect("and reads back");
    assert_eq!(again.events.len(), document.events.len());
    let _ = CODER.explain(&report).to_string();
}

/// The text that replies are held against.
const TOLD: &str = "MAIDUGURI, Nigeria — Gunmen killed at least 12 farmers and a resident, Halim Dovar, in the village of \
Ngamdu on Monday, the army said.\n\nTwo soldiers were wounded by a “roadside bomb”. No group has claimed the attack.\n";

/// A server's answer, its envelope and what a model wrote: every event rests on words of the text.
pub fn reply(data: &[u8]) {
    let content = match remote::api::answer(data) {
        Ok(answer) => answer.content,
        Err(fault) => {
            assert!(!fault.to_string().is_empty() && !fault.hint().is_empty());
            String::from_utf8_lossy(data).into_owned()
        }
    };
    let _ = (remote::api::complaint(data), remote::api::models(data));
    let Ok(reply) = remote::Reply::parse(&content) else { return };
    let report = Report { text: TOLD.to_owned(), published: Some(date(2020, 5, 12)), ..Report::default() };
    let part = text::Part { raw: &report.text, before: 0 };
    let coded = remote::code(&CODER, &report, vec![remote::Answered { part, reply }], "fuzz");
    let points: Vec<char> = report.text.chars().collect();
    for event in &coded.document.events {
        assert!(!event.evidence.is_empty());
        for evidence in &event.evidence {
            let slice =
                points.get(evidence.start..evidence.end).map(|slice| slice.iter().collect::<String>());
            assert_eq!(slice.as_deref(), Some(evidence.quote.as_str()));
        }
    }
    assert!(coded.account.quotes_dropped <= coded.account.quotes);
}

/// Time expressions.
pub fn when(data: &[u8]) {
    let text = Text::new(&String::from_utf8_lossy(data));
    let anchors = when::Anchors { published: Some(date(2020, 5, 12)), ..when::Anchors::default() };
    for sentence in 0..text.sentences.len() {
        for found in when::find(&text, sentence, &anchors) {
            assert!(text.raw().get(found.span.range()).is_some());
            if let Some((first, last)) = found.interval {
                assert!(first <= last);
            }
        }
    }
    let _ = when::dateline(&text, Some(date(2020, 5, 12)));
    let _ = when::publication_day(&text);
}

/// Numbers written in words and digits.
pub fn numbers(data: &[u8]) {
    let text = Text::new(&String::from_utf8_lossy(data));
    for found in text::number::find(&text, 0..text.tokens.len()) {
        assert!(found.core.end <= text.tokens.len() && found.core.start < found.core.end);
        if let (Some(low), Some(high)) = (found.quantity.low, found.quantity.high) {
            assert!(low <= high);
        }
    }
}

/// A gazetteer pack that may be damaged anywhere.
pub fn pack(data: &[u8]) {
    let Ok(pack) = whereabouts::Pack::open(Arc::new(data.to_vec())) else { return };
    let _ = pack.verify();
    let _ = pack.meta().count();
    let rows = pack.rows();
    for index in (0..rows.min(50)).chain([rows, u32::MAX]) {
        let _ = pack.row(index);
    }
}

/// Weights of the syntax model that may be damaged anywhere.
pub fn syntax(data: &[u8]) {
    let Ok(model) = syntax::Model::from_bytes(data) else { return };
    let words = ["Gunmen", "killed", "five", "soldiers", "near", "Mora", "."];
    let _ = model.tag(&words);
    let _ = model.parse(&words);
}

const ENCODER_BASE: &[u8] = include_bytes!("../../crates/encoder/tests/tiny/base.wpe");
const ENCODER_OWN: &[u8] = include_bytes!("../../crates/encoder/tests/tiny/own.wpe");

/// Weights of the encoder that may be damaged anywhere: the bytes as a file, and put over a sound one (the first two say where).
pub fn encoder(data: &[u8]) {
    let bytes = |of: &[u8]| -> encoder::Bytes { Arc::new(of.to_vec()) };
    if let Ok(file) = encoder::File::open(bytes(data)) {
        let _ = file.verify();
        let _ = file.about().count();
        let _ = file.tensors().filter_map(|name| file.tensor(name)).count();
    }
    let _ = encoder::Encoder::from_bytes(bytes(data), bytes(ENCODER_OWN)).map(|encoder| encoder.tokenizer());
    let (at, with) = data.split_at(data.len().min(2));
    let at = at.iter().fold(0, |at, byte| at << 8 | usize::from(*byte)) % ENCODER_OWN.len();
    let mut own = ENCODER_OWN.to_vec();
    own.splice(at..(at + with.len()).min(ENCODER_OWN.len()), with.iter().copied());
    let Ok(encoder) = encoder::Encoder::from_bytes(bytes(ENCODER_BASE), bytes(&own)) else { return };
    let tokenizer = encoder.tokenizer().expect("the base is sound");
    let mut ids = vec![tokenizer.start()];
    tokenizer.pieces(&String::from_utf8_lossy(with), &mut ids);
    ids.truncate(encoder.longest());
    let hidden =
        encoder.encode(&mut encoder::Scratch::default(), &[&ids, &[]]).expect("short and known pieces");
    assert_eq!(hidden.sequence(0).len(), ids.len() * encoder.width());
    let _ = encoder.head("head.kind").map(|head| head.apply(hidden.sequence(0)));
}

static COUNTRIES: LazyLock<record::country::Countries> = LazyLock::new(|| {
    record::country::Countries::from_table(knowledge::COUNTRIES).expect("the project's own table")
});

/// Tables that an operator imports: every place has a name and lies on the earth, every fault is said.
pub fn tables(data: &[u8]) {
    match watchpost_pack::import::places_of(data, &COUNTRIES) {
        Ok((places, faults)) => {
            for place in places {
                assert!(!place.name.is_empty());
                assert!(place.position.is_none_or(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0));
            }
            assert!(faults.iter().all(|fault| !fault.is_empty()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// What a source may send, read as each kind of it: every address that comes of it is one that may be fetched, and a list of sources that
/// is written again says the same.
pub fn sources(data: &[u8]) {
    let Ok(text) = fetch::kind::decode(data, None) else { return };
    let base = fetch::link::parse("https://example.org/feed.xml").expect("an address");
    let _ = fetch::kind::of(&text);
    let listings = [
        fetch::feed::parse(&text, &base),
        fetch::sitemap::parse(&text, &base),
        fetch::listing::parse(&text, &base),
    ];
    for listing in listings {
        match listing {
            Ok(listing) => {
                for url in listing.items.iter().filter_map(|item| item.url.as_ref()) {
                    assert!(fetch::link::check(url).is_ok(), "{url}");
                    assert_eq!(
                        fetch::link::canonical(&fetch::link::canonical(url)),
                        fetch::link::canonical(url)
                    );
                }
            }
            Err(failure) => assert!(!failure.error.is_empty() && !failure.hint.is_empty()),
        }
    }
    let seen = fetch::day::Seen { now: jiff::Timestamp::UNIX_EPOCH, before: None };
    let _ = fetch::day::judge(Some(&text), seen);
    let _ = fetch::schedule::retry_after(&text, jiff::Timestamp::UNIX_EPOCH);
    let mut host = record::HostState::default();
    fetch::robots::note(&mut host, fetch::robots::Asked::Found(text.clone()), jiff::Timestamp::UNIX_EPOCH);
    let rules = fetch::robots::Rules::of(&host, jiff::Timestamp::UNIX_EPOCH);
    let _ = (rules.forbids(&base), rules.delay(), rules.sitemaps());

    let list = fetch::opml::parse(&text);
    let sources: Vec<record::Source> = list
        .outlines
        .iter()
        .map(|outline| record::Source {
            id: fetch::source_id(&outline.url),
            url: outline.url.clone(),
            name: outline.name.clone().unwrap_or_default(),
            page: outline.page.clone(),
            folder: outline.folder.clone(),
            kind: outline.kind,
            text: outline.text,
            publisher: outline.publisher.clone(),
            language: outline.language.clone(),
            every: outline.every,
            added: jiff::Timestamp::UNIX_EPOCH,
            paused: None,
        })
        .collect();
    let mut written = Vec::new();
    fetch::opml::write(&sources, &mut written).expect("written");
    let again = fetch::opml::parse(std::str::from_utf8(&written).expect("text"));
    assert!(again.broken.is_empty(), "{:?}", again.broken);
    let urls = |outlines: &[fetch::opml::Outline]| {
        let mut urls: Vec<String> = outlines.iter().map(|outline| outline.url.clone()).collect();
        urls.sort();
        urls
    };
    assert_eq!(urls(&again.outlines), urls(&list.outlines));
}
