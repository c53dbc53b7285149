// Korean time: +09:00 all year, whatever the browser's zone is. Days are `YYYY-MM-DD`.

const OFFSET_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

/**
 * The parts of a moment on a Korean clock; `null` if it is not a valid one. A date without a time is stored as midnight to the
 * second, so `timed` is false then.
 */
export function koreanClock(moment) {
  const instant = moment ? Date.parse(moment) : Number.NaN;
  if (Number.isNaN(instant)) return null;
  // Shifted by +09:00, the UTC fields read as Korean wall time.
  const korea = new Date(instant + OFFSET_MS);
  return {
    year: korea.getUTCFullYear(),
    month: korea.getUTCMonth() + 1,
    day: korea.getUTCDate(),
    hour: korea.getUTCHours(),
    minute: korea.getUTCMinutes(),
    second: korea.getUTCSeconds(),
    timed: korea.getTime() % DAY_MS !== 0,
  };
}

/** Whether one moment is known to be before another: a date without a time says nothing about the order within its day. */
export function isBefore(moment, other) {
  const clocks = [koreanClock(moment), koreanClock(other)];
  if (!clocks.every(Boolean)) return false;
  const instants = [Date.parse(moment), Date.parse(other)];
  const [first, second] = clocks.every(({ timed }) => timed) ? instants : instants.map(dayOf);
  return first < second;
}

function dayOf(instant) {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 10);
}

/** Today's date in Korea. */
export function today(now = Date.now()) {
  return dayOf(now);
}

/** A number as two digits. */
export function twoDigits(value) {
  return String(value).padStart(2, "0");
}

/** Presets of the period: name → days and months to go back from today. */
const PRESETS = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { months: 12 },
};

/** Names of the presets, in the order shown. */
export const PERIODS = ["all", ...Object.keys(PRESETS), "custom"];

/** First day of a preset; the end is left open. 31 May less a month is 30 April. */
export function presetStart(name, now = Date.now()) {
  const { days = 0, months = 0 } = PRESETS[name];
  const korea = new Date(now + OFFSET_MS);
  const month = korea.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(korea.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(korea.getUTCDate(), lastDay) - days;
  return new Date(Date.UTC(korea.getUTCFullYear(), month, day)).toISOString().slice(0, 10);
}

/** Which preset the two ends of a period amount to today. */
export function periodOf({ from, to }) {
  if (!from && !to) return "all";
  if (!to) {
    const preset = Object.keys(PRESETS).find((name) => presetStart(name) === from);
    if (preset) return preset;
  }
  return "custom";
}

/** Days from one day to another. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** How a week is written: its Monday, and that it has seven days. */
const WEEK = "/7";

/** The week of a day, from Monday (ISO 8601): `2026-02-05` → `2026-02-02/7`. */
export function weekOf(day) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return shifted(day, -((weekday + 6) % 7)) + WEEK;
}

/** Whether a value is a week. */
export function isWeek(value) {
  return value.endsWith(WEEK);
}

/** First day of a day, week, month or year: `2023-06` → `2023-06-01`. */
export function firstDay(value) {
  return `${value}${"-01-01".slice(value.length - 4)}`.slice(0, 10);
}

/** Last day of a day, week, month or year: `2023-06` → `2023-06-30`. */
export function lastDay(value) {
  if (isWeek(value)) return shifted(value.slice(0, 10), 6);
  if (value.length === 10) return value;
  if (value.length === 4) return `${value}-12-31`;
  const [year, month] = value.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** The day, week, month or year `steps` after one of the same kind. */
export function shifted(value, steps) {
  if (isWeek(value)) return shifted(value.slice(0, 10), 7 * steps) + WEEK;
  const [year, month = 1, day = 1] = value.split("-").map(Number);
  const by = (length) => (value.length === length ? steps : 0);
  const moved = new Date(Date.UTC(year + by(4), month - 1 + by(7), day + by(10)));
  return moved.toISOString().slice(0, value.length);
}

/** The first and the last day of a bucket of `/api/trends`: `2026-02-05`, `2026-W06`, `2026-02` or `2026`. */
export function bucketDays(bucket) {
  const week = /^(\d{4})-W(\d{2})$/.exec(bucket);
  if (!week) return { from: firstDay(bucket), to: lastDay(bucket) };
  // The fourth of January is in the first week.
  const first = weekOf(`${week[1]}-01-04`).slice(0, 10);
  const from = shifted(first, 7 * (Number(week[2]) - 1));
  return { from, to: shifted(from, 6) };
}
