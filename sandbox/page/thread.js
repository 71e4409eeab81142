// The thread pane on the right: the first message, its replies, and a composer of its own.

import { Composer } from "./composer.js";
import { h, icon, sync } from "./dom.js";
import { MessageList } from "./list.js";
import { channelLabel } from "./people.js";
import { go } from "./route.js";
import { loadThread } from "./rooms.js";
import { byTs, channel, store, threadKey, threadMessages } from "./store.js";

export class ThreadPane {
  constructor(node) {
    this.node = node;
    this.list = new MessageList({ label: "Thread", inThread: true });
    this.composer = new Composer({ thread: true });
    this.where = h("span", { class: "muted" });
    this.close = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": "Close thread",
        title: "Close thread",
        on: { click: () => this.leave() },
      },
      icon("close"),
    );
    this.head = h(
      "div",
      { class: "pane-head" },
      h("div", { class: "pane-title" }, h("h2", null, "Thread"), this.where),
      this.close,
    );
    this.gone = h("p", { class: "empty" }, "This message was deleted.");
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.leave();
    });
  }

  leave() {
    const { as, channel: id, thread } = store.place;
    go({ as, channel: id });
    document.querySelector(`#main .message[data-ts="${CSS.escape(thread)}"]`)?.focus();
  }

  show({ fresh = false } = {}) {
    const { channel: id, thread, tab } = store.place;
    const open = Boolean(thread && channel(id) && tab !== "home");
    this.node.hidden = !open;
    document.body.classList.toggle("with-thread", open);
    if (!open) {
      this.key = null;
      return;
    }
    const key = `${store.as}:${threadKey(id, thread)}`;
    if (key !== this.key) {
      this.key = key;
      this.list.clear();
      this.arriving = true;
    }
    this.where.textContent = channelLabel(channel(id));
    const loaded = store.threads.has(threadKey(id, thread));
    if (!loaded || store.staleThreads.has(threadKey(id, thread))) loadThread(id, thread);
    const notes = (store.notes.get(id) ?? []).filter((note) => note.thread === thread);
    const messages = [...threadMessages(id, thread), ...notes].sort(byTs);
    const missing = loaded && !messages.some((message) => message.ts === thread);
    sync(this.node, [this.head, ...(missing ? [this.gone] : []), this.list.node, this.composer.node]);
    this.composer.show(id, thread);
    if (this.arriving) this.composer.focus();
    this.arriving = false;
    this.list.show(id, messages, { fresh });
  }
}
