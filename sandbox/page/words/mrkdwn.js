// Slack's mrkdwn to DOM nodes. Text is untrusted, so nothing here ever parses HTML.

import { h } from "../dom.js";
import { isAddress, link } from "../links.js";
import { channel, now, store, user, zone } from "../store.js";
import { fillTemplate } from "./dates.js";
import { emoji } from "./emoji.js";

export const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
export const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

const WORD = /[\p{L}\p{N}]/u;
const TAGS = { "*": "strong", _: "em", "~": "s" };
const SHORTCODE = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/y;
const ANGLE = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const BARE_URL = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"*_~]/y;

/** The name by which a person is shown; a deactivated or unknown id still shows something. */
export function userName(id) {
  const person = user(id);
  return person ? person.real_name || person.name || id : id;
}

export function emojiNode(name) {
  const character = emoji(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replace(/_/g, " "), title: `:${name}:` },
    character,
  );
}

export function userMention(id, label) {
  const mine = id === store.as;
  return h(
    "button",
    { class: mine ? "mention me" : "mention", type: "button", data: { user: id } },
    `@${user(id) ? userName(id) : unescape(label || id)}`,
  );
}

export function channelMention(id, label) {
  const known = channel(id);
  const name = known?.name || (label && unescape(label)) || null;
  if (!known) return h("span", { class: "mention" }, name ? `#${name}` : "#private-channel");
  return h("button", { class: "mention", type: "button", data: { channel: id } }, `#${name ?? id}`);
}

/** A date in the reader's zone, with the exact moment on hover. */
export function dateNode(seconds, template, url, fallback) {
  if (!Number.isFinite(seconds)) return document.createTextNode(fallback ?? "");
  const shown = fillTemplate(template, seconds, zone(), now());
  const node = h(
    "time",
    {
      datetime: new Date(seconds * 1000).toISOString(),
      title: fillTemplate("{date_long} at {time}", seconds, zone(), now()),
    },
    shown,
  );
  return url ? link(url, node) : node;
}

function special(body, label) {
  const [word, ...rest] = body.split("^");
  if (word === "date") {
    const [seconds, template = "", url] = rest;
    return dateNode(Number(seconds), template, url, unescape(label ?? ""));
  }
  if (word === "subteam") return h("span", { class: "mention" }, unescape(label || `@${rest[0]}`));
  if (["here", "channel", "everyone"].includes(word)) return h("span", { class: "mention me" }, `@${word}`);
  return document.createTextNode(unescape(label || `<!${body}>`));
}

function angle(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : inside.slice(bar + 1);
  if (/^@[UWB]\w*$/.test(target)) return userMention(target.slice(1), label);
  if (/^#[CGD]\w*$/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = unescape(target);
  if (!isAddress(url)) return document.createTextNode(unescape(`<${inside}>`));
  return link(url, label === null ? url.replace(/^mailto:/, "") : plain(label));
}

/** Where the run that opens at `start` closes, or -1. Code and <…> inside it are stepped over. */
function closing(text, start, mark) {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === "<") {
      ANGLE.lastIndex = index;
      if (ANGLE.test(text)) {
        index = ANGLE.lastIndex - 1;
        continue;
      }
    }
    if (text[index] === "`") {
      CODE.lastIndex = index;
      if (CODE.test(text)) {
        index = CODE.lastIndex - 1;
        continue;
      }
    }
    if (text[index] !== mark || index === start + 1) continue;
    const before = text[index - 1],
      after = text[index + 1] ?? "";
    if (!/\s/.test(before) && before !== mark && !WORD.test(after) && after !== mark) return index;
  }
  return -1;
}

function sticky(pattern, text, index) {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** One line of mrkdwn as a list of nodes. */
export function inline(text) {
  const nodes = [];
  let pending = "";
  const flush = () => {
    if (pending) nodes.push(document.createTextNode(unescape(pending)));
    pending = "";
  };
  const take = (node, length) => {
    flush();
    nodes.push(node);
    return length;
  };
  let index = 0;
  while (index < text.length) {
    const char = text[index],
      before = text[index - 1] ?? "";
    let used = 0,
      match;
    if (char === "<" && (match = sticky(ANGLE, text, index))) {
      used = take(angle(match[1]), match[0].length);
    } else if (char === "`" && (match = sticky(CODE, text, index))) {
      used = take(h("code", null, codeText(match[1])), match[0].length);
    } else if (char === ":" && (match = sticky(SHORTCODE, text, index)) && emoji(match[1])) {
      used = take(emojiNode(match[1]), match[0].length);
    } else if (char === "h" && !WORD.test(before) && (match = sticky(BARE_URL, text, index))) {
      used = take(link(unescape(match[0]), unescape(match[0])), match[0].length);
    } else if (TAGS[char] && !WORD.test(before) && before !== char && /\S/.test(text[index + 1] ?? " ")) {
      const end = closing(text, index, char);
      if (end > 0) used = take(h(TAGS[char], null, inline(text.slice(index + 1, end))), end - index + 1);
    }
    if (!used) {
      pending += char;
      used = 1;
    }
    index += used;
  }
  flush();
  return nodes;
}

/** Inside code, links and mentions show their address or label and nothing is styled. */
function codeText(text) {
  return unescape(text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target));
}

const LISTED = /^(\s*)([•◦▪‣–-]|\d{1,3}[.)])\s+(.*)$/;

function lines(text) {
  const out = [];
  let open = false; // whether the last thing written was running text, which needs a line break first
  for (const line of text.split("\n")) {
    const item = LISTED.exec(line);
    if (item) {
      const indent = `${item[1].length * 0.5}em`;
      out.push(
        h(
          "span",
          { class: "hang", style: { "--indent": indent } },
          h("span", { class: "bullet" }, item[2]),
          h("span", null, inline(item[3])),
        ),
      );
      open = false;
      continue;
    }
    if (open) out.push(h("br"));
    out.push(...inline(line));
    open = true;
  }
  return out;
}

function paragraphs(text) {
  const out = [];
  let run = [],
    quoted = false;
  const flush = () => {
    if (run.length) out.push(quoted ? h("blockquote", null, lines(run.join("\n"))) : lines(run.join("\n")));
    run = [];
  };
  let rest = false;
  for (const line of text.split("\n")) {
    const all = /^(?:>>>|&gt;&gt;&gt;)\s?(.*)$/.exec(line);
    const one = /^(?:>|&gt;)\s?(.*)$/.exec(line);
    const isQuote = rest || Boolean(one);
    if (isQuote !== quoted) {
      flush();
      quoted = isQuote;
    }
    run.push(rest ? line : all ? all[1] : one ? one[1] : line);
    rest = rest || Boolean(all);
  }
  flush();
  return out;
}

/** A whole mrkdwn text: code fences, quotes, lines that read as lists, and running text. */
export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  const parts = String(text ?? "").split(/```\n?([\s\S]*?)\n?```\n?/);
  parts.forEach((part, index) => {
    if (index % 2) out.append(h("pre", null, codeText(part)));
    else if (part)
      out.append(...paragraphs(index + 1 < parts.length ? part.replace(/\n$/, "") : part).flat());
  });
  return out;
}

/** plain_text: emoji shortcodes only. */
export function plain(text, { emoji: withEmoji = true } = {}) {
  if (!withEmoji) return document.createTextNode(unescape(String(text ?? "")));
  const out = document.createDocumentFragment();
  let last = 0;
  const source = String(text ?? "");
  for (const match of source.matchAll(/:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g)) {
    if (!emoji(match[1])) continue;
    out.append(unescape(source.slice(last, match.index)), emojiNode(match[1]));
    last = match.index + match[0].length;
  }
  out.append(unescape(source.slice(last)));
  return out;
}

/** A text object of either kind. */
export function textObject(object) {
  if (!object) return document.createDocumentFragment();
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return plain(object.text, { emoji: object.emoji !== false });
}

/** The same text for labels, tooltips and screen readers. */
export function textOnly(object) {
  const holder = document.createElement("div");
  holder.append(typeof object === "string" ? mrkdwn(object) : textObject(object));
  return holder.textContent.replace(/\s+/g, " ").trim();
}
