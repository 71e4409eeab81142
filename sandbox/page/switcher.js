// Whom you act as, where you jump to, and the small card about a person.

import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { openFinder } from "./finder.js";
import { openMenu } from "./menu.js";
import { notice } from "./notices.js";
import { actors, avatar, localTime, matches, partner, personAuthor } from "./people.js";
import { format, go } from "./route.js";
import { store, user } from "./store.js";
import { setTwelveHours, usesTwelveHours } from "./words/dates.js";
import { userName } from "./words/mrkdwn.js";

const personRow = (person, note = null) => [
  avatar(personAuthor(person), "small"),
  h(
    "span",
    { class: "person-words" },
    h("span", null, userName(person.id), note ? h("span", { class: "muted" }, ` ${note}`) : null),
    h(
      "span",
      { class: "option-hint" },
      [person.title, person.is_bot ? "App" : localTime(person)].filter(Boolean).join(" · "),
    ),
  ),
];

/** Act as somebody else: in the same kind of place, if they have it too. */
function actAs(id) {
  const here = store.channels.get(store.place.channel);
  const stays =
    here && (here.kind === "channel" || here.kind === "private") && (here.members ?? []).includes(id);
  go({ as: id, channel: stays ? here.id : null });
}

export function openSwitcher() {
  openFinder({
    label: "Act as",
    placeholder: "Search people by name, title or zone",
    entries: (query) =>
      actors()
        .filter((person) => !query || matches(person, query))
        .map((person) => ({
          node: personRow(person, person.id === store.as ? "(you now)" : null),
          run: () => actAs(person.id),
        })),
    foot: h("p", { class: "finder-foot" }, "Open a second window to act as two people side by side."),
  });
}

const DIRECT = new Set(["dm", "app_dm"]);

export function openJump() {
  const rooms = [...store.channels.values()];
  const withDm = new Set(rooms.filter((room) => DIRECT.has(room.kind)).map(partner));
  openFinder({
    label: "Jump to",
    placeholder: "Find a channel or a person",
    entries: (query) => {
      const wanted = query.toLowerCase().replace(/^[#@]/, "");
      const places = rooms
        .filter((room) => !DIRECT.has(room.kind) && room.name.toLowerCase().includes(wanted))
        .map((room) => ({
          node: [
            icon(room.kind === "private" ? "lock" : "hash"),
            h("span", { class: "person-words" }, room.name),
          ],
          run: () => go({ as: store.as, channel: room.id }),
        }));
      const people = [...store.users.values()]
        .filter((person) => person.id !== store.as && !person.deleted && (!wanted || matches(person, wanted)))
        .filter((person) => !person.is_bot || withDm.has(person.id))
        .map((person) => ({ node: personRow(person), run: () => message(person.id) }));
      return [...places, ...people].slice(0, 60);
    },
  });
}

/** Go to the direct messages with a person; where there are none yet, ask for them to be opened. */
export async function message(id) {
  const known = [...store.channels.values()].find((room) => DIRECT.has(room.kind) && partner(room) === id);
  if (known) {
    go({ as: store.as, channel: known.id });
    return;
  }
  const outcome = await post("/page/open", { as: store.as, user: id });
  const channelId = outcome.channel?.id ?? outcome.channel;
  if (!outcome.ok || !channelId) {
    notice(`There are no direct messages with ${userName(id)} yet.`);
    return;
  }
  if (outcome.channel?.id) store.channels.set(channelId, outcome.channel);
  go({ as: store.as, channel: channelId });
}

/** The card under a name or mention. */
export function openCard(anchor, id) {
  const person = user(id);
  if (!person) return;
  const own = id === store.as;
  const items = [{ heading: h("span", { class: "person-row" }, personRow(person, own ? "(you)" : null)) }];
  if (!own) items.push({ label: "Message", run: () => message(id) });
  if (!own && !person.is_bot && !person.deleted)
    items.push({ label: `Act as ${userName(id)}`, run: () => actAs(id) });
  if (!own && !person.is_bot && !person.deleted) {
    items.push({
      label: "Act as, in a new window",
      run: () => window.open(format({ as: id, channel: null }), "_blank", "noopener"),
    });
  }
  if (own) items.push({ label: "Act as somebody else…", run: openSwitcher }, clockItem());
  openMenu(anchor, items, { align: "start" });
}

function clockItem() {
  const twelve = usesTwelveHours();
  return {
    label: twelve ? "Show times as 14:30" : "Show times as 2:30 PM",
    run: () => {
      setTwelveHours(!twelve);
      window.dispatchEvent(new Event("clock-changed"));
    },
  };
}
