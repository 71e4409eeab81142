// Putting the page together: the address decides who acts and where; the live socket keeps it current.

import { get } from "./api.js";
import { forgetMessages, staleMessages } from "./blocks/surface.js";
import { byId } from "./dom.js";
import { handle } from "./events.js";
import { habits } from "./keep.js";
import { Live } from "./live.js";
import { Modals } from "./modal.js";
import { notice } from "./notices.js";
import { Pane } from "./pane.js";
import { channelLabel } from "./people.js";
import { go, parse } from "./route.js";
import { markRead } from "./rooms.js";
import { drawSidebar, setDrawer } from "./sidebar.js";
import { channel, emit, loadState, on, room, roomMessages, store } from "./store.js";
import { message, openCard, openJump } from "./switcher.js";
import { ThreadPane } from "./thread.js";
import { drawTopbar, loadAddons, mountTopbar } from "./topbar.js";

const LAST = "last-person";
const MOST_SHOWN = 600,
  KEPT = 300;
const pane = new Pane(byId("main"));
const thread = new ThreadPane(byId("thread"));
const modals = new Modals();
let early = []; // events that came before the state they belong to
let loading = 0;

const live = new Live({
  onOpen: () => {
    store.live = true;
    loadPerson();
  },
  onDown: () => {
    store.live = false;
    drawTopbar();
    if (!store.ready) findPerson();
  },
  onEvent: (event) => (loading ? early.push(event) : handle(event)),
});

function drawTitle() {
  const unread = [...store.channels.values()].reduce((sum, room) => sum + (room.unread ?? 0), 0);
  const here = channel(store.place.channel);
  document.title =
    [unread ? `(${unread})` : null, here ? channelLabel(here) : null, store.team.name]
      .filter(Boolean)
      .join(" · ") || "Workspace";
}

function drawAll({ fresh = false } = {}) {
  drawTopbar();
  drawSidebar();
  pane.show({ fresh });
  thread.show({ fresh });
  modals.show(store.views);
  drawTitle();
}

/** Where somebody starts who has not said where to go: the app's messages, or else the first channel. */
function firstRoom() {
  const rooms = [...store.channels.values()];
  return (
    (rooms.find((room) => room.kind === "app_dm") ?? rooms.find((room) => room.unread) ?? rooms[0])?.id ??
    null
  );
}

async function loadPerson() {
  const { as } = store.place;
  loading += 1;
  const state = await get("/page/state", { as });
  loading -= 1;
  if (as !== store.place.as) return;
  if (!state.users) {
    notice(state.text || "The workspace could not be loaded.");
    return;
  }
  if (state.me.user.id !== as) {
    await findPerson();
    return;
  }
  const jumped = loadState(state);
  habits.set(LAST, as);
  loadAddons(state.addons);
  if (!channel(store.place.channel)) {
    if (firstRoom()) go({ as, channel: firstRoom() }, { replace: true });
  }
  if (jumped) redrawWords();
  else drawAll();
  emit("state");
  const waiting = early;
  early = [];
  waiting.forEach(handle);
}

/** Nobody in the address, or nobody who can act: the person of last time, or whoever the workspace offers. */
async function findPerson() {
  const { as } = store.place;
  const state = await get("/page/state", { as: as ?? habits.get(LAST) });
  if (as !== store.place.as) return;
  const me = state.me?.user?.id;
  if (me && me !== as) {
    if (as) notice(`Nobody can act as ${as} here.`);
    go({ as: me, channel: null }, { replace: true });
  } else if (!me && !as) {
    pane.say("Say in the address whom you act as, like /#/as/U123.");
  }
}

function follow() {
  const before = store.place;
  store.place = parse();
  setDrawer(false);
  if (!store.place.as) {
    findPerson();
    return;
  }
  if (store.place.as !== store.as) {
    store.as = store.place.as;
    store.ready = false;
    store.channels.clear();
    store.rooms.clear();
    store.threads.clear();
    store.staleThreads.clear();
    store.home = undefined;
    store.notes.clear();
    store.views = [];
    early = [];
    drawAll({ fresh: true });
    live.start(store.as);
    return;
  }
  if (store.ready && !channel(store.place.channel) && firstRoom()) {
    go({ as: store.as, channel: firstRoom() }, { replace: true });
    return;
  }
  drawSidebar();
  pane.show();
  thread.show();
  drawTitle();
  if (
    before.channel !== store.place.channel &&
    !document.querySelector("dialog[open]") &&
    !store.place.thread
  )
    pane.composer.focus();
}

function redrawWords() {
  staleMessages();
  pane.home.stale();
  drawAll({ fresh: true });
}

on("channels", () => {
  drawSidebar();
  drawTitle();
});
on("people", () => redrawWords());
on("connected", drawTopbar);
on("views", () => modals.show(store.views));
on("home", () => store.place.tab === "home" && pane.show());
on("state", () => modals.show(store.views));
on("now", ({ redraw } = {}) => {
  if (redraw) redrawWords();
  else drawSidebar();
});
let drawn = 0;
on("messages", ({ channel: id }) => {
  if (id !== store.place.channel || drawn) return;
  // Many messages may come at once: one drawing a frame is enough.
  drawn = requestAnimationFrame(() => {
    drawn = 0;
    if (!channel(store.place.channel)) return;
    trim(store.place.channel);
    if (store.place.tab !== "home") pane.drawMessages();
    thread.show();
    if (store.place.tab !== "home") markRead(store.place.channel);
  });
});

/** A long-watched busy channel keeps its latest messages; the earlier ones can be asked for again. */
function trim(id) {
  const place = room(id);
  if (place.messages.size < MOST_SHOWN || !pane.list.atEnd) return;
  const old = roomMessages(id)
    .slice(0, -KEPT)
    .map((message) => message.ts);
  old.forEach((ts) => place.messages.delete(ts));
  forgetMessages(id, old);
  place.hasMore = true;
}

window.addEventListener("hashchange", follow);
window.addEventListener("clock-changed", redrawWords);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  live.retryNow();
  if (store.place.channel && store.place.tab !== "home") markRead(store.place.channel);
});
setInterval(() => {
  if (store.ready) drawSidebar();
}, 30_000); // the local times in it

document.addEventListener("click", (event) => {
  const mention = event.target.closest?.("[data-user], .mention[data-channel]");
  const inner = event.target.closest?.("a[data-person], a[data-message]");
  if (inner?.dataset.person) {
    event.preventDefault();
    message(inner.dataset.person);
  } else if (inner) {
    pane.seek(...inner.dataset.message.split("/"));
  }
  if (mention?.dataset.user) openCard(mention, mention.dataset.user);
  else if (mention?.dataset.channel) go({ as: store.as, channel: mention.dataset.channel });
});
document.addEventListener("keydown", (event) => {
  if (
    (event.ctrlKey || event.metaKey) &&
    event.key.toLowerCase() === "k" &&
    !document.querySelector("dialog[open]")
  ) {
    event.preventDefault();
    openJump();
  }
  if (event.key === "Escape" && document.body.classList.contains("drawer")) {
    setDrawer(false);
    document.querySelector(".menu-button")?.focus();
  }
});
byId("scrim").addEventListener("click", () => setDrawer(false));

mountTopbar();
follow();
