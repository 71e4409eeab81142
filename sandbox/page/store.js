// What the page knows, and who wants to hear when it changes. No DOM in here.

const listeners = new Map();

export function on(topic, handler) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(handler);
}

export function emit(topic, detail) {
  for (const handler of listeners.get(topic) ?? []) handler(detail);
}

export const store = {
  as: null,
  place: { as: null, channel: null, thread: null, tab: null },
  ready: false,
  live: false,
  connected: true,
  team: {},
  app: {},
  me: null,
  users: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  views: [],
  home: undefined, // undefined: not asked yet; null: the app has published none
  rooms: new Map(), // channel -> {messages: Map(ts -> message), hasMore, loaded, firstUnread}
  threads: new Map(), // "channel:ts" -> Map(ts -> message)
  staleThreads: new Set(),
  notes: new Map(), // channel -> what the workspace itself had to say, for this page only
};

let clock = { at: Date.now(), heard: performance.now() };

/** The workspace's present, in milliseconds. It may have been moved away from this computer's. */
export const now = () => clock.at + (performance.now() - clock.heard);

/** Take the workspace's word for what time it is; say whether that was a jump. */
export function setNow(iso) {
  const before = now();
  const at = typeof iso === "number" ? iso * 1000 : Date.parse(iso);
  if (Number.isNaN(at)) return false;
  clock = { at, heard: performance.now() };
  return Math.abs(at - before) > 45_000;
}

/** Take over a whole state; says whether the clock had jumped. */
export function loadState(state) {
  const jumped = setNow(state.now);
  store.team = state.team ?? {};
  store.app = state.app ?? {};
  store.me = state.me?.user ?? state.me ?? null;
  store.users = new Map((state.users ?? []).map((user) => [user.id, user]));
  store.channels = new Map((state.channels ?? []).map((channel) => [channel.id, channel]));
  store.commands = state.commands ?? [];
  store.shortcuts = state.shortcuts ?? [];
  store.views = state.views ?? [];
  store.connected = state.connected !== false;
  // What was said may have changed while nobody listened: it is fetched again when shown, and stays in
  // sight until then.
  for (const place of store.rooms.values()) place.loaded = false;
  for (const key of store.threads.keys()) store.staleThreads.add(key);
  store.ready = true;
  return jumped;
}

export const user = (id) => store.users.get(id);
export const channel = (id) => store.channels.get(id);
export const zone = () => store.me?.tz || "UTC";

/** Timestamps are decimal strings; compare by number so that lengths do not matter. */
export const byTs = (a, b) => Number.parseFloat(a.ts) - Number.parseFloat(b.ts);

export const isReply = (message) =>
  Boolean(message.thread_ts) && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";

export function room(id) {
  if (!store.rooms.has(id)) {
    store.rooms.set(id, { messages: new Map(), hasMore: false, loaded: false, firstUnread: null });
  }
  return store.rooms.get(id);
}

export const roomMessages = (id) => [...room(id).messages.values()].sort(byTs);

export const threadKey = (channelId, ts) => `${channelId}:${ts}`;

export function threadMessages(channelId, ts) {
  return [...(store.threads.get(threadKey(channelId, ts))?.values() ?? [])].sort(byTs);
}

/** Put a message where it belongs. Says whether the page had not seen it before. */
export function putMessage(channelId, message) {
  if (isReply(message)) {
    const replies = store.threads.get(threadKey(channelId, message.thread_ts));
    const isNew = !replies?.has(message.ts);
    replies?.set(message.ts, message);
    return isNew;
  }
  const known = room(channelId).messages;
  const isNew = !known.has(message.ts);
  known.set(message.ts, message);
  store.threads.get(threadKey(channelId, message.ts))?.set(message.ts, message);
  return isNew;
}

export function dropMessage(channelId, ts) {
  store.rooms.get(channelId)?.messages.delete(ts);
  for (const [key, replies] of store.threads) if (key.startsWith(`${channelId}:`)) replies.delete(ts);
}

/** A line from the workspace itself (a failed command, say): it lives on this page only. */
export function addNote(channelId, text, thread = null) {
  if (!store.notes.has(channelId)) store.notes.set(channelId, []);
  const ts = (now() / 1000).toFixed(6);
  store.notes.get(channelId).push({ ts, text, note: true, ephemeral: true, thread });
  emit("messages", { channel: channelId });
}

export function dropNote(channelId, note) {
  const notes = store.notes.get(channelId) ?? [];
  store.notes.set(
    channelId,
    notes.filter((other) => other !== note),
  );
  emit("messages", { channel: channelId });
}
