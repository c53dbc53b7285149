//! `cargo xtask ranking`: the weights of the second look at the best articles, learned from judged queries.
//!
//! Each file is a table of `gisa evaluate --looks`: what ranking sees of judged articles, in numbers only. The weights are those with the
//! best mean over the files of what is measured in each: nDCG@10 where articles are graded, MRR@10 where a question has its answers. There are
//! few weights, so coordinate ascent (Metzler & Croft 2007) finds them on the measure itself. Cross-validation says what they are worth on
//! queries that were not learned from, and leaving each out says what it brings.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

/// Columns that are not weighed: query, grade, whether it holds all words, words of the query.
const KEYS: usize = 5;
/// Parts of the queries of which each is left out once in cross-validation.
const FOLDS: usize = 5;
/// Ranks that count.
const TEN: usize = 10;
const FEW: f64 = 3.0;
const MANY: f64 = 8.0;
const ROUNDS: usize = 12;
const FACTORS: [f64; 8] = [0.0, 0.5, 0.75, 0.9, 1.1, 1.33, 2.0, 4.0];
const FIRST_VALUES: [f64; 5] = [0.03, 0.1, 0.2, 0.4, 0.8];
const COST: f64 = 0.001;
const STEPS: i32 = 600;
const RATE: f64 = 0.02;
const RIDGE: f64 = 0.002;
const SHARP: f64 = 2.0;
const GRADED: f64 = 2.0;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tables of `gisa evaluate --looks`, one for each set of queries
    #[arg(required = true)]
    tables: Vec<PathBuf>,
    /// Also say what each value brings: the measure without it
    #[arg(long)]
    each: bool,
}

/// Prints the weights and what they are worth.
pub fn print_weights(arguments: &Arguments) -> anyhow::Result<()> {
    let mut names = Vec::new();
    let mut sets = Vec::new();
    for path in &arguments.tables {
        let (columns, set) = read(path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(names.is_empty() || names.starts_with(&columns), "{}: other columns", path.display());
        names = columns;
        let long: Vec<String> = names.iter().map(|name| format!("{name} long")).collect();
        names.extend(long);
        names.push("recency".to_owned());
        sets.push(set);
    }
    let all = |_: usize| true;
    let weights = learn(&sets, names.len(), &[], all);
    let nothing = vec![0.0; names.len()];
    #[allow(clippy::print_stdout)]
    {
        println!("{:<24} queries  base   learned  held out", "set");
        let folds = cross_validated(&sets, names.len());
        for (number, set) in sets.iter().enumerate() {
            let before = set.mean(&nothing, all);
            let after = set.mean(&weights, all);
            let held_out = folds.get(number).copied().unwrap_or_default();
            println!("{:<24} {:>7}  {before:.4}  {after:.4}  {held_out:.4}", set.name, set.queries.len());
        }
        for (number, name) in names.iter().enumerate() {
            let weight = weights.get(number).copied().unwrap_or_default();
            if !arguments.each {
                if weight > 0.004 {
                    println!("{name}: {weight:.3},");
                }
                continue;
            }
            let without = learn(&sets, names.len(), &[number], all);
            let brings = mean(&sets, &weights, all) - mean(&sets, &without, all);
            println!("{name}: {weight:.3}, // brings {brings:+.4}");
        }
    }
    Ok(())
}

/// An article that was judged for a query.
struct Seen {
    grade: u8,
    /// Whether it holds all words: those come first, whatever it is worth.
    all: bool,
    /// Mean weight of the query's words.
    mean: f64,
    /// How recent it is, 0 to 1.
    fresh: f64,
    base: f64,
    values: Vec<f64>,
}

/// The judged queries of a file.
struct Set {
    name: String,
    queries: Vec<Vec<Seen>>,
    graded: bool,
}

fn read(path: &Path) -> anyhow::Result<(Vec<String>, Set)> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_path(path)?;
    let names: Vec<String> = reader.headers()?.iter().skip(KEYS + 2).map(str::to_owned).collect();
    let mut queries: Vec<(usize, Vec<Seen>)> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |at: usize| record.get(at).context("a line is too short");
        let (query, grade) = (field(0)?.parse()?, field(1)?.parse()?);
        let values: Vec<f64> = record.iter().skip(KEYS + 2).map(str::parse).collect::<Result<_, _>>()?;
        let (fresh, base) = (field(KEYS)?.parse()?, field(KEYS + 1)?.parse()?);
        let many = ((field(3)?.parse::<f64>()? - FEW) / (MANY - FEW)).clamp(0.0, 1.0);
        let values: Vec<f64> = values
            .iter()
            .map(|value| value * (1.0 - many))
            .chain(values.iter().map(|value| value * many))
            .collect();
        let seen = Seen { grade, all: field(2)? == "1", mean: field(4)?.parse()?, fresh, base, values };
        match queries.last_mut() {
            Some((last, articles)) if *last == query => articles.push(seen),
            _ => queries.push((query, vec![seen])),
        }
    }
    ensure!(!queries.is_empty(), "no lines");
    let queries: Vec<Vec<Seen>> = queries.into_iter().map(|(_, articles)| articles).collect();
    let graded = queries.iter().flatten().any(|seen| seen.grade == 1 || seen.grade == 2);
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok((names, Set { name, queries, graded }))
}

impl Set {
    /// The mean measure over the queries whose number passes `chosen`.
    fn mean(&self, weights: &[f64], chosen: impl Fn(usize) -> bool) -> f64 {
        let numbered = self.queries.iter().enumerate().filter(|(number, _)| chosen(*number));
        let measured: Vec<f64> = numbered.map(|(_, articles)| self.measure(articles, weights)).collect();
        measured.iter().sum::<f64>() / measured.len().max(1) as f64
    }

    fn measure(&self, articles: &[Seen], weights: &[f64]) -> f64 {
        let (recency, weights) = weights.split_last().unwrap_or((&0.0, &[]));
        let worth = |seen: &Seen| {
            let sum = seen.values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>();
            let _ = recency;
            let r: f64 = std::env::var("R").ok().and_then(|r| r.parse().ok()).unwrap_or(0.2);
            let (from, to) = (
                std::env::var("A").unwrap().parse::<f64>().unwrap(),
                std::env::var("B").unwrap().parse::<f64>().unwrap(),
            );
            let r = r * ((from - seen.mean) / (from - to)).clamp(0.0, 1.0);
            let fresh = if self.graded { 1.0 - r + r * seen.fresh } else { 1.0 };
            (seen.base + sum) * fresh
        };
        let mut order: Vec<(bool, f64, u8)> =
            articles.iter().map(|seen| (seen.all, worth(seen), seen.grade)).collect();
        // Of equals the worse first: no figure is to hang on luck.
        order.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let ranked = order.iter().map(|(_, _, grade)| *grade);
        if !self.graded {
            let first = ranked.take(TEN).position(|grade| grade > 0);
            return first.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        }
        let mut ideal: Vec<u8> = articles.iter().map(|seen| seen.grade).collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        let best = gained(ideal.into_iter());
        if best > 0.0 { gained(ranked) / best } else { 0.0 }
    }
}

fn gained(grades: impl Iterator<Item = u8>) -> f64 {
    let gains = grades.take(TEN).map(|grade| 2_f64.powi(i32::from(grade)) - 1.0);
    (2_u32..).zip(gains).map(|(rank, gain)| gain / f64::from(rank).log2()).sum()
}

/// The mean over all sets, each as important as another, however many queries it has.
fn mean(sets: &[Set], weights: &[f64], chosen: impl Fn(usize) -> bool + Copy) -> f64 {
    sets.iter().map(|set| set.mean(weights, chosen)).sum::<f64>() / sets.len().max(1) as f64
}

/// Two articles of one query, of which the first is wanted more.
struct Pair {
    /// By how much the values of the first exceed those of the second, base first.
    differences: Vec<f64>,
    /// How much it matters.
    weight: f64,
}

fn pairs(sets: &[Set], chosen: impl Fn(usize) -> bool + Copy) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for set in sets.iter().filter(|set| set.graded) {
        for query in
            set.queries.iter().enumerate().filter(|(number, _)| chosen(*number)).map(|(_, query)| query)
        {
            let mut own: Vec<Pair> = Vec::new();
            for better in query {
                for worse in
                    query.iter().filter(|worse| worse.grade < better.grade && worse.all == better.all)
                {
                    let gain = |seen: &Seen| 2_f64.powi(i32::from(seen.grade)) - 1.0;
                    let mut differences = vec![better.base - worse.base];
                    differences
                        .extend(better.values.iter().zip(&worse.values).map(|(one, other)| one - other));
                    differences.push(better.fresh - worse.fresh);
                    own.push(Pair { differences, weight: gain(better) - gain(worse) });
                }
            }
            let sum: f64 = own.iter().map(|pair| pair.weight).sum();
            for pair in &mut own {
                pair.weight /= sum;
            }
            pairs.append(&mut own);
        }
    }
    pairs
}

/// The weights that put wanted articles first in the queries whose number passes `chosen`; those of `left_out` stay 0.
fn learn(sets: &[Set], width: usize, left_out: &[usize], chosen: impl Fn(usize) -> bool + Copy) -> Vec<f64> {
    let pairs = pairs(sets, chosen);
    let scale = 1.0 / sets.iter().filter(|set| set.graded).map(|set| set.queries.len()).sum::<usize>() as f64;
    // Projected Adam on the pairwise logistic loss.
    let size = width + 1;
    let mut weights = vec![0.1; size];
    weights[0] = 1.0;
    let (mut first, mut second) = (vec![0.0; size], vec![0.0; size]);
    for step in 1..=STEPS {
        let mut slopes = vec![0.0; size];
        for pair in &pairs {
            let sum: f64 = pair.differences.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let slope = -pair.weight * scale / (1.0 + (SHARP * sum).exp()) * SHARP;
            for (total, value) in slopes.iter_mut().zip(&pair.differences) {
                *total += slope * value;
            }
        }
        for (number, slope) in slopes.iter().enumerate() {
            let slope = slope + RIDGE * weights[number];
            first[number] = 0.9 * first[number] + 0.1 * slope;
            second[number] = 0.999 * second[number] + 0.001 * slope * slope;
            let (m, v) =
                (first[number] / (1.0 - 0.9_f64.powi(step)), second[number] / (1.0 - 0.999_f64.powi(step)));
            weights[number] = (weights[number] - RATE * m / (v.sqrt() + 1e-8)).max(0.0);
            if number > 0 && left_out.contains(&(number - 1)) {
                weights[number] = 0.0;
            }
        }
    }
    let base = weights[0].max(1e-3);
    let mut weights: Vec<f64> = weights.iter().skip(1).map(|weight| weight / base).collect();
    let values = (width - 1) / 2;
    for number in values..2 * values {
        weights[number] = match number - values {
            6 => 0.9,
            7 => 0.3,
            _ => 0.0,
        };
    }
    let worth = |weights: &[f64]| {
        mean(sets, weights, chosen) - COST * weights.iter().skip(values).take(values).sum::<f64>()
    };
    let mut best = worth(&weights);
    for _ in 0..ROUNDS {
        let before = best;
        for number in (values..2 * values).filter(|number| !left_out.contains(number)) {
            let current = weights[number];
            let tries: Vec<f64> = if current > 0.0 {
                FACTORS.iter().map(|factor| current * factor).collect()
            } else {
                FIRST_VALUES.to_vec()
            };
            let mut kept = current;
            for value in tries {
                weights[number] = value;
                let found = worth(&weights);
                if found > best + 1e-6 {
                    (best, kept) = (found, value);
                }
            }
            weights[number] = kept;
        }
        if best - before < 1e-5 {
            break;
        }
    }
    weights
}

/// For each set, the mean over its queries with weights that were learned without them.
fn cross_validated(sets: &[Set], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; sets.len()];
    for fold in 0..FOLDS {
        let weights = learn(sets, width, &[], |number| number % FOLDS != fold);
        for (sum, set) in sums.iter_mut().zip(sets) {
            let held_out = (0..set.queries.len()).filter(|number| number % FOLDS == fold).count();
            *sum += set.mean(&weights, |number| number % FOLDS == fold) * held_out as f64;
        }
    }
    sums.iter().zip(sets).map(|(sum, set)| sum / set.queries.len().max(1) as f64).collect()
}
