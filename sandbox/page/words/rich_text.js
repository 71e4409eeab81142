// rich_text blocks: sections, lists, quotes and preformatted text, with styled runs inside.

import { h } from "../dom.js";
import { link } from "../links.js";
import { channelMention, dateNode, emojiNode, userMention } from "./mrkdwn.js";

function styled(node, style = {}) {
  let out = node;
  if (style.code) out = h("code", null, out);
  if (style.bold) out = h("strong", null, out);
  if (style.italic) out = h("em", null, out);
  if (style.strike) out = h("s", null, out);
  if (style.underline) out = h("u", null, out);
  if (style.highlight || style.client_highlight) out = h("mark", null, out);
  return out;
}

function withBreaks(text) {
  return String(text ?? "")
    .split("\n")
    .flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

const colour = (value) => (/^#[0-9a-f]{3,8}$/i.test(value ?? "") ? value : "transparent");

const RUNS = {
  text: (run) => h("span", null, withBreaks(run.text)),
  link: (run) => link(run.url, run.text || run.url),
  user: (run) => userMention(run.user_id),
  channel: (run) => channelMention(run.channel_id),
  usergroup: (run) => h("span", { class: "mention" }, `@${run.usergroup_id}`),
  team: (run) => h("span", { class: "mention" }, `@${run.team_id}`),
  broadcast: (run) => h("span", { class: "mention me" }, `@${run.range}`),
  color: (run) =>
    h("span", null, h("span", { class: "swatch", style: { background: colour(run.value) } }), run.value),
  date: (run) => dateNode(Number(run.timestamp), run.format ?? "{date_num}", run.url, run.fallback),
  emoji: (run) => emojiFrom(run),
};

/** A standard emoji says its code points; those draw even when the name is not in our table. */
function emojiFrom(run) {
  const known = emojiNode(run.name);
  if (known.nodeType === Node.ELEMENT_NODE || !/^[0-9a-f]+(-[0-9a-f]+)*$/i.test(run.unicode ?? ""))
    return known;
  return document.createTextNode(
    String.fromCodePoint(...run.unicode.split("-").map((code) => Number.parseInt(code, 16))),
  );
}

const runs = (elements) =>
  (elements ?? []).map((run) =>
    styled(
      Object.hasOwn(RUNS, run.type) ? RUNS[run.type](run) : h("code", null, JSON.stringify(run)),
      run.style,
    ),
  );

function listNode(element, start) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  return h(
    tag,
    {
      class: element.border ? "bordered" : null,
      ...(tag === "ol" && start > 1 ? { start } : {}),
      style: { "--depth": String(element.indent ?? 0) },
      data: { depth: String((element.indent ?? 0) % 3) },
    },
    (element.elements ?? []).map((item) => h("li", null, runs(item.elements))),
  );
}

/** All parts of the block in order. Ordered lists count on after a deeper list interrupted them. */
export function richText(block) {
  const counts = new Map();
  const parts = [];
  for (const element of block.elements ?? []) {
    if (element.type === "rich_text_list") {
      const depth = element.indent ?? 0;
      for (const known of [...counts.keys()]) if (known > depth) counts.delete(known);
      const before = element.offset ?? counts.get(depth) ?? 0;
      parts.push(listNode(element, before + 1));
      counts.set(depth, before + (element.elements?.length ?? 0));
      continue;
    }
    counts.clear();
    if (element.type === "rich_text_section") parts.push(h("div", { class: "text" }, runs(element.elements)));
    else if (element.type === "rich_text_quote") parts.push(h("blockquote", null, runs(element.elements)));
    else if (element.type === "rich_text_preformatted")
      parts.push(
        h(
          "pre",
          null,
          (element.elements ?? []).map((run) => run.text ?? run.url ?? ""),
        ),
      );
    else parts.push(h("pre", { class: "unknown" }, JSON.stringify(element, null, 2)));
  }
  return parts;
}
