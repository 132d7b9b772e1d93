//! Decisions drawn at random, by fixed seeds: whatever is decided, the store is what its log gives.

use std::io::BufReader;

use record::vocabulary::SubEventType;
use record::{Change, Correction, FigureCorrection, Harm};
use store::{Act, Outcome};

use crate::story::open;
use crate::{Fresh, Tale, everything, faults, machine, person, whole};

/// A sequence of numbers that is the same on every machine (splitmix64: Steele, Lea and Flood 2014).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}

pub fn random_decisions_keep_the_store_whole(fresh: Fresh<'_>) {
    let (mut decided, mut refused) = (0, 0);
    for seed in 0..8 {
        let mut store = open!(fresh);
        let mut draw = Draw(seed);
        let tales: Vec<Tale> = (0..12)
            .map(|n| Tale {
                events: 2,
                killed: n,
                url: (n % 3 == 0).then(|| format!("https://example.org/{}", n % 6)),
                ..Tale::of(&format!("{n}"))
            })
            .collect();
        // Most reports are there when it begins.
        let first: Vec<Act> = tales.iter().take(9).map(|tale| Act::Report(Box::new(tale.report()))).collect();
        store.record(&machine(), &first).unwrap();
        let mut made = 0;
        for _ in 0..30 {
            // Batches of several, as a collector writes them.
            let mut acts = Vec::new();
            for _ in 0..=draw.below(5) {
                let id = |draw: &mut Draw| format!("WP-{}", draw.below(8));
                let event = |draw: &mut Draw| tales[draw.below(12)].key(draw.below(2));
                let change = match draw.below(14) {
                    0..2 => {
                        acts.push(Act::Report(Box::new(tales[draw.below(12)].report())));
                        continue;
                    }
                    2..5 => {
                        made += 1;
                        Change::Created {
                            incident: format!("WP-{}", made - 1),
                            events: vec![event(&mut draw), event(&mut draw)],
                        }
                    }
                    5..8 => Change::Linked { event: event(&mut draw), incident: id(&mut draw) },
                    8 => Change::Merged { from: vec![id(&mut draw), id(&mut draw)], into: id(&mut draw) },
                    9 => {
                        made += 1;
                        let into = format!("WP-{}", made - 1);
                        Change::Split { from: id(&mut draw), events: vec![event(&mut draw)], into }
                    }
                    10 => Change::Accepted { incident: id(&mut draw) },
                    11 => Change::Corrected {
                        incident: id(&mut draw),
                        correction: if draw.below(2) == 0 {
                            Correction::SubEventType(SubEventType::ALL[draw.below(25)])
                        } else {
                            let best = Some(draw.below(50) as u64);
                            Correction::Figure(FigureCorrection {
                                harm: Harm::Killed,
                                low: None,
                                best,
                                high: None,
                            })
                        },
                    },
                    12 => Change::CopyOf {
                        report: tales[draw.below(12)].id(),
                        of: (draw.below(4) > 0).then(|| tales[draw.below(12)].id()),
                    },
                    _ => Change::Undone { decision: 1 + draw.below(120) as u64 },
                };
                acts.push(Act::Decide { change, why: "drawn".to_owned() });
            }
            let stamp = if draw.below(2) == 0 { person() } else { machine() };
            for outcome in store.record(&stamp, &acts).unwrap() {
                match outcome {
                    Outcome::Refused(_) => refused += 1,
                    _ => decided += 1,
                }
            }
            assert_eq!(faults(&mut *store), [], "seed {seed}");
        }
        whole(&mut *store);

        let mut dumped = Vec::new();
        store.dump(&mut dumped).unwrap();
        let mut other = open!(fresh);
        other.restore(&mut BufReader::new(dumped.as_slice())).unwrap();
        assert_eq!(everything(&mut *other), everything(&mut *store), "seed {seed}");
    }
    // Both kinds of outcome must be well represented, or the drawing is at fault.
    assert!(decided > 200 && refused > 100, "{decided} decided, {refused} refused");
}
