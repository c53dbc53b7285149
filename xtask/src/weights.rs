//! `cargo xtask weights`: logistic regression over the measures of judged pairs of articles.

use std::path::PathBuf;

use anyhow::{Context, ensure};

/// Strength of the ridge penalty, which draws weights to 0, so that a measure that tells little gets almost none.
const RIDGE: f64 = 1.0;

/// Steps of gradient descent. The loss is convex, and a thousand steps earlier it is the same to six digits.
const STEPS: usize = 20_000;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The output of `gisa evaluate --similar PAIRS --measures`
    measures: PathBuf,
}

/// Prints the weight of each measure, in the form of `src/similar/evidence.rs`.
pub fn print_weights(arguments: &Arguments) -> anyhow::Result<()> {
    let path = &arguments.measures;
    let (names, pairs) = read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (bias, weights) = learn(&pairs);
    #[allow(clippy::print_stdout)]
    {
        println!("{} pairs", pairs.len());
        for (name, weight) in names.iter().zip(weights) {
            println!("(\"{name}\", {weight:.2}),");
        }
        println!("BIAS {bias:.2}");
    }
    Ok(())
}

/// The measures of a pair, and its judgement: 1 for the same text, else 0.
struct Pair {
    values: Vec<f64>,
    same: f64,
}

fn read(path: &std::path::Path) -> anyhow::Result<(Vec<String>, Vec<Pair>)> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_path(path)?;
    let names: Vec<String> = reader.headers()?.iter().skip(3).map(str::to_owned).collect();
    let mut pairs = Vec::new();
    for record in reader.records() {
        let record = record?;
        let mut numbers = record.iter().skip(2).map(str::parse::<f64>);
        let same = numbers.next().context("a line without a judgement")??;
        pairs.push(Pair { values: numbers.collect::<Result<_, _>>()?, same });
    }
    ensure!(!pairs.is_empty(), "no pairs");
    Ok((names, pairs))
}

/// Bias and weights that make the judgements likeliest, measures brought to mean 0 and deviation 1 while it learns.
fn learn(pairs: &[Pair]) -> (f64, Vec<f64>) {
    let count = pairs.len() as f64;
    let width = pairs.first().map_or(0, |pair| pair.values.len());
    let column = |at: usize| pairs.iter().filter_map(move |pair| pair.values.get(at).copied());
    let scales: Vec<(f64, f64)> = (0..width)
        .map(|at| {
            let mean = column(at).sum::<f64>() / count;
            let variance = column(at).map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            (mean, variance.sqrt().max(1e-9))
        })
        .collect();
    let rows: Vec<(Vec<f64>, f64)> = pairs
        .iter()
        .map(|pair| {
            let scaled =
                pair.values.iter().zip(&scales).map(|(value, (mean, deviation))| (value - mean) / deviation);
            (scaled.collect(), pair.same)
        })
        .collect();
    let (mut bias, mut weights) = (0.0, vec![0.0; width]);
    for _ in 0..STEPS {
        let mut slope = 0.0;
        let mut slopes: Vec<f64> = weights.iter().map(|weight| RIDGE * weight).collect();
        for (values, same) in &rows {
            let sum = bias + values.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>();
            let error = 1.0 / (1.0 + (-sum).exp()) - same;
            slope += error;
            for (slope, value) in slopes.iter_mut().zip(values) {
                *slope += error * value;
            }
        }
        bias -= slope / count;
        for (weight, slope) in weights.iter_mut().zip(slopes) {
            *weight -= slope / count;
        }
    }
    let unscaled: Vec<f64> =
        weights.iter().zip(&scales).map(|(weight, (_, deviation))| weight / deviation).collect();
    let moved = unscaled.iter().zip(&scales).map(|(weight, (mean, _))| weight * mean).sum::<f64>();
    (bias - moved, unscaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_that_tells_gets_weight_and_another_gets_none() {
        // The first measure tells, but for one pair in ten; the second is the same on both sides.
        let pairs: Vec<Pair> = (0..200)
            .map(|at| {
                let same = f64::from(u8::from(at % 2 == 0));
                let first = if at % 20 < 2 { 1.0 - same } else { same };
                Pair { values: vec![3.0 + first, f64::from(at / 2 % 2)], same }
            })
            .collect();
        let (bias, weights) = learn(&pairs);
        let likelihood = |first: f64| {
            let sum =
                bias + weights.iter().zip([first, 0.5]).map(|(weight, value)| weight * value).sum::<f64>();
            1.0 / (1.0 + (-sum).exp())
        };
        assert!((likelihood(4.0) - 0.9).abs() < 0.02, "{}", likelihood(4.0));
        assert!((likelihood(3.0) - 0.1).abs() < 0.02, "{}", likelihood(3.0));
        assert!(weights.get(1).is_some_and(|weight| weight.abs() < 0.1), "{weights:?}");
    }
}
