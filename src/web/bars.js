// The bars of a timeline: how many articles were published in each day, week, month or year, without gaps.

import { facet } from "./api.js";
import { BAR_UNITS } from "./state.js";
import { daysBetween, firstDay, lastDay, shifted, weekOf } from "./time.js";

/** Number of buckets to request: the most that the server returns. */
const BUCKETS = 1000;
/** Up to this many days, a bar is a day; up to this many months, a month; beyond that, a year. */
const DAYS = 92;
const MONTHS = 240;
/** The most days that a reader may ask to see as days, or as weeks: more have too many bars, or more buckets than are returned. */
export const MOST_DAYS = { day: 366, week: BUCKETS };

/** The units that can be chosen for so many days. */
export function unitsThatFit(days) {
  return BAR_UNITS.filter((unit) => days <= (MOST_DAYS[unit] ?? Infinity));
}

/**
 * The bars for a state, in its unit or in one that fits the time they span: `{unit, bars, span, missing}`, `span` in days, `missing`
 * articles without a date, which are in no bar.
 */
export async function barsOf(state, signal) {
  const { values: months, missing = 0 } = await facet("month", state, BUCKETS, signal);
  const bars = await datedBars(months, state, signal);
  return { ...bars, missing };
}

async function datedBars(months, state, signal) {
  if (months.length === 0) return { unit: "month", bars: [], span: 0 };
  const first = state.from || firstDay(months[0].value);
  const last = state.to || lastDay(months.at(-1).value);
  const span = daysBetween(first, last) + 1;
  const unit = unitsThatFit(span).includes(state.bars) ? state.bars : unitFor(span);
  if (unit === "day" || unit === "week") {
    const days = (await facet("day", state, BUCKETS, signal)).values;
    const from = state.from || days[0].value;
    const to = state.to || days.at(-1).value;
    if (unit === "day") return { unit, bars: dense(days, from, to), span };
    return { unit, bars: dense(summed(days, weekOf), weekOf(from), weekOf(to)), span };
  }
  if (unit === "month") return { unit, bars: dense(months, first.slice(0, 7), last.slice(0, 7)), span };
  const years = summed(months, (value) => value.slice(0, 4));
  return { unit, bars: dense(years, first.slice(0, 4), last.slice(0, 4)), span };
}

function unitFor(span) {
  if (span <= DAYS) return "day";
  return span <= 30.5 * MONTHS ? "month" : "year";
}

/** The values counted by a coarser unit. */
function summed(values, coarser) {
  const sums = new Map();
  for (const { value, count } of values) {
    const of = coarser(value);
    sums.set(of, (sums.get(of) ?? 0) + count);
  }
  return [...sums].map(([value, count]) => ({ value, count }));
}

/** Every bucket from `first` to `last`, including those without articles. */
function dense(values, first, last) {
  const counts = new Map(values.map(({ value, count }) => [value, count]));
  const bars = [];
  // The bound only guards against an invalid date.
  for (let value = first; value <= last && bars.length < 4 * BUCKETS; value = shifted(value, 1)) {
    bars.push({ value, count: counts.get(value) ?? 0 });
  }
  return bars;
}
