// Who wrote something, and the small pictures and cards that stand for people.

import { h } from "./dom.js";
import { now, store, user } from "./store.js";
import { time, zoneName } from "./words/dates.js";
import { emoji } from "./words/emoji.js";
import { userName } from "./words/mrkdwn.js";

const HUES = ["#3f6c8f", "#8a5a44", "#4d7a51", "#7a5185", "#8f7a2e", "#3d7f7a", "#9a4f5f", "#59639c"];

/** A colour that stays with an id, for people whose seed names none. */
function colourOf(id, colour) {
  if (/^#?[0-9a-f]{6}$/i.test(colour ?? "")) return colour.startsWith("#") ? colour : `#${colour}`;
  let sum = 0;
  for (const char of String(id)) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return HUES[sum % HUES.length];
}

function initialsOf(name) {
  const words = String(name || "?")
    .trim()
    .split(/\s+/);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

export function avatar(author, size = "medium") {
  const square = author.app ? " app" : "";
  return h(
    "span",
    {
      class: `avatar ${size}${square}`,
      "aria-hidden": "true",
      style: { "--tint": colourOf(author.id, author.color) },
    },
    author.emoji || author.initials || initialsOf(author.name),
  );
}

/** The author of a message: a person, an app under its own or another name, or the workspace. */
export function authorOf(message) {
  if (message.note)
    return { id: "workspace", name: store.team.name || "Workspace", app: true, color: "#6b7280" };
  const person = user(message.user);
  const app = Boolean(message.bot_id) || Boolean(person?.is_bot);
  const name =
    message.username ||
    message.bot_profile?.name ||
    (person ? userName(person.id) : null) ||
    (app ? store.app.name : message.user) ||
    "Unknown";
  const initials = message.username ? null : person?.initials;
  const sign = message.icons?.emoji ? emoji(message.icons.emoji.replace(/:/g, "")) : null;
  return {
    id: message.user || message.bot_id,
    name,
    app,
    color: person?.color,
    initials,
    person,
    emoji: sign,
  };
}

export function personAuthor(person) {
  return {
    id: person.id,
    name: userName(person.id),
    app: person.is_bot,
    color: person.color,
    initials: person.initials,
  };
}

export const localTime = (person) =>
  `${time(now(), person.tz || "UTC")} ${zoneName(now(), person.tz || "UTC")}`;

/** Everybody who can act: people, not apps, not those who have left. */
export function actors() {
  return [...store.users.values()]
    .filter((person) => !person.is_bot && !person.deleted)
    .sort((a, b) => userName(a.id).localeCompare(userName(b.id)));
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a word of the person's name or handle begins like this. */
export const isCalled = (person, query) =>
  fold(` ${person.real_name ?? ""} ${person.name}`).includes(` ${fold(query)}`);

/** Case- and accent-blind match of every typed word against name, handle, title and zone. */
export function matches(person, query) {
  const hay = fold([person.real_name, person.name, person.title, person.tz].filter(Boolean).join(" "));
  return fold(query)
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

export function channelLabel(room) {
  if (!room) return "";
  if (room.kind === "app_dm") return store.app.name || "App";
  if (room.kind === "dm") return userName(partner(room));
  return room.name;
}

/** The other person in a direct message. */
export function partner(room) {
  const named = typeof room.user === "object" ? room.user?.id : room.user;
  if (named && named !== store.as) return named;
  return (room.members ?? []).find((id) => id !== store.as) ?? store.as;
}
