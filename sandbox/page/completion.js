// The list over the composer that completes commands, people, channels and emoji.

import { h, uid } from "./dom.js";
import { actors, isCalled } from "./people.js";
import { place } from "./popover.js";
import { store } from "./store.js";
import { emojiNames } from "./words/emoji.js";
import { userName } from "./words/mrkdwn.js";

const MOST = 8;
const TRIGGER = /(?:^|\s)([@#:])([\p{L}\p{N}._+-]{0,30})$/u;

export class Completion {
  constructor(area, { commands }) {
    Object.assign(this, { area, commands, entries: [], active: 0, unplace: null });
    this.list = h("div", {
      class: "popover listbox",
      id: uid("complete"),
      role: "listbox",
      "aria-label": "Suggestions",
    });
    area.setAttribute("aria-autocomplete", "list");
    area.addEventListener("input", () => this.refresh());
    area.addEventListener("click", () => this.refresh());
    area.addEventListener("blur", () => this.close());
    area.addEventListener("keydown", (event) => this.key(event));
  }

  /** What could complete the text before the caret: [{label, hint, from, insert}]. */
  candidates() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    if (this.commands && /^\/[\w-]*$/.test(before)) {
      return store.commands
        .filter((one) => one.command.startsWith(before.toLowerCase()))
        .map((one) => ({
          label: one.command,
          usage: one.usage_hint,
          hint: one.description,
          from: 0,
          insert: `${one.command} `,
        }));
    }
    const match = TRIGGER.exec(before);
    if (!match) return [];
    const [, sign, query] = match,
      from = before.length - query.length - 1;
    // A command's text is the app's to read: it gets what was typed, so people go in by their handle there.
    if (sign === "@") {
      return actors()
        .filter((one) => isCalled(one, query))
        .slice(0, MOST)
        .map((one) => ({
          label: userName(one.id),
          hint: [one.title, `@${one.name}`].filter(Boolean).join(" · "),
          from,
          insert: before.startsWith("/") ? `@${one.name} ` : `@${userName(one.id)} `,
        }));
    }
    if (sign === "#") {
      return [...store.channels.values()]
        .filter((one) => ["channel", "private"].includes(one.kind) && one.name.includes(query))
        .slice(0, MOST)
        .map((one) => ({
          label: `#${one.name}`,
          from,
          insert: `#${one.name} `,
        }));
    }
    if (query.length < 2) return [];
    return emojiNames(query.toLowerCase()).map(([name, sign2]) => ({
      label: `${sign2} :${name}:`,
      from,
      insert: `:${name}: `,
    }));
  }

  refresh() {
    this.entries = this.candidates();
    if (!this.entries.length) {
      this.close();
      return;
    }
    this.list.replaceChildren(
      ...this.entries.map((entry, index) =>
        h(
          "div",
          {
            class: "option",
            role: "option",
            id: `${this.list.id}-${index}`,
            "aria-selected": "false",
            on: {
              mousedown: (event) => event.preventDefault(),
              click: () => this.take(index),
              mousemove: () => this.active !== index && this.highlight(index),
            },
          },
          h(
            "span",
            { class: "option-text" },
            h(
              "span",
              null,
              h("strong", null, entry.label),
              entry.usage ? h("span", { class: "muted" }, ` ${entry.usage}`) : null,
            ),
            entry.hint ? h("span", { class: "option-hint" }, entry.hint) : null,
          ),
        ),
      ),
    );
    this.unplace ??= place(this.list, this.area.closest(".composer-box") ?? this.area, { width: true });
    this.area.setAttribute("aria-controls", this.list.id);
    this.highlight(0);
  }

  highlight(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => {
      node.classList.toggle("active", at === index);
      node.setAttribute("aria-selected", String(at === index));
    });
    this.area.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  take(index) {
    const entry = this.entries[index];
    const caret = this.area.selectionStart;
    this.area.setRangeText(entry.insert, entry.from, caret, "end");
    this.close();
    this.area.dispatchEvent(new Event("input"));
    this.area.focus();
  }

  close() {
    this.unplace?.();
    this.unplace = null;
    this.area.removeAttribute("aria-activedescendant");
    this.area.removeAttribute("aria-controls");
  }

  key(event) {
    if (!this.unplace || event.isComposing) return;
    const count = this.entries.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.highlight((this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      const entry = this.entries[this.active];
      // A command that is typed out in full is sent by Enter, not completed once more.
      if (event.key === "Enter" && this.area.value.trim() === entry.insert.trim()) {
        this.close();
        return;
      }
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }
}
