//! `cargo xtask ranking`: the weights of the second look at the best articles, learned from judged queries.
//!
//! Each file is a table of `gisa evaluate --looks`: what ranking sees of judged articles, in numbers only (`benches/ranking/`).
//! A query of few words is weighed otherwise than one of many, with a mixture in between (`src/query/ranking/look.rs`), and what tells most
//! of each differs, so that there are two steps:
//!
//! 1. On graded articles, which are those of short queries: logistic regression over pairs of articles of a query, of which one is wanted more
//!    (Joachims 2002). A pair counts by the difference of what its articles gain.
//! 2. On all sets, for the weights in queries of many words: coordinate ascent on what is measured (Metzler & Croft 2007), nDCG@10 where
//!    articles are graded, MRR@10 where a question has its answers. A question has one answer, which pairs say little about.
//!
//! Cross-validation says what the weights are worth on queries that they were not learned from.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

/// Columns before the values: query, grade, whether it holds all words, words of the query, their mean weight, freshness, base score.
const BEFORE_VALUES: usize = 7;
/// Bounds of what counts as few and many words; the same as in `src/query/ranking/look.rs`.
const FEW_WORDS: f64 = 3.0;
/// See [`FEW_WORDS`].
const MANY_WORDS: f64 = 8.0;
/// Bounds of common and rare words, and the weight of recency in its default; the same as in `src/query/ranking/mod.rs`.
const COMMON: f64 = 4.0;
/// See [`COMMON`].
const RARE: f64 = 8.0;
/// See [`COMMON`].
const RECENCY: f64 = 0.15;

/// Parts of the queries of which each is left out once in cross-validation.
const FOLDS: usize = 5;
/// Ranks that count.
const TEN: usize = 10;

/// Steps of gradient descent; the loss is convex, and a hundred steps earlier it is the same to four digits.
const STEPS: i32 = 600;
/// How far a step goes.
const RATE: f64 = 0.02;
/// Strength of the ridge penalty, which draws weights to 0.
const RIDGE: f64 = 0.002;
/// How much a difference of scores says about which article is wanted more.
const SHARP: f64 = 2.0;

/// Rounds of coordinate ascent, at most.
const ROUNDS: usize = 12;
/// What a weight is tried at: its value times these.
const FACTORS: [f64; 8] = [0.0, 0.5, 0.75, 0.9, 1.1, 1.33, 2.0, 4.0];
/// What a weight of 0 is tried at.
const FIRST_VALUES: [f64; 5] = [0.03, 0.1, 0.2, 0.4, 0.8];
/// What a weight costs, in the measure, for each unit of it: one that tells little becomes 0.
const COST: f64 = 0.001;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tables of `gisa evaluate --looks`, one for each set of queries
    #[arg(required = true)]
    tables: Vec<PathBuf>,
    /// Also say what each value brings: the measures without it
    #[arg(long)]
    each: bool,
}

/// Prints the weights and what they are worth.
pub fn print_weights(arguments: &Arguments) -> anyhow::Result<()> {
    let mut names: Vec<String> = Vec::new();
    let mut sets = Vec::new();
    for path in &arguments.tables {
        let (columns, set) = read(path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(names.is_empty() || names == columns, "{}: other columns", path.display());
        names = columns;
        sets.push(set);
    }
    let all = |_: usize| true;
    let weights = learn(&sets, names.len(), None, all);
    let nothing = Weights::zero(names.len());
    #[allow(clippy::print_stdout)]
    {
        println!("{:<20} queries  base    learned  held out", "set");
        for (set, held_out) in sets.iter().zip(cross_validated(&sets, names.len())) {
            let (before, after) = (set.mean(&nothing, all), set.mean(&weights, all));
            println!("{:<20} {:>7}  {before:.4}  {after:.4}   {held_out:.4}", set.name, set.queries.len());
        }
        println!("\n{:<10} few   many{}", "value", if arguments.each { "  without it, by set" } else { "" });
        for (number, name) in names.iter().enumerate() {
            let (few, many) = (at(&weights.few, number), at(&weights.many, number));
            let mut without = String::new();
            if arguments.each {
                let weights = learn(&sets, names.len(), Some(number), all);
                let means = sets.iter().map(|set| format!("  {:.4}", set.mean(&weights, all)));
                without = means.collect();
            }
            println!("{name:<10} {few:.2}  {many:.2}{without}");
        }
    }
    Ok(())
}

/// An article that was judged for a query.
struct Seen {
    grade: u8,
    /// Whether it holds all words: those come first, whatever it is worth.
    all: bool,
    /// How much the query is one of many words, 0 to 1.
    many: f64,
    /// What recency multiplies the score with.
    recency: f64,
    base: f64,
    values: Vec<f64>,
}

/// The judged queries of a file.
struct Set {
    name: String,
    queries: Vec<Vec<Seen>>,
    graded: bool,
}

/// What values are worth in queries of few and of many words.
#[derive(Clone)]
struct Weights {
    few: Vec<f64>,
    many: Vec<f64>,
}

impl Weights {
    fn zero(width: usize) -> Self {
        Self { few: vec![0.0; width], many: vec![0.0; width] }
    }
}

fn at(values: &[f64], number: usize) -> f64 {
    values.get(number).copied().unwrap_or_default()
}

fn dot(values: &[f64], weights: &[f64]) -> f64 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

fn read(path: &Path) -> anyhow::Result<(Vec<String>, Set)> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_path(path)?;
    let names: Vec<String> = reader.headers()?.iter().skip(BEFORE_VALUES).map(str::to_owned).collect();
    let mut queries: Vec<(u64, Vec<Seen>)> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let numbers: Vec<f64> = record.iter().map(str::parse).collect::<Result<_, _>>()?;
        let [query, grade, all, words, mean, fresh, base, values @ ..] = numbers.as_slice() else {
            anyhow::bail!("line {}: too short", record.position().map_or(0, |position| position.line()));
        };
        let recency = RECENCY * ((RARE - mean) / (RARE - COMMON)).clamp(0.0, 1.0);
        let seen = Seen {
            grade: *grade as u8,
            all: *all > 0.0,
            many: ((words - FEW_WORDS) / (MANY_WORDS - FEW_WORDS)).clamp(0.0, 1.0),
            recency: 1.0 - recency + recency * fresh,
            base: *base,
            values: values.to_vec(),
        };
        match queries.last_mut() {
            Some((last, articles)) if *last == *query as u64 => articles.push(seen),
            _ => queries.push((*query as u64, vec![seen])),
        }
    }
    ensure!(!queries.is_empty(), "no lines");
    let mut queries: Vec<Vec<Seen>> = queries.into_iter().map(|(_, articles)| articles).collect();
    let graded = queries.iter().flatten().any(|seen| seen.grade == 1 || seen.grade == 2);
    if !graded {
        // Questions are measured by their text alone.
        queries.iter_mut().flatten().for_each(|seen| seen.recency = 1.0);
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok((names, Set { name, queries, graded }))
}

impl Set {
    /// The mean measure over the queries whose number passes `chosen`.
    fn mean(&self, weights: &Weights, chosen: impl Fn(usize) -> bool) -> f64 {
        let numbered = self.queries.iter().enumerate().filter(|(number, _)| chosen(*number));
        let measured: Vec<f64> = numbered.map(|(_, articles)| self.measure(articles, weights)).collect();
        measured.iter().sum::<f64>() / measured.len().max(1) as f64
    }

    fn measure(&self, articles: &[Seen], weights: &Weights) -> f64 {
        let worth = |seen: &Seen| {
            let (few, many) = (dot(&seen.values, &weights.few), dot(&seen.values, &weights.many));
            (seen.base + few * (1.0 - seen.many) + many * seen.many) * seen.recency
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

/// What an article of a grade gains.
fn gain(grade: u8) -> f64 {
    2_f64.powi(i32::from(grade)) - 1.0
}

fn gained(grades: impl Iterator<Item = u8>) -> f64 {
    (2_u32..).zip(grades.take(TEN)).map(|(rank, grade)| gain(grade) / f64::from(rank).log2()).sum()
}

/// The weights for the queries whose number passes `chosen`; those of the value `left_out` stay 0.
fn learn(
    sets: &[Set],
    width: usize,
    left_out: Option<usize>,
    chosen: impl Fn(usize) -> bool + Copy,
) -> Weights {
    let few = descend(&pairs(sets, chosen), width, left_out);
    ascend(sets, Weights { few, many: vec![0.0; width] }, left_out, chosen)
}

/// Two articles of one query, of which the first is wanted more.
struct Pair {
    /// By how much the first exceeds the second: the base score, and the values as those of a query of few and of many words.
    differences: Vec<f64>,
    /// How much it matters.
    weight: f64,
}

/// The pairs of graded articles that compete; those of each query matter as much as those of another.
fn pairs(sets: &[Set], chosen: impl Fn(usize) -> bool + Copy) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for set in sets.iter().filter(|set| set.graded) {
        for (_, query) in set.queries.iter().enumerate().filter(|(number, _)| chosen(*number)) {
            let mut own: Vec<Pair> = Vec::new();
            for better in query {
                let competes = |worse: &&Seen| worse.grade < better.grade && worse.all == better.all;
                for worse in query.iter().filter(competes) {
                    let values = || better.values.iter().zip(&worse.values).map(|(one, other)| one - other);
                    let differences = std::iter::once(better.base - worse.base)
                        .chain(values().map(|difference| difference * (1.0 - better.many)))
                        .chain(values().map(|difference| difference * better.many));
                    let weight = gain(better.grade) - gain(worse.grade);
                    own.push(Pair { differences: differences.collect(), weight });
                }
            }
            let sum: f64 = own.iter().map(|pair| pair.weight).sum();
            own.iter_mut().for_each(|pair| pair.weight /= sum);
            pairs.append(&mut own);
        }
    }
    let count = pairs.iter().map(|pair| pair.weight).sum::<f64>().max(1.0);
    pairs.iter_mut().for_each(|pair| pair.weight /= count);
    pairs
}

/// A weight while it is learned, with the moments of its slope (Adam, Kingma & Ba 2015).
#[derive(Clone, Copy)]
struct Moving {
    weight: f64,
    first: f64,
    second: f64,
}

/// The weights in queries of few words, none below 0, in units of that of the base score.
fn descend(pairs: &[Pair], width: usize, left_out: Option<usize>) -> Vec<f64> {
    let mut moving = vec![Moving { weight: 0.1, first: 0.0, second: 0.0 }; 2 * width + 1];
    if let Some(base) = moving.first_mut() {
        base.weight = 1.0;
    }
    for step in 1..=STEPS {
        let weights: Vec<f64> = moving.iter().map(|moving| moving.weight).collect();
        let mut slopes: Vec<f64> = weights.iter().map(|weight| RIDGE * weight).collect();
        for pair in pairs {
            let surprise = 1.0 / (1.0 + (SHARP * dot(&pair.differences, &weights)).exp());
            for (slope, difference) in slopes.iter_mut().zip(&pair.differences) {
                *slope -= pair.weight * SHARP * surprise * difference;
            }
        }
        for (number, (moving, slope)) in moving.iter_mut().zip(slopes).enumerate() {
            moving.first = 0.9 * moving.first + 0.1 * slope;
            moving.second = 0.999 * moving.second + 0.001 * slope * slope;
            let (first, second) =
                (moving.first / (1.0 - 0.9_f64.powi(step)), moving.second / (1.0 - 0.999_f64.powi(step)));
            let is_out = number > 0 && left_out == Some((number - 1) % width.max(1));
            let next = moving.weight - RATE * first / (second.sqrt() + 1e-8);
            moving.weight = if is_out { 0.0 } else { next.max(0.0) };
        }
    }
    let base = moving.first().map_or(1.0, |base| base.weight.max(1e-3));
    moving.iter().skip(1).take(width).map(|moving| moving.weight / base).collect()
}

/// `weights` with better ones for queries of many words.
fn ascend(
    sets: &[Set],
    mut weights: Weights,
    left_out: Option<usize>,
    chosen: impl Fn(usize) -> bool + Copy,
) -> Weights {
    let worth = |weights: &Weights| {
        let means: f64 = sets.iter().map(|set| set.mean(weights, chosen)).sum();
        means / sets.len().max(1) as f64 - COST * weights.many.iter().sum::<f64>()
    };
    let mut best = worth(&weights);
    for _ in 0..ROUNDS {
        let before = best;
        for number in (0..weights.many.len()).filter(|number| left_out != Some(*number)) {
            let current = at(&weights.many, number);
            let tries: Vec<f64> = if current > 0.0 {
                FACTORS.iter().map(|factor| current * factor).collect()
            } else {
                FIRST_VALUES.to_vec()
            };
            for value in tries {
                let mut tried = weights.clone();
                if let Some(weight) = tried.many.get_mut(number) {
                    *weight = value;
                }
                let found = worth(&tried);
                if found > best + 1e-6 {
                    (best, weights) = (found, tried);
                }
            }
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
        let weights = learn(sets, width, None, |number| number % FOLDS != fold);
        for (sum, set) in sums.iter_mut().zip(sets) {
            let held_out = (0..set.queries.len()).filter(|number| number % FOLDS == fold).count();
            *sum += set.mean(&weights, |number| number % FOLDS == fold) * held_out as f64;
        }
    }
    sums.iter().zip(sets).map(|(sum, set)| sum / set.queries.len().max(1) as f64).collect()
}
