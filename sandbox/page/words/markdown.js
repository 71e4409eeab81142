// The markdown block: the everyday part of standard Markdown, as nodes.

import { h, safeImage } from "../dom.js";
import { link } from "../links.js";
import { emojiNode, unescape } from "./mrkdwn.js";
import { emoji } from "./emoji.js";

const INLINE = [
  [/^`([^`]+)`/, (m) => h("code", null, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (m) => imageNode(m[2], m[1])],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], spans(m[1]))],
  [/^<(https?:[^>\s]+)>/, (m) => link(m[1], m[1])],
  [/^https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?]/, (m) => link(m[0], m[0])],
  [/^\*\*\*(\S(?:[\s\S]*?\S)?)\*\*\*/, (m) => h("strong", null, h("em", null, spans(m[1])))],
  [/^(\*\*|__)(\S(?:[\s\S]*?\S)?)\1/, (m) => h("strong", null, spans(m[2]))],
  [/^(\*|_)(\S(?:[\s\S]*?\S)?)\1(?![\p{L}\p{N}])/u, (m) => h("em", null, spans(m[2]))],
  [/^~~(\S(?:[\s\S]*?\S)?)~~/, (m) => h("s", null, spans(m[1]))],
  [/^\\([\\`*_{}[\]()#+\-.!~>|])/, (m) => document.createTextNode(m[1])],
  [/^:([a-z0-9_+'-]+):/, (m) => (emoji(m[1]) ? emojiNode(m[1]) : null)],
];

function imageNode(address, alt) {
  const source = safeImage(address);
  return source
    ? h("img", { class: "block-picture", src: source, alt, loading: "lazy" })
    : document.createTextNode(alt);
}

function spans(text) {
  const out = [];
  let plain = "",
    index = 0;
  const flush = () => {
    if (plain) out.push(document.createTextNode(unescape(plain)));
    plain = "";
  };
  scan: while (index < text.length) {
    const rest = text.slice(index);
    // Underscores and addresses inside a word are just letters.
    const inWord = /[\p{L}\p{N}]/u.test(text[index - 1] ?? "") && /^[_h]/.test(rest);
    if (!inWord && /^[`![<h*_~\\:]/.test(rest)) {
      for (const [pattern, make] of INLINE) {
        const match = pattern.exec(rest);
        const node = match && make(match);
        if (!node) continue;
        flush();
        out.push(node);
        index += match[0].length;
        continue scan;
      }
    }
    if (rest[0] === "\n") {
      flush();
      out.push(h("br"));
    } else plain += rest[0];
    index += 1;
  }
  flush();
  return out;
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ROW = /^\s*\|?(.+\|.*)\|?\s*$/;
const DASHES = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function listFrom(lines) {
  const base = ITEM.exec(lines[0])[1].length;
  const ordered = /^\d/.test(ITEM.exec(lines[0])[2]);
  const list = h(
    ordered ? "ol" : "ul",
    ordered ? { start: Number.parseInt(ITEM.exec(lines[0])[2], 10) } : null,
  );
  for (let at = 0; at < lines.length;) {
    const [, , , words] = ITEM.exec(lines[at]);
    const inner = [];
    at += 1;
    while (at < lines.length && !(ITEM.test(lines[at]) && ITEM.exec(lines[at])[1].length <= base))
      inner.push(lines[at++]);
    const task = /^\[([ xX])\]\s+(.*)$/.exec(words);
    const item = h(
      "li",
      task ? { class: "task-item" } : null,
      task ? `${task[1] === " " ? "☐" : "☑"} ` : null,
      spans(task ? task[2] : words),
    );
    const nested = inner.findIndex((line) => ITEM.test(line));
    if (nested >= 0) item.append(listFrom(inner.slice(nested)));
    list.append(item);
  }
  return list;
}

/** Read the lines from the top; each branch takes what belongs to it. */
export function markdown(text) {
  const lines = String(text ?? "")
    .replace(/\r/g, "")
    .split("\n");
  const out = [];
  let at = 0;
  const takeWhile = (test) => {
    const taken = [];
    while (at < lines.length && test(lines[at])) taken.push(lines[at++]);
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at];
    const fence = /^\s*(```|~~~)/.exec(line);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (!line.trim()) at += 1;
    else if (fence) {
      at += 1;
      out.push(h("pre", null, takeWhile((next) => !next.trim().startsWith(fence[1])).join("\n")));
      at += 1;
    } else if (heading) {
      at += 1;
      out.push(h(`h${Math.min(heading[1].length + 1, 6)}`, { class: "header" }, spans(heading[2])));
    } else if (RULE.test(line)) {
      at += 1;
      out.push(h("hr"));
    } else if (/^\s*>/.test(line)) {
      const inner = takeWhile((next) => /^\s*>/.test(next)).map((next) => next.replace(/^\s*>\s?/, ""));
      out.push(h("blockquote", null, markdown(inner.join("\n"))));
    } else if (ITEM.test(line)) {
      out.push(listFrom(takeWhile((next) => ITEM.test(next) || /^\s+\S/.test(next))));
    } else if (ROW.test(line) && DASHES.test(lines[at + 1] ?? "")) {
      const rows = takeWhile((next) => ROW.test(next) || DASHES.test(next));
      out.push(
        h(
          "div",
          { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table" },
          h(
            "table",
            null,
            h(
              "thead",
              null,
              h(
                "tr",
                null,
                cells(rows[0]).map((cell) => h("th", { class: "cell", scope: "col" }, spans(cell))),
              ),
            ),
            h(
              "tbody",
              null,
              rows.slice(2).map((row) =>
                h(
                  "tr",
                  null,
                  cells(row).map((cell) => h("td", { class: "cell" }, spans(cell))),
                ),
              ),
            ),
          ),
        ),
      );
    } else {
      const taken = takeWhile(
        (next) =>
          next.trim() && !/^(#{1,6}\s|\s*>|\s*(```|~~~))/.test(next) && !ITEM.test(next) && !RULE.test(next),
      );
      out.push(h("p", null, spans(taken.join("\n"))));
    }
  }
  return out;
}
