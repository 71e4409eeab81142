// The sidebar: who you act as, channels, direct messages, unread marks.

import { byId, h, icon } from "./dom.js";
import { avatar, channelLabel, localTime, partner, personAuthor } from "./people.js";
import { format } from "./route.js";
import { store, user } from "./store.js";
import { openSwitcher } from "./switcher.js";
import { userName } from "./words/mrkdwn.js";

const byName = (a, b) => channelLabel(a).localeCompare(channelLabel(b));

function row(room) {
  const selected = store.place.channel === room.id;
  const direct = room.kind === "dm" || room.kind === "app_dm";
  const person = direct ? user(partner(room)) : null;
  const unread = room.unread ?? 0;
  const name = channelLabel(room);
  return h(
    "li",
    null,
    h(
      "a",
      {
        class: `room${unread ? " unread" : ""}${room.is_archived ? " archived" : ""}`,
        href: format({ as: store.as, channel: room.id }),
        "aria-current": selected ? "page" : null,
        title:
          person && !person.is_bot
            ? [person.title, localTime(person)].filter(Boolean).join(" · ")
            : room.topic || null,
        data: { room: room.id },
        // The room that is open already changes no address, so nothing else would close the drawer.
        on: { click: () => setDrawer(false) },
      },
      person ? avatar(personAuthor(person), "tiny") : icon(room.kind === "private" ? "lock" : "hash"),
      h("span", { class: "room-name" }, name),
      room.kind === "app_dm" ? h("span", { class: "badge" }, "APP") : null,
      unread
        ? h(
            "span",
            { class: "count" },
            unread > 99 ? "99+" : String(unread),
            h("span", { class: "unseen" }, " unread"),
          )
        : null,
    ),
  );
}

function section(title, rooms) {
  if (!rooms.length) return null;
  return h("section", null, h("h2", null, title), h("ul", null, rooms.map(row)));
}

/** "America/New_York" as people say it. */
const cityOf = (zone) => (zone ?? "UTC").split("/").at(-1).replace(/_/g, " ");

function me() {
  const person = store.me;
  if (!person) return null;
  return h(
    "button",
    { type: "button", class: "me", title: "Act as somebody else", on: { click: openSwitcher } },
    avatar(personAuthor(person)),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "me-label" }, "Acting as "),
      h("strong", null, userName(person.id)),
      person.title ? h("span", { class: "option-hint" }, person.title) : null,
      h("span", { class: "option-hint" }, `${localTime(person)} · ${cityOf(person.tz)}`),
    ),
    icon("down"),
  );
}

export function drawSidebar() {
  const nav = byId("sidebar");
  const focused = nav.contains(document.activeElement) ? (document.activeElement.dataset.room ?? "me") : null;
  const rooms = [...store.channels.values()].filter(
    (room) => !room.is_archived || room.id === store.place.channel,
  );
  const of = (...kinds) => rooms.filter((room) => kinds.includes(room.kind)).sort(byName);
  nav.replaceChildren(
    ...[
      me(),
      section("Apps", of("app_dm")),
      section("Channels", of("channel", "private")),
      section("Direct messages", of("dm", "mpim")),
    ].filter(Boolean),
  );
  if (focused)
    (nav.querySelector(`[data-room="${CSS.escape(focused)}"]`) ?? nav.querySelector(".me"))?.focus();
}

/** On a phone the sidebar is a drawer over the messages. */
export function setDrawer(open) {
  document.body.classList.toggle("drawer", open);
  byId("scrim").hidden = !open;
  document.querySelector(".menu-button")?.setAttribute("aria-expanded", String(open));
  if (open) byId("sidebar").querySelector("button, a")?.focus();
}
