// A list of messages: day dividers, grouping, the "New" line, keeping the reader's place, arrow keys.

import { h, icon, sync } from "./dom.js";
import { messageNode } from "./message.js";
import { authorOf } from "./people.js";
import { now, store, zone } from "./store.js";
import { dayHeading, dayKey } from "./words/dates.js";

const GROUP_SECONDS = 300;
const NEAR = 80;

const seconds = (message) => Number.parseFloat(message.ts);

function follows(message, before) {
  if (!before || message.note || before.note || message.ephemeral || before.ephemeral) return false;
  if (seconds(message) - seconds(before) > GROUP_SECONDS) return false;
  const one = authorOf(message),
    other = authorOf(before);
  return one.id === other.id && one.name === other.name;
}

/** A message that changed comes as a new object; one that was only fetched again reads the same. */
const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

export class MessageList {
  constructor({ label, inThread = false }) {
    this.inThread = inThread;
    this.known = new Map(); // ts -> {message, grouped, node}
    this.dividers = new Map();
    this.days = new Map();
    this.box = h("div", { class: "message-list", role: "group", "aria-label": label });
    this.top = h("div", { class: "list-top" });
    this.scroller = h("div", { class: "scroller" }, this.top, this.box);
    this.pill = h(
      "button",
      { type: "button", class: "new-pill", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"),
      "New messages",
    );
    this.node = h("div", { class: "list-frame" }, this.scroller, this.pill);
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => {
      this.atEnd = this.distance() < NEAR;
      if (this.atEnd) this.pill.hidden = true;
    });
    // Pictures and fields change heights after the fact: stay at the end when that is where we were.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.box);
    this.box.addEventListener("keydown", (event) => this.arrows(event));
    this.box.addEventListener("focusin", (event) => this.rove(event.target.closest(".message")));
  }

  distance() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.pill.hidden = true;
    this.atEnd = true;
  }

  /** Forget what was drawn, for another channel or another reader. */
  clear() {
    this.known.clear();
    this.dividers.clear();
    this.days.clear();
    this.box.replaceChildren();
    this.atEnd = true;
    this.pill.hidden = true;
  }

  /** The reader's day of a timestamp; asked for every message at every drawing, so remembered. */
  dayOf(ts) {
    if (!this.days.has(ts)) this.days.set(ts, dayKey(Number.parseFloat(ts) * 1000, zone()));
    return this.days.get(ts);
  }

  divider(key, text, className = "") {
    const id = `${key}${text}`;
    if (!this.dividers.has(id)) {
      this.dividers.set(
        id,
        h(
          "div",
          { class: `divider ${className}`, role: "separator", "aria-label": text },
          h("span", null, text),
        ),
      );
    }
    return this.dividers.get(id);
  }

  /** Draw `messages` (sorted). `fresh` redraws all, for when the clock or the zone changed. */
  show(channelId, messages, { firstUnread = null, fresh = false } = {}) {
    const atEnd = this.atEnd,
      height = this.scroller.scrollHeight,
      top = this.scroller.scrollTop;
    const last = this.last;
    if (fresh) this.days.clear();
    const nodes = [],
      seen = new Set();
    let day = null,
      before = null;
    for (const message of messages) {
      const ms = seconds(message) * 1000,
        today = this.dayOf(message.ts);
      if (today !== day) {
        if (!this.inThread) nodes.push(this.divider(today, dayHeading(ms, now(), zone())));
        day = today;
        before = null;
      }
      if (firstUnread === message.ts) {
        nodes.push(this.divider("new", "New", "unread"));
        before = null;
      }
      nodes.push(this.row(message, channelId, follows(message, before), fresh));
      seen.add(message.ts);
      before = message;
    }
    for (const ts of this.known.keys()) if (!seen.has(ts)) this.known.delete(ts);
    sync(this.box, nodes);
    this.rove(
      this.box.querySelector(".message[tabindex='0']") ?? this.box.querySelector(".message:last-child"),
    );
    this.last = messages.at(-1)?.ts;
    const own = last && this.last !== last && messages.at(-1)?.user === store.as;
    if (atEnd || own) this.toEnd();
    else if (messages[0] && last && this.first !== messages[0].ts)
      this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
    else if (last && this.last !== last) this.pill.hidden = false;
    this.first = messages[0]?.ts;
  }

  row(message, channelId, grouped, fresh) {
    const kept = this.known.get(message.ts);
    if (kept && !fresh && kept.grouped === grouped && same(kept.message, message)) return kept.node;
    const focused = kept?.node.contains(document.activeElement)
      ? (document.activeElement.closest("[data-key]")?.dataset.key ?? "")
      : null;
    const node = messageNode(message, channelId, { grouped, inThread: this.inThread });
    this.known.set(message.ts, { message, grouped, node });
    // The press that changed this message came from a control inside it: give the focus back to its successor.
    if (focused !== null) {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const again =
          focused &&
          node
            .querySelector(`[data-key="${CSS.escape(focused)}"]`)
            ?.querySelector("button, a, input, textarea");
        (again || node).focus({ preventScroll: true });
      });
    }
    return node;
  }

  /** One message at a time is in the Tab order, with its tools. */
  rove(message) {
    if (!message) return;
    for (const other of this.box.querySelectorAll(".message[tabindex='0']")) {
      if (other === message) continue;
      other.tabIndex = -1;
      for (const tool of other.querySelectorAll(".message-tools .tool")) tool.tabIndex = -1;
    }
    message.tabIndex = 0;
    for (const tool of message.querySelectorAll(".message-tools .tool")) tool.tabIndex = 0;
  }

  arrows(event) {
    if (!event.target.classList.contains("message")) return;
    const rows = [...this.box.querySelectorAll(".message")];
    const at = rows.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[to].focus();
  }
}
