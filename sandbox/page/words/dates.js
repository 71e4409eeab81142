// Dates as a reader in one zone sees them. Everything takes the zone and the present as arguments.

import { habits } from "../keep.js";

const pad = (number, width = 2) => String(number).padStart(width, "0");
const MINUTE = 60,
  HOUR = 3600,
  DAY = 86400;
const cache = new Map();

function formatter(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!cache.has(key)) {
    try {
      cache.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
    } catch {
      cache.set(key, new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }));
    }
  }
  return cache.get(key);
}

/** The wall clock in `zone` at `ms`. */
function wall(ms, zone) {
  const parts = formatter(zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    weekday: "long",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(ms);
  const take = (type) => parts.find((part) => part.type === type)?.value;
  return {
    year: Number(take("year")),
    month: Number(take("month")),
    day: Number(take("day")),
    hour: Number(take("hour")),
    minute: Number(take("minute")),
    second: Number(take("second")),
    weekday: take("weekday"),
    monthName: formatter(zone, { month: "long" }).format(ms),
    monthShort: formatter(zone, { month: "short" }).format(ms),
  };
}

export const dayKey = (ms, zone) => {
  const at = wall(ms, zone);
  return `${at.year}-${pad(at.month)}-${pad(at.day)}`;
};

function dayNumber(ms, zone) {
  const at = wall(ms, zone);
  return Math.round(Date.UTC(at.year, at.month - 1, at.day) / (DAY * 1000));
}

/** The moment at which the clocks of `zone` show this wall time, in seconds. */
export function fromWall(text, zone) {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset is first taken at the wrong moment, so ask again at the corrected one (clock changes).
  let ms = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const at = wall(ms, zone);
    const shown = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
    ms += asUtc - shown;
  }
  return Math.round(ms / 1000);
}

/** `2026-03-05T09:30`, what a datetime-local field wants. */
export function toWall(seconds, zone) {
  const at = wall(seconds * 1000, zone);
  return `${at.year}-${pad(at.month)}-${pad(at.day)}T${pad(at.hour)}:${pad(at.minute)}`;
}

let twelveHours = habits.get("clock") === "12";

export const usesTwelveHours = () => twelveHours;
export function setTwelveHours(value) {
  twelveHours = value;
  habits.set("clock", value ? "12" : "24");
}

export function time(ms, zone, { seconds = false } = {}) {
  const at = wall(ms, zone);
  const tail = seconds ? `:${pad(at.second)}` : "";
  if (!twelveHours) return `${pad(at.hour)}:${pad(at.minute)}${tail}`;
  return `${at.hour % 12 || 12}:${pad(at.minute)}${tail} ${at.hour < 12 ? "AM" : "PM"}`;
}

export function zoneName(ms, zone) {
  return (
    formatter(zone, { timeZoneName: "short" })
      .formatToParts(ms)
      .find((part) => part.type === "timeZoneName")?.value ?? zone
  );
}

function ordinal(day) {
  const tens = day % 100;
  if (tens >= 11 && tens <= 13) return `${day}th`;
  return `${day}${{ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th"}`;
}

function relativeDay(ms, nowMs, zone) {
  return (
    { "-1": "yesterday", 0: "today", 1: "tomorrow" }[dayNumber(ms, zone) - dayNumber(nowMs, zone)] ?? null
  );
}

function ago(ms, nowMs) {
  const seconds = Math.round((nowMs - ms) / 1000);
  const size = Math.abs(seconds);
  const steps = [
    [MINUTE, 1, "second"],
    [HOUR, MINUTE, "minute"],
    [DAY, HOUR, "hour"],
    [30 * DAY, DAY, "day"],
    [365 * DAY, 30 * DAY, "month"],
    [Infinity, 365 * DAY, "year"],
  ];
  const [, unit, word] = steps.find(([limit]) => size < limit);
  const count = Math.floor(size / unit);
  const words = `${count} ${word}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

/** The one heading a day gets in a list of messages. */
export function dayHeading(ms, nowMs, zone) {
  const relative = relativeDay(ms, nowMs, zone);
  if (relative && relative !== "tomorrow") return relative === "today" ? "Today" : "Yesterday";
  const at = wall(ms, zone);
  const base = `${at.weekday}, ${at.monthName} ${ordinal(at.day)}`;
  return at.year === wall(nowMs, zone).year ? base : `${base}, ${at.year}`;
}

/** Fill the `{tokens}` of a date template. Unknown tokens stay as written. */
export function fillTemplate(template, seconds, zone, nowMs) {
  const ms = seconds * 1000;
  const at = wall(ms, zone);
  // Slack leaves the year out within about six months of the present.
  const year = Math.abs(ms - nowMs) < 183 * DAY * 1000 ? "" : `, ${at.year}`;
  const long = `${at.weekday}, ${at.monthName} ${ordinal(at.day)}`;
  const plain = {
    date_num: () => `${at.year}-${pad(at.month)}-${pad(at.day)}`,
    date_slash: () => `${pad(at.day)}/${pad(at.month)}/${at.year}`,
    date: () => `${at.monthName} ${ordinal(at.day)}${year}`,
    date_short: () => `${at.monthShort} ${at.day}${year}`,
    date_long: () => `${long}${year}`,
    date_long_full: () => `${at.monthName} ${at.day}, ${at.year}`,
    time: () => time(ms, zone),
    time_secs: () => time(ms, zone, { seconds: true }),
    ago: () => ago(ms, nowMs),
    day_divider_pretty: () =>
      relativeDay(ms, nowMs, zone) ?? (at.year === wall(nowMs, zone).year ? long : `${long}, ${at.year}`),
  };
  for (const name of ["date", "date_short", "date_long"]) {
    plain[`${name}_pretty`] = () => relativeDay(ms, nowMs, zone) ?? plain[name]();
  }
  const filled = template.replace(/\{(\w+)\}/g, (whole, name) => plain[name]?.() ?? whole);
  return /^\{/.test(template) ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
}
