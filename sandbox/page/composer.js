// Where a person types: Enter sends, Shift+Enter breaks the line, "/" offers commands, "@" people,
// "#" channels, ":" emoji. What is half written stays with its channel across reloads.

import { post } from "./api.js";
import { Completion } from "./completion.js";
import { h, icon } from "./dom.js";
import { drafts } from "./keep.js";
import { openMenu } from "./menu.js";
import { notice } from "./notices.js";
import { channelLabel } from "./people.js";
import { addNote, channel, store } from "./store.js";
import { escape, unescape, userName } from "./words/mrkdwn.js";

const COMMAND = /^\/([\w-]+)(?:\s+([\s\S]*))?$/;

const literal = (words) => words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** As Slack's client sends it: escaped, with "@Full Name" and "#channel" as ids. */
function encode(typed) {
  const codes = new Map();
  for (const person of store.users.values()) codes.set(`@${userName(person.id)}`, `<@${person.id}>`);
  for (const room of store.channels.values()) {
    if (["channel", "private"].includes(room.kind)) codes.set(`#${room.name}`, `<#${room.id}|${room.name}>`);
  }
  // The longest first: "@Ana Torres" before a namesake who is only "@Ana".
  const words = [...codes.keys()].sort((a, b) => b.length - a.length).map((word) => literal(escape(word)));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})(?![\\p{L}\\p{N}_-])`, "gu");
  return escape(typed).replace(pattern, (word) => codes.get(unescape(word)));
}

export class Composer {
  constructor({ thread }) {
    this.inThread = Boolean(thread);
    this.drafts = new Map();
    this.area = h("textarea", {
      class: "composer-text",
      rows: 1,
      "aria-label": "Message",
      enterkeyhint: "send",
    });
    this.send = h("button", { type: "submit", class: "composer-send", "aria-label": "Send" }, icon("send"));
    this.tools = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        on: { click: () => this.shortcuts() },
      },
      icon("bolt"),
    );
    this.node = h(
      "form",
      {
        class: "composer",
        on: {
          submit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
      },
      h("div", { class: "composer-box" }, this.tools, this.area, this.send),
    );
    this.completion = new Completion(this.area, { commands: !this.inThread });
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("input", () => this.changed());
  }

  get draftKey() {
    return `draft:${store.as}:${this.channel}:${this.thread ?? ""}`;
  }

  show(channelId, thread = null) {
    const key = `${store.as}:${channelId}:${thread}`;
    const room = channel(channelId);
    const closed = room.is_archived;
    this.area.disabled = this.send.disabled = closed;
    this.tools.hidden = this.inThread || !store.shortcuts.some((one) => one.type === "global");
    const name = (room.kind === "channel" || room.kind === "private" ? "#" : "") + channelLabel(room);
    this.area.placeholder = closed ? `${name} is archived` : this.inThread ? "Reply…" : `Message ${name}`;
    this.area.setAttribute("aria-label", this.inThread ? "Reply" : `Message ${name}`);
    if (key === this.shown) return;
    this.shown = key;
    this.channel = channelId;
    this.thread = thread;
    this.area.value = drafts.get(this.draftKey) ?? "";
    this.completion.close();
    this.size();
  }

  /** Ready for typing, except where focus would raise a keyboard over the messages. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.area.focus();
  }

  changed() {
    if (this.area.value) drafts.set(this.draftKey, this.area.value);
    else drafts.drop(this.draftKey);
    this.size();
  }

  size() {
    if (!this.area.isConnected) return;
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, 240)}px`;
    this.send.classList.toggle("ready", this.area.value.trim() !== "");
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  clear() {
    this.area.value = "";
    this.changed();
  }

  async submit() {
    const typed = this.area.value.trim();
    if (!typed) return;
    const { channel: channelId, thread } = this;
    const command = COMMAND.exec(typed);
    this.clear();
    // Whatever takes its time does not keep the person from writing on.
    if (command) await this.run(`/${command[1]}`, (command[2] ?? "").trim(), channelId, thread);
    else await this.say(typed, channelId, thread);
  }

  async run(command, text, channelId, thread) {
    if (thread) {
      addNote(channelId, `${command} is not supported in threads. Sorry!`, thread);
      return;
    }
    const outcome = await post("/page/command", { as: store.as, channel: channelId, command, text });
    if (!outcome.ok)
      addNote(channelId, outcome.text || `${command} failed with the error "${outcome.error}"`, thread);
  }

  async say(typed, channelId, thread) {
    const outcome = await post("/page/message", {
      as: store.as,
      channel: channelId,
      text: encode(typed),
      ...(thread ? { thread_ts: thread } : {}),
    });
    if (outcome.ok) return;
    notice(outcome.text || `Not sent: ${outcome.error}`);
    // Nothing typed is lost, unless something new stands there already.
    if (!this.area.value && this.channel === channelId && this.thread === thread) {
      this.area.value = typed;
      this.changed();
    }
  }

  shortcuts() {
    const global = store.shortcuts.filter((one) => one.type === "global");
    openMenu(
      this.tools,
      global.map((one) => ({
        label: one.name,
        hint: store.app.name,
        run: async () => {
          const outcome = await post("/page/shortcut", { as: store.as, callback_id: one.callback_id });
          if (!outcome.ok) notice(outcome.text || `“${one.name}” failed: ${outcome.error}`);
        },
      })),
      { align: "start" },
    );
  }
}
