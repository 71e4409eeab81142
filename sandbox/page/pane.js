// The main pane: the channel's head, its messages or the app's Home, and the composer.

import { append, h, icon, sync } from "./dom.js";
import { Composer } from "./composer.js";
import { Home } from "./home.js";
import { MessageList } from "./list.js";
import { avatar, channelLabel, localTime, partner, personAuthor } from "./people.js";
import { format } from "./route.js";
import { enter, loadEarlier, loadRoom, markRead } from "./rooms.js";
import { channel, room, roomMessages, store, user } from "./store.js";

export class Pane {
  constructor(node) {
    this.node = node;
    this.head = h("div", { class: "pane-head" });
    this.list = new MessageList({ label: "Messages" });
    this.composer = new Composer({ thread: null });
    this.home = new Home();
    this.more = h(
      "button",
      { type: "button", class: "button plain", on: { click: () => loadEarlier(this.channel) } },
      "Earlier messages",
    );
    // Reaching the top loads what came before; the button is there for those who do not scroll.
    new IntersectionObserver(
      ([entry]) =>
        entry.isIntersecting && room(this.channel).hasMore && this.settled && loadEarlier(this.channel),
      { root: this.list.scroller },
    ).observe(this.more);
    this.empty = h("div", { class: "empty" });
  }

  /** Show the place in the address. */
  show({ fresh = false } = {}) {
    const { channel: id, tab } = store.place;
    const known = channel(id);
    if (!known) {
      this.say(store.ready ? "Choose a channel or a person on the left." : "Opening the workspace…");
      return;
    }
    const moved = this.channel !== id || this.as !== store.as;
    this.channel = id;
    this.as = store.as;
    if (moved) {
      if (this.left) room(this.left).firstUnread = null;
      this.left = id;
      this.list.clear();
      this.settled = false;
    }
    this.drawHead(known, tab);
    if (known.kind === "app_dm" && tab === "home") {
      this.wasHome = true;
      sync(this.node, [this.head, this.home.node]);
      this.home.show();
      return;
    }
    this.home.left();
    if (moved || this.wasHome) enter(id);
    this.wasHome = false;
    sync(this.node, [this.head, this.list.node, this.composer.node]);
    this.composer.show(id);
    this.drawMessages({ fresh });
    if (!room(id).loaded) loadRoom(id);
    else markRead(id);
  }

  /** A word in place of a channel. */
  say(text) {
    this.channel = null;
    sync(this.node, [this.empty]);
    this.empty.replaceChildren(h("p", null, text));
  }

  drawMessages({ fresh = false } = {}) {
    const id = this.channel;
    const place = room(id);
    const notes = (store.notes.get(id) ?? []).filter((note) => !note.thread);
    const all = [...roomMessages(id), ...notes].sort(
      (a, b) => Number.parseFloat(a.ts) - Number.parseFloat(b.ts),
    );
    sync(this.list.top, place.hasMore ? [this.more] : place.loaded ? [this.beginning()] : []);
    this.list.box.setAttribute("aria-busy", String(!place.loaded));
    this.list.show(id, all, { firstUnread: place.firstUnread, fresh });
    if (place.loaded && this.sought?.channel === id) this.find();
    if (place.loaded)
      requestAnimationFrame(() => {
        this.settled = true;
      });
  }

  /** Show this message as soon as its channel is drawn. */
  seek(channelId, ts) {
    this.sought = { channel: channelId, ts };
    if (this.channel === channelId) this.find();
  }

  find() {
    const node = this.list.box.querySelector(`.message[data-ts="${CSS.escape(this.sought.ts)}"]`);
    this.sought = null;
    if (!node) return;
    requestAnimationFrame(() => {
      node.scrollIntoView({ block: "center" });
      node.focus({ preventScroll: true });
    });
  }

  beginning() {
    const known = channel(this.channel);
    const direct = known.kind === "dm" || known.kind === "app_dm";
    return h(
      "div",
      { class: "beginning" },
      h("strong", null, direct ? channelLabel(known) : `#${known.name}`),
      h(
        "p",
        null,
        direct ? "This is where your messages with each other begin." : "This is where the channel begins.",
      ),
    );
  }

  drawHead(known, tab) {
    const id = known.id;
    const direct = known.kind === "dm" || known.kind === "app_dm";
    const person = direct ? user(partner(known)) : null;
    const title = h(
      "h1",
      null,
      direct && person
        ? avatar(personAuthor(person), "small")
        : icon(known.kind === "private" ? "lock" : "hash"),
      h("span", null, channelLabel(known)),
      known.kind === "app_dm" ? h("span", { class: "badge" }, "APP") : null,
    );
    const about = [];
    if (known.is_archived) about.push("Archived");
    if (known.topic) about.push(known.topic);
    if (known.kind === "dm" && person)
      about.push([person.title, localTime(person)].filter(Boolean).join(" · "));
    if (!direct && known.members?.length) about.push(`${known.members.length} members`);
    const tabs =
      known.kind === "app_dm" && store.app.home_tab !== false
        ? h(
            "div",
            { class: "tabs", role: "tablist" },
            this.tab("Home", { as: store.as, channel: id, tab: "home" }, tab === "home"),
            this.tab("Messages", { as: store.as, channel: id }, tab !== "home"),
          )
        : null;
    this.head.replaceChildren();
    append(this.head, [
      h(
        "div",
        { class: "pane-title" },
        title,
        about.length ? h("div", { class: "muted ellipsis" }, about.join(" · ")) : null,
      ),
      tabs,
    ]);
  }

  tab(name, place, selected) {
    return h("a", { href: format(place), role: "tab", "aria-selected": String(selected) }, name);
  }
}
