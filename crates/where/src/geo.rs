//! Distances and bearings on the globe.

/// Mean radius of the earth in kilometres (IUGG).
const RADIUS: f64 = 6371.0;

/// Great-circle distance in kilometres (haversine) between two positions in degrees north and east.
#[must_use]
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
}

/// The position so many kilometres from another in a direction (degrees clockwise from north).
#[must_use]
pub fn move_by(from: (f64, f64), bearing: f64, km: f64) -> (f64, f64) {
    let (lat, lon) = (from.0.to_radians(), from.1.to_radians());
    let (turn, arc) = (bearing.to_radians(), km / RADIUS);
    let to = (lat.sin() * arc.cos() + lat.cos() * arc.sin() * turn.cos()).clamp(-1.0, 1.0).asin();
    let east = lon + (turn.sin() * arc.sin() * lat.cos()).atan2(arc.cos() - lat.sin() * to.sin());
    (to.to_degrees(), (east.to_degrees() + 540.0).rem_euclid(360.0) - 180.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_degree_of_latitude() {
        assert!((distance_km((0.0, 0.0), (1.0, 0.0)) - 111.19).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn moving_covers_the_distance(lat in -80.0..80.0f64, lon in -179.0..179.0f64, bearing in 0.0..360.0f64, km in 0.0..500.0f64) {
            let to = move_by((lat, lon), bearing, km);
            prop_assert!((distance_km((lat, lon), to) - km).abs() < 0.01);
        }
    }
}
