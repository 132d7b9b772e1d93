//! The closed vocabulary of English time expressions, looked up word by word.
//!
//! A word that no rule names is [`Word::Other`]. A sentence in which no word is a *trigger* and no digit
//! stands cannot hold a time expression, so it is left after one look-up per word.

/// A unit of the calendar or the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Night,
    Week,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// The designator of an ISO 8601 duration of `count` units.
    pub(crate) fn duration(self, count: &str) -> String {
        match self {
            Self::Second => format!("PT{count}S"),
            Self::Minute => format!("PT{count}M"),
            Self::Hour => format!("PT{count}H"),
            Self::Day => format!("P{count}D"),
            // TIMEX3 extends ISO with NI, WE, Q, DE, CE for what ISO has no letter for.
            Self::Night => format!("P{count}NI"),
            Self::Week => format!("P{count}W"),
            Self::Weekend => format!("P{count}WE"),
            Self::Month => format!("P{count}M"),
            Self::Quarter => format!("P{count}Q"),
            Self::Year => format!("P{count}Y"),
            Self::Decade => format!("P{count}DE"),
            Self::Century => format!("P{count}CE"),
        }
    }

    /// Shorter than a day.
    pub(crate) const fn is_clock(self) -> bool {
        matches!(self, Self::Second | Self::Minute | Self::Hour)
    }
}

/// A season of the northern half of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A part of a day, with its TIMEX3 suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
    Overnight,
    Daytime,
}

impl Part {
    /// What TIMEX3 writes after the day.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Morning => "TMO",
            Self::Midday => "TMI",
            Self::Afternoon => "TAF",
            Self::Evening => "TEV",
            Self::Night | Self::Overnight => "TNI",
            Self::Daytime => "TDT",
        }
    }
}

/// A feast or observance that names a day or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feast {
    Christmas,
    ChristmasEve,
    NewYear,
    NewYearsEve,
    Easter,
    GoodFriday,
    Thanksgiving,
    Halloween,
    Nowruz,
    EidAlFitr,
    EidAlAdha,
    Ashura,
    Mawlid,
}

/// What a word does in a time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Other,
    /// 1–12, and whether it is an abbreviation.
    Month(i8, bool),
    /// 1 Monday – 7 Sunday, and whether it is an abbreviation.
    Weekday(i8, bool),
    /// "Fridays": a repetition.
    Weekdays(i8),
    Unit(Unit),
    Units(Unit),
    Season(Season),
    /// A number word below one hundred.
    Card(u32),
    Hundred,
    Thousand,
    Dozen,
    Ord(u32),
    /// "eighties": first year of the decade within its century.
    Decade(i16),
    Part(Part),
    Today,
    Tonight,
    Yesterday,
    Tomorrow,
    Overnight,
    Noon,
    Midnight,
    Am,
    Pm,
    /// Number of the Hijri month, 1–12.
    Hijri(u8),
    Feast(Feast),
    Eid,
    Fitr,
    Adha,
    Al,
    Eve,
    New,
    Good,
    Muslim,
    Last,
    Past,
    Previous,
    Next,
    Coming,
    Following,
    Current,
    This,
    That,
    Same,
    The,
    A,
    Ago,
    Earlier,
    Later,
    Before,
    After,
    Since,
    Until,
    By,
    From,
    To,
    Through,
    Between,
    And,
    Or,
    Of,
    In,
    On,
    At,
    During,
    Within,
    Over,
    For,
    Approx,
    More,
    Less,
    Than,
    Least,
    Most,
    Up,
    Every,
    Each,
    Early,
    Late,
    Mid,
    Start,
    End,
    Couple,
    Few,
    Several,
    Many,
    Some,
    Half,
    Recent,
    Recently,
    Now,
    Currently,
    Future,
    Period,
    Moment,
    Time,
    /// An adverb or adjective of repetition with its TIMEX3 value.
    Repeated(Unit),
    Old,
    Age,
    Aged,
    Long,
    Anniversary,
    Fiscal,
    /// "st", "nd", "rd", "th" after digits.
    Suffix,
    /// "s" after digits or an apostrophe.
    S,
    Zone,
    Per,
}

impl Word {
    /// Whether a sentence can hold a time expression because of this word alone.
    pub(crate) const fn is_trigger(self) -> bool {
        matches!(
            self,
            Self::Month(..)
                | Self::Weekday(..)
                | Self::Weekdays(_)
                | Self::Unit(_)
                | Self::Units(_)
                | Self::Season(_)
                | Self::Decade(_)
                | Self::Part(_)
                | Self::Today
                | Self::Tonight
                | Self::Yesterday
                | Self::Tomorrow
                | Self::Overnight
                | Self::Noon
                | Self::Midnight
                | Self::Hijri(_)
                | Self::Feast(_)
                | Self::Eid
                | Self::New
                | Self::Recent
                | Self::Recently
                | Self::Now
                | Self::Currently
                | Self::Future
                | Self::Period
                | Self::Past
                | Self::Moment
                | Self::Repeated(_)
                | Self::Card(19 | 20)
                | Self::Thousand
        )
    }
}

/// Longest word of the vocabulary in bytes.
pub(crate) const LONGEST: usize = 13;

/// Looks a lower-cased word up.
pub(crate) fn classify(word: &str) -> Word {
    use Word as W;
    match word {
        "january" => W::Month(1, false),
        "february" => W::Month(2, false),
        "march" => W::Month(3, false),
        "april" => W::Month(4, false),
        "may" => W::Month(5, false),
        "june" => W::Month(6, false),
        "july" => W::Month(7, false),
        "august" => W::Month(8, false),
        "september" => W::Month(9, false),
        "october" => W::Month(10, false),
        "november" => W::Month(11, false),
        "december" => W::Month(12, false),
        "jan" => W::Month(1, true),
        "feb" => W::Month(2, true),
        "mar" => W::Month(3, true),
        "apr" => W::Month(4, true),
        "jun" => W::Month(6, true),
        "jul" => W::Month(7, true),
        "aug" => W::Month(8, true),
        "sep" | "sept" => W::Month(9, true),
        "oct" => W::Month(10, true),
        "nov" => W::Month(11, true),
        "dec" => W::Month(12, true),
        "monday" => W::Weekday(1, false),
        "tuesday" => W::Weekday(2, false),
        "wednesday" => W::Weekday(3, false),
        "thursday" => W::Weekday(4, false),
        "friday" => W::Weekday(5, false),
        "saturday" => W::Weekday(6, false),
        "sunday" => W::Weekday(7, false),
        "mon" => W::Weekday(1, true),
        "tue" | "tues" => W::Weekday(2, true),
        "wed" => W::Weekday(3, true),
        "thu" | "thur" | "thurs" => W::Weekday(4, true),
        "fri" => W::Weekday(5, true),
        "sat" => W::Weekday(6, true),
        "sun" => W::Weekday(7, true),
        "mondays" => W::Weekdays(1),
        "tuesdays" => W::Weekdays(2),
        "wednesdays" => W::Weekdays(3),
        "thursdays" => W::Weekdays(4),
        "fridays" => W::Weekdays(5),
        "saturdays" => W::Weekdays(6),
        "sundays" => W::Weekdays(7),
        "minute" | "min" => W::Unit(Unit::Minute),
        "hour" | "hr" => W::Unit(Unit::Hour),
        "day" => W::Unit(Unit::Day),
        "week" => W::Unit(Unit::Week),
        "weekend" => W::Unit(Unit::Weekend),
        "month" => W::Unit(Unit::Month),
        "quarter" => W::Unit(Unit::Quarter),
        "year" => W::Unit(Unit::Year),
        "decade" => W::Unit(Unit::Decade),
        "century" => W::Unit(Unit::Century),
        "seconds" => W::Units(Unit::Second),
        "minutes" | "mins" => W::Units(Unit::Minute),
        "hours" | "hrs" => W::Units(Unit::Hour),
        "days" => W::Units(Unit::Day),
        "nights" => W::Units(Unit::Night),
        "weeks" => W::Units(Unit::Week),
        "weekends" => W::Units(Unit::Weekend),
        "months" => W::Units(Unit::Month),
        "quarters" => W::Units(Unit::Quarter),
        "years" => W::Units(Unit::Year),
        "decades" => W::Units(Unit::Decade),
        "centuries" => W::Units(Unit::Century),
        "spring" | "springtime" => W::Season(Season::Spring),
        "summer" | "summertime" => W::Season(Season::Summer),
        "autumn" | "fall" => W::Season(Season::Autumn),
        "winter" | "wintertime" => W::Season(Season::Winter),
        "one" => W::Card(1),
        "two" => W::Card(2),
        "three" => W::Card(3),
        "four" => W::Card(4),
        "five" => W::Card(5),
        "six" => W::Card(6),
        "seven" => W::Card(7),
        "eight" => W::Card(8),
        "nine" => W::Card(9),
        "ten" => W::Card(10),
        "eleven" => W::Card(11),
        "twelve" => W::Card(12),
        "thirteen" => W::Card(13),
        "fourteen" => W::Card(14),
        "fifteen" => W::Card(15),
        "sixteen" => W::Card(16),
        "seventeen" => W::Card(17),
        "eighteen" => W::Card(18),
        "nineteen" => W::Card(19),
        "twenty" => W::Card(20),
        "thirty" => W::Card(30),
        "forty" => W::Card(40),
        "fifty" => W::Card(50),
        "sixty" => W::Card(60),
        "seventy" => W::Card(70),
        "eighty" => W::Card(80),
        "ninety" => W::Card(90),
        "hundred" => W::Hundred,
        "thousand" => W::Thousand,
        "dozen" => W::Dozen,
        "first" => W::Ord(1),
        "second" => W::Ord(2),
        "third" => W::Ord(3),
        "fourth" => W::Ord(4),
        "fifth" => W::Ord(5),
        "sixth" => W::Ord(6),
        "seventh" => W::Ord(7),
        "eighth" => W::Ord(8),
        "ninth" => W::Ord(9),
        "tenth" => W::Ord(10),
        "eleventh" => W::Ord(11),
        "twelfth" => W::Ord(12),
        "thirteenth" => W::Ord(13),
        "fourteenth" => W::Ord(14),
        "fifteenth" => W::Ord(15),
        "sixteenth" => W::Ord(16),
        "seventeenth" => W::Ord(17),
        "eighteenth" => W::Ord(18),
        "nineteenth" => W::Ord(19),
        "twentieth" => W::Ord(20),
        "thirtieth" => W::Ord(30),
        "twenties" => W::Decade(20),
        "thirties" => W::Decade(30),
        "forties" => W::Decade(40),
        "fifties" => W::Decade(50),
        "sixties" => W::Decade(60),
        "seventies" => W::Decade(70),
        "eighties" => W::Decade(80),
        "nineties" => W::Decade(90),
        "morning" | "dawn" | "daybreak" | "sunrise" => W::Part(Part::Morning),
        "midday" => W::Part(Part::Midday),
        "afternoon" => W::Part(Part::Afternoon),
        "evening" | "dusk" | "sunset" | "nightfall" => W::Part(Part::Evening),
        "night" | "nighttime" => W::Part(Part::Night),
        "daytime" | "daylight" => W::Part(Part::Daytime),
        "today" => W::Today,
        "tonight" => W::Tonight,
        "yesterday" => W::Yesterday,
        "tomorrow" => W::Tomorrow,
        "overnight" => W::Overnight,
        "noon" => W::Noon,
        "midnight" => W::Midnight,
        "am" => W::Am,
        "pm" => W::Pm,
        "muharram" => W::Hijri(1),
        "safar" => W::Hijri(2),
        "rajab" => W::Hijri(7),
        "shaban" | "shaaban" => W::Hijri(8),
        "ramadan" | "ramadhan" | "ramazan" => W::Hijri(9),
        "shawwal" => W::Hijri(10),
        "christmas" => W::Feast(Feast::Christmas),
        "easter" => W::Feast(Feast::Easter),
        "thanksgiving" => W::Feast(Feast::Thanksgiving),
        "halloween" => W::Feast(Feast::Halloween),
        "nowruz" | "newroz" | "norouz" | "norooz" => W::Feast(Feast::Nowruz),
        "ashura" | "ashoura" => W::Feast(Feast::Ashura),
        "mawlid" | "mawlud" | "mouloud" => W::Feast(Feast::Mawlid),
        "eid" | "id" => W::Eid,
        "fitr" => W::Fitr,
        "adha" => W::Adha,
        "al" | "ul" | "el" => W::Al,
        "eve" => W::Eve,
        "new" => W::New,
        "good" => W::Good,
        "holy" | "blessed" | "sacred" | "muslim" | "islamic" | "fasting" | "lunar" => W::Muslim,
        "last" => W::Last,
        "past" => W::Past,
        "previous" | "preceding" | "prior" => W::Previous,
        "next" => W::Next,
        "coming" | "upcoming" | "forthcoming" => W::Coming,
        "following" | "ensuing" | "subsequent" => W::Following,
        "current" => W::Current,
        "this" => W::This,
        "that" => W::That,
        "same" => W::Same,
        "the" => W::The,
        "a" | "an" => W::A,
        "ago" => W::Ago,
        "earlier" => W::Earlier,
        "later" => W::Later,
        "before" => W::Before,
        "after" => W::After,
        "since" => W::Since,
        "until" | "till" | "til" => W::Until,
        "by" => W::By,
        "from" => W::From,
        "to" => W::To,
        "through" | "thru" => W::Through,
        "between" => W::Between,
        "and" => W::And,
        "or" => W::Or,
        "of" => W::Of,
        "in" => W::In,
        "on" => W::On,
        "at" => W::At,
        "during" | "throughout" => W::During,
        "within" => W::Within,
        "over" => W::Over,
        "for" => W::For,
        "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "circa" => W::Approx,
        "more" => W::More,
        "less" | "fewer" => W::Less,
        "than" => W::Than,
        "least" => W::Least,
        "most" => W::Most,
        "up" => W::Up,
        "every" => W::Every,
        "each" => W::Each,
        "early" => W::Early,
        "late" => W::Late,
        "mid" | "middle" => W::Mid,
        "beginning" | "start" | "onset" | "outset" => W::Start,
        "end" | "close" => W::End,
        "couple" => W::Couple,
        "few" => W::Few,
        "several" => W::Several,
        "many" => W::Many,
        "some" => W::Some,
        "half" => W::Half,
        "recent" | "latest" => W::Recent,
        "recently" | "lately" => W::Recently,
        "now" => W::Now,
        "currently" | "presently" | "nowadays" => W::Currently,
        "future" => W::Future,
        "period" => W::Period,
        "moment" => W::Moment,
        "time" => W::Time,
        "hourly" => W::Repeated(Unit::Hour),
        "daily" => W::Repeated(Unit::Day),
        "nightly" => W::Repeated(Unit::Night),
        "weekly" => W::Repeated(Unit::Week),
        "monthly" => W::Repeated(Unit::Month),
        "quarterly" => W::Repeated(Unit::Quarter),
        "yearly" | "annually" => W::Repeated(Unit::Year),
        "old" => W::Old,
        "age" => W::Age,
        "aged" => W::Aged,
        "long" => W::Long,
        "anniversary" => W::Anniversary,
        "fiscal" | "calendar" | "financial" => W::Fiscal,
        "st" | "nd" | "rd" | "th" => W::Suffix,
        "s" => W::S,
        "gmt" | "utc" | "est" | "edt" | "cst" | "cdt" | "mst" | "mdt" | "pst" | "pdt" | "cet" | "bst" => {
            W::Zone
        }
        "per" => W::Per,
        _ => W::Other,
    }
}
