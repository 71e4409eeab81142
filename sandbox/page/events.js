// What the workspace says over the live socket, applied to what the page knows.

import { knownSurfaces } from "./blocks/surface.js";
import { announce } from "./dom.js";
import { authorOf, channelLabel } from "./people.js";
import {
  channel,
  dropMessage,
  emit,
  isReply,
  putMessage,
  setNow,
  store,
  user,
  zone,
  now,
  room,
} from "./store.js";
import { dayKey } from "./words/dates.js";
import { textOnly } from "./words/mrkdwn.js";

const visible = (id) => store.place.channel === id && store.place.tab !== "home" && !document.hidden;

function arrived({ channel: id, message }) {
  const known = channel(id);
  const isNew = putMessage(id, message);
  if (isNew && !isReply(message) && message.user !== store.as && known && !(known.last_ts >= message.ts)) {
    known.unread = (known.unread ?? 0) + 1;
    if (!visible(id) && room(id).loaded) room(id).firstUnread ??= message.ts;
    emit("channels");
  }
  if (known && !(known.last_ts >= message.ts)) known.last_ts = message.ts;
  emit("messages", { channel: id });
  if (isNew && visible(id) && message.user !== store.as) {
    announce(`${authorOf(message).name}: ${textOnly(message.text ?? "").slice(0, 300) || "a message"}`);
  } else if (isNew && message.user !== store.as && known) {
    announce(`New message in ${channelLabel(known)}`);
  }
}

function failed({ where = {}, error, text }) {
  // A failed command is told to the window that ran it, by the answer to its own request.
  if (!where.block_id && !where.action_id) return;
  for (const surface of knownSurfaces(where)) surface.fail(where.block_id, where.action_id, text || error);
}

let today = "";

const HANDLERS = {
  message: arrived,
  message_changed({ channel: id, message }) {
    putMessage(id, message);
    emit("messages", { channel: id });
  },
  message_deleted({ channel: id, ts }) {
    dropMessage(id, ts);
    emit("messages", { channel: id });
  },
  view({ stack }) {
    store.views = stack;
    emit("views");
  },
  home({ view }) {
    store.home = view;
    emit("home");
  },
  channel({ channel: room }) {
    store.channels.set(room.id, { ...channel(room.id), ...room });
    emit("channels");
  },
  user({ user: person }) {
    store.users.set(person.id, { ...user(person.id), ...person });
    if (person.id === store.as) store.me = store.users.get(person.id);
    emit("people");
  },
  now(event) {
    const jumped = setNow(event.now);
    const day = dayKey(now(), zone());
    emit("now", { redraw: jumped || day !== today });
    today = day;
  },
  connected({ connected }) {
    store.connected = connected;
    emit("connected");
  },
  failure: failed,
};

export function handle(event) {
  if (!event || !Object.hasOwn(HANDLERS, event.type)) return;
  HANDLERS[event.type](event);
  emit("event", event);
}
