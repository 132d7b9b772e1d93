//! Which language a text is in.

/// How much of a text is looked at: enough to be sure, little enough to cost nothing.
const SAMPLE_BYTES: usize = 4_000;

/// BCP 47 tag of the text's language, where it can be told; `None` for too little text.
#[must_use]
pub fn detect(raw: &str) -> Option<&'static str> {
    let mut end = raw.len().min(SAMPLE_BYTES);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &raw[..end];
    let info = whatlang::detect(sample)?;
    if !info.is_reliable() && sample.len() > 400 || info.confidence() < 0.1 {
        return None;
    }
    use whatlang::Lang as L;
    Some(match info.lang() {
        L::Eng => "en",
        L::Ara => "ar",
        L::Fra => "fr",
        L::Spa => "es",
        L::Por => "pt",
        L::Deu => "de",
        L::Ita => "it",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Tur => "tr",
        L::Pes => "fa",
        L::Urd => "ur",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Heb => "he",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Nld => "nl",
        L::Ind => "id",
        L::Tgl => "tl",
        L::Mya => "my",
        L::Tha => "th",
        L::Vie => "vi",
        L::Amh => "am",
        L::Pol => "pl",
        L::Ron => "ro",
        other => other.code(),
    })
}
