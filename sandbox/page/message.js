// One message as a row: who, when, what it says, its blocks, and what can be done with it.

import { post } from "./api.js";
import { attachment, fileNode } from "./attachments.js";
import { messageSurface } from "./blocks/surface.js";
import { renderBlocks } from "./blocks/index.js";
import { h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { notice } from "./notices.js";
import { authorOf, avatar, personAuthor } from "./people.js";
import { go } from "./route.js";
import { dropNote, now, store, user, zone } from "./store.js";
import { dayHeading, fillTemplate, time } from "./words/dates.js";
import { emojiNode, mrkdwn, userName } from "./words/mrkdwn.js";

const msOf = (ts) => Number.parseFloat(ts) * 1000;

export const stamp = (ts) =>
  h(
    "time",
    {
      class: "when",
      datetime: new Date(msOf(ts)).toISOString(),
      title: fillTemplate("{date_long} at {time_secs}", msOf(ts) / 1000, zone(), now()),
    },
    time(msOf(ts), zone()),
  );

/** What a person typed: its text says more (mentions, formatting) than the plain block made from it. */
const isTyped = (message) =>
  !message.bot_id && message.text && message.blocks?.length === 1 && message.blocks[0].type === "rich_text";

function content(message, channelId, inThread) {
  const surface = messageSurface(channelId, message, inThread ? "thread" : "main");
  const parts = [];
  const edited = message.edited ? h("span", { class: "edited" }, "(edited)") : null;
  if (message.blocks?.length && !isTyped(message)) {
    // The surface keeps blocks that did not change; the text is then only for notifications and readers.
    parts.push(h("div", { class: "blocks" }, renderBlocks(message.blocks, surface), edited));
  } else if (message.text) {
    parts.push(h("div", { class: "text" }, mrkdwn(message.text), edited ? " " : null, edited));
  }
  message.attachments?.forEach((one, index) => parts.push(attachment(one, surface, `attachment-${index}.`)));
  message.files?.forEach((one) => parts.push(fileNode(one)));
  return parts;
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((one) =>
      h(
        "span",
        {
          class: one.users?.includes(store.as) ? "reaction mine" : "reaction",
          title: (one.users ?? []).map(userName).join(", "),
        },
        emojiNode(one.name),
        " ",
        String(one.count ?? one.users?.length ?? 1),
      ),
    ),
  );
}

function replies(message, channelId) {
  if (!message.reply_count) return null;
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const last = message.latest_reply ? msOf(message.latest_reply) : null;
  const faces = (message.reply_users ?? []).slice(0, 4).map(user).filter(Boolean);
  return h(
    "button",
    { class: "reply-line", type: "button", on: { click: () => openThread(channelId, message) } },
    faces.map((one) => avatar(personAuthor(one), "tiny")),
    h("strong", null, count),
    last
      ? h(
          "span",
          { class: "muted" },
          `Last reply ${
            dayHeading(last, now(), zone()).toLowerCase() === "today"
              ? `today at ${time(last, zone())}`
              : `${dayHeading(last, now(), zone())} at ${time(last, zone())}`
          }`,
        )
      : null,
  );
}

function openThread(channelId, message) {
  go({ as: store.as, channel: channelId, thread: message.thread_ts ?? message.ts });
}

async function runShortcut(shortcut, channelId, message) {
  const outcome = await post("/page/shortcut", {
    as: store.as,
    callback_id: shortcut.callback_id,
    channel: channelId,
    ts: message.ts,
  });
  if (!outcome.ok) notice(outcome.text || `“${shortcut.name}” failed: ${outcome.error}`);
}

function toolbar(message, channelId, inThread) {
  if (message.note) {
    return h(
      "div",
      { class: "message-tools" },
      h(
        "button",
        {
          type: "button",
          class: "tool",
          "aria-label": "Dismiss",
          title: "Dismiss",
          on: { click: () => dropNote(channelId, message) },
        },
        icon("close"),
      ),
    );
  }
  if (message.ephemeral) return null;
  const more = h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": "More actions",
      title: "More actions",
      "aria-haspopup": "menu",
      tabindex: "-1",
    },
    icon("more"),
  );
  more.addEventListener("click", () => {
    const own = store.shortcuts
      .filter((one) => one.type === "message")
      .map((one) => ({
        label: one.name,
        hint: store.app.name,
        run: () => runShortcut(one, channelId, message),
      }));
    openMenu(more, [
      ...(inThread ? [] : [{ label: "Reply in thread", run: () => openThread(channelId, message) }]),
      { label: "Copy text", run: () => navigator.clipboard?.writeText(message.text ?? "") },
      ...(own.length ? [{ heading: "Message shortcuts" }, ...own] : []),
    ]);
  });
  return h(
    "div",
    { class: "message-tools" },
    inThread
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "tool",
            "aria-label": "Reply in thread",
            title: "Reply in thread",
            tabindex: "-1",
            on: { click: () => openThread(channelId, message) },
          },
          icon("thread"),
        ),
    more,
  );
}

/** `grouped`: same author moments after the last message, so the head is left out. */
export function messageNode(message, channelId, { grouped = false, inThread = false } = {}) {
  const author = authorOf(message);
  const compact = grouped && !message.ephemeral;
  const head = compact
    ? null
    : h(
        "div",
        { class: "message-head" },
        author.person && !author.app
          ? h("button", { type: "button", class: "author", data: { user: author.id } }, author.name)
          : h("span", { class: "author" }, author.name),
        author.app && !message.note ? h("span", { class: "badge" }, "APP") : null,
        stamp(message.ts),
      );
  const broadcast =
    message.subtype === "thread_broadcast" && !inThread
      ? h(
          "button",
          { type: "button", class: "reply-line", on: { click: () => openThread(channelId, message) } },
          "Replied to a thread",
        )
      : null;
  const only = message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), "Only visible to you") : null;
  const node = h(
    "article",
    {
      class: `message${compact ? " grouped" : ""}${message.ephemeral ? " ephemeral" : ""}${message.note ? " note" : ""}`,
      tabindex: "-1",
      "aria-label": `${author.name}, ${time(msOf(message.ts), zone())}${message.ephemeral ? ", only visible to you" : ""}`,
      data: { ts: message.ts },
    },
    h("div", { class: "gutter" }, compact ? stamp(message.ts) : avatar(author)),
    h(
      "div",
      { class: "message-body" },
      only,
      head,
      broadcast,
      message.note ? h("div", { class: "text" }, message.text) : content(message, channelId, inThread),
      reactions(message),
      inThread ? null : replies(message, channelId),
    ),
    toolbar(message, channelId, inThread),
  );
  return node;
}
