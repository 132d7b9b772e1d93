/*! Which of many alarms are raised: the share of false ones among them, and how many a person can look at. */

/// The largest p-value that is an alarm where of all alarms at most the share `rate` is to be false: Benjamini & Hochberg (1995), J R
/// Stat Soc B 57:289–300, equation (1). Nothing where there is none. They hold it for tests that are independent or rise together
/// (Benjamini & Yekutieli 2001), as series of neighbours do; p-values of counts, which are coarse, only make it safer.
pub fn benjamini_hochberg(p_values: &mut [f64], rate: f64) -> Option<f64> {
    p_values.sort_unstable_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss)]
    let m = p_values.len() as f64;
    #[allow(clippy::cast_precision_loss)]
    let passes = |(rank, p): &(usize, &f64)| **p <= (*rank as f64 + 1.0) / m * rate;
    p_values.iter().enumerate().rfind(passes).map(|(_, p)| *p)
}

/// So many alarms in so many days. What is not used up is kept for one such stretch, so that a budget of two a month is two in the week
/// where they are needed; it is spent as time goes on, never with a look ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    most: f64,
    days: f64,
    left: f64,
    day: Option<i64>,
}

impl Budget {
    /// `most` alarms in `days` days.
    pub fn new(most: u32, days: u32) -> Self {
        let most = f64::from(most);
        Self { most, days: f64::from(days.max(1)), left: most, day: None }
    }

    /// How many alarms may be raised on a period that ends on `day` (days in any count) and is `length` days long. Periods come in
    /// their order.
    pub fn allowed(&mut self, day: i64, length: u32) -> usize {
        let passed = self.day.map_or(i64::from(length), |before| (day - before).max(0));
        self.day = Some(day);
        #[allow(clippy::cast_precision_loss)]
        let gained = self.most * passed as f64 / self.days;
        // A period longer than the stretch has all that falls into it.
        let cap = self.most * (f64::from(length) / self.days).max(1.0);
        self.left = (self.left + gained).min(cap);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // Not negative, at most a few thousand.
        let whole = (self.left + 1e-9).floor() as usize;
        whole
    }

    /// So many were raised.
    pub fn spend(&mut self, alarms: usize) {
        #[allow(clippy::cast_precision_loss)]
        let alarms = alarms as f64;
        self.left = (self.left - alarms).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_paper() {
        // Benjamini & Hochberg (1995), section 3.2: fifteen p-values, four are significant at 0.05.
        let mut p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        assert_eq!(benjamini_hochberg(&mut p, 0.05), Some(0.0095));
        assert_eq!(benjamini_hochberg(&mut [0.2, 0.9], 0.1), None);
        assert_eq!(benjamini_hochberg(&mut [], 0.1), None);
    }

    #[test]
    fn a_budget_is_kept_and_not_hoarded() {
        let mut month = Budget::new(2, 30);
        let mut raised = Vec::new();
        for week in 0..20 {
            let allowed = month.allowed(week * 7, 7);
            let raise = allowed.min(3);
            month.spend(raise);
            raised.push(raise);
        }
        assert_eq!(raised[..3], [2, 0, 0]);
        // Twenty weeks are 4.7 months, and two are had at the start.
        assert_eq!(raised.iter().sum::<usize>(), 10);
        let mut day = Budget::new(2, 1);
        assert_eq!((day.allowed(0, 7), day.allowed(7, 7)), (14, 14));
    }

    proptest! {
        #[test]
        fn a_stricter_rate_never_raises_more(mut p in prop::collection::vec(0f64..=1.0, 0..60), rate in 0.01f64..0.5) {
            let strict = benjamini_hochberg(&mut p, rate / 2.0).unwrap_or(0.0);
            let loose = benjamini_hochberg(&mut p, rate).unwrap_or(0.0);
            prop_assert!(strict <= loose && loose <= rate);
        }
    }
}
