// Fetching what a channel or thread says, and marking it read.

import { get, post } from "./api.js";
import { notice } from "./notices.js";
import { channel, emit, room, roomMessages, store, threadKey } from "./store.js";

const inFlight = new Map();

/** Run `work` once per key at a time; a second caller waits for the same answer. */
function once(key, work) {
  if (!inFlight.has(key))
    inFlight.set(
      key,
      work().finally(() => inFlight.delete(key)),
    );
  return inFlight.get(key);
}

export function loadRoom(id) {
  const { as } = store;
  return once(`${as}:${id}`, async () => {
    const answer = await get("/page/messages", { as, channel: id });
    if (as !== store.as) return;
    if (!answer.messages) {
      notice(answer.text || answer.error || "The messages could not be loaded.");
      return;
    }
    const place = room(id);
    const last = answer.messages.at(-1)?.ts ?? "0";
    // What came live while we asked is newer than the answer; everything else is as the answer says.
    const newer = roomMessages(id).filter(
      (message) => Number.parseFloat(message.ts) > Number.parseFloat(last),
    );
    place.messages = new Map([...answer.messages, ...newer].map((message) => [message.ts, message]));
    place.hasMore = Boolean(answer.has_more);
    place.loaded = true;
    const unread = channel(id)?.unread ?? 0;
    const others = roomMessages(id).filter((message) => message.user !== as && !message.ephemeral);
    place.firstUnread = unread ? (others.at(-unread)?.ts ?? null) : null;
    emit("messages", { channel: id });
  });
}

export function loadEarlier(id) {
  const { as } = store;
  const first = roomMessages(id)[0];
  if (!first || !room(id).hasMore) return Promise.resolve();
  return once(`${as}:${id}:earlier`, async () => {
    const answer = await get("/page/messages", { as, channel: id, before: first.ts });
    if (as !== store.as || !answer.messages) return;
    for (const message of answer.messages) room(id).messages.set(message.ts, message);
    room(id).hasMore = Boolean(answer.has_more);
    emit("messages", { channel: id });
  });
}

export function loadThread(id, ts) {
  const { as } = store;
  return once(`${as}:${id}:${ts}`, async () => {
    const answer = await get("/page/messages", { as, channel: id, thread: ts });
    if (as !== store.as) return;
    if (!answer.messages) return;
    store.staleThreads.delete(threadKey(id, ts));
    const known = new Map(answer.messages.map((message) => [message.ts, message]));
    const parent = room(id).messages.get(ts);
    if (parent && !known.has(ts)) known.set(ts, parent);
    store.threads.set(threadKey(id, ts), known);
    emit("messages", { channel: id });
  });
}

/** The person is looking at this channel: nothing in it is unread any more. */
export function markRead(id) {
  const known = channel(id);
  if (!known || document.hidden || !known.unread) return;
  known.unread = 0;
  emit("channels");
  post("/page/read", { as: store.as, channel: id });
}

/** The person has come to this channel; the app hears of it when the channel is its own messages. */
export function enter(id) {
  post("/page/open", { as: store.as, channel: id });
}
