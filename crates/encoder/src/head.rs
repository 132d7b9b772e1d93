//! Layers that stand on the encoder's vectors.

use crate::Error;
use crate::file::File;

/// A linear layer with fractions: a few classes, on vectors that are read one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What comes out.
    pub rows: usize,
    /// What goes in.
    pub cols: usize,
    /// Row by row.
    pub weight: Vec<f32>,
    /// One for each row.
    pub bias: Vec<f32>,
}

/// Numbers that are summed side by side.
const SIDE: usize = 16;

impl Head {
    /// The head of that name: the sections `name.weight` and `name.bias`.
    ///
    /// # Errors
    /// Where one is missing or they do not fit each other.
    pub fn read(file: &File, name: &str) -> Result<Self, Error> {
        let weight = format!("{name}.weight");
        let weight = file.tensor(&weight).ok_or(Error::Missing(weight))?;
        let bias = file.vector(&format!("{name}.bias"), weight.rows)?;
        Ok(Self { rows: weight.rows, cols: weight.cols, weight: weight.values, bias })
    }

    /// What it makes of one vector; what the vector lacks counts as zero. Summed in one order on every machine.
    #[must_use]
    pub fn apply(&self, vector: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(self.cols.max(1)).zip(&self.bias);
        rows.map(|(row, bias)| dot(row, vector) + bias).collect()
    }
}

/// The product of two vectors.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (&a[..a.len().min(b.len())], &b[..a.len().min(b.len())]);
    let mut sums = [0.0; SIDE];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<SIDE>(), b.as_chunks::<SIDE>());
    for (a, b) in a.iter().zip(b) {
        for at in 0..SIDE {
            sums[at] += a[at] * b[at];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    crate::lanes::sum(sums) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_multiplied_and_the_bias_is_added() {
        let weight = (0..40).map(|at| at as f32).collect();
        let head = Head { rows: 2, cols: 20, weight, bias: vec![0.5, -1.0] };
        let vector: Vec<f32> = (0..20).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert_eq!(head.apply(&vector), [-9.5, -11.0]);
        assert_eq!(head.apply(&vector[..2]), [-0.5, -2.0], "what is lacking is zero");
        assert_eq!(head.apply(&[]), [0.5, -1.0]);
    }
}
