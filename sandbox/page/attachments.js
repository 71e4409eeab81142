// Attachments (the older kind of rich content) and files under a message.

import { renderBlocks } from "./blocks/index.js";
import { picture } from "./blocks/elements.js";
import { Surface } from "./blocks/surface.js";
import { h, icon, safeImage } from "./dom.js";
import { link } from "./links.js";
import { stamp } from "./message.js";
import { mrkdwn, plain } from "./words/mrkdwn.js";

const NAMED = { good: "var(--good)", warning: "var(--warn)", danger: "var(--danger)" };

function bar(colour) {
  if (Object.hasOwn(NAMED, colour ?? "")) return NAMED[colour];
  return /^#?[0-9a-f]{6}$/i.test(colour ?? "") ? `#${colour.replace("#", "")}` : "var(--line-strong)";
}

// Attachment blocks share the message's container but not its cache: their ids start anew.
const inner = new WeakMap();

function surfaceFor(parent, prefix) {
  if (!inner.has(parent)) inner.set(parent, new Map());
  const known = inner.get(parent);
  if (!known.has(prefix)) known.set(prefix, new Surface(parent.container));
  return known.get(prefix);
}

export function attachment(one, surface, prefix) {
  const body = h("div", { class: "attachment-body" });
  if (one.author_name)
    body.append(
      h(
        "div",
        { class: "muted" },
        one.author_link ? link(one.author_link, one.author_name) : plain(one.author_name),
      ),
    );
  if (one.title)
    body.append(
      h(
        "div",
        null,
        h("strong", null, one.title_link ? link(one.title_link, plain(one.title)) : plain(one.title)),
      ),
    );
  if (one.text) body.append(h("div", { class: "text" }, mrkdwn(one.text)));
  if (one.fields?.length) {
    body.append(
      h(
        "div",
        { class: "fields" },
        one.fields.map((field) =>
          h(
            "div",
            { class: field.short ? "text" : "text whole" },
            h("strong", null, plain(field.title ?? "")),
            h("br"),
            mrkdwn(field.value ?? ""),
          ),
        ),
      ),
    );
  }
  if (one.blocks?.length)
    body.append(h("div", { class: "blocks" }, renderBlocks(one.blocks, surfaceFor(surface, prefix))));
  if (one.image_url)
    body.append(picture({ image_url: one.image_url, alt_text: one.fallback ?? "" }, "block-picture"));
  if (one.actions?.length) {
    // The old interactive attachments: shown, but their payload is none that this workspace sends.
    const title = "Attachment actions of the old kind do not work here";
    const old = one.actions.map((action) =>
      h(
        "button",
        { class: "button plain", type: "button", disabled: true, title },
        plain(action.text ?? action.name ?? ""),
      ),
    );
    body.append(h("div", { class: "block-actions" }, old));
  }
  if (one.footer || one.ts)
    body.append(
      h("div", { class: "muted" }, plain(one.footer ?? ""), one.ts ? [" ", stamp(String(one.ts))] : null),
    );
  if (!body.childNodes.length && one.fallback) body.append(plain(one.fallback));
  return h(
    "div",
    { class: "attachment-frame" },
    one.pretext ? h("div", { class: "text" }, mrkdwn(one.pretext)) : null,
    h("div", { class: "attachment", style: { "--bar": bar(one.color) } }, body),
  );
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

export function fileNode(file) {
  const address = file.url_private ?? file.permalink;
  const name = file.title || file.name || file.id;
  if (/^image\//.test(file.mimetype ?? "") && address && safeImage(address)) {
    return h(
      "figure",
      { class: "file-picture" },
      h("figcaption", null, plain(name)),
      picture({ image_url: file.thumb_360 ?? address, alt_text: file.alt_txt || name }, "block-picture"),
    );
  }
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h(
      "span",
      null,
      address ? link(address, plain(name)) : plain(name),
      h(
        "span",
        { class: "muted" },
        ` ${[file.pretty_type ?? file.filetype, size(file.size)].filter(Boolean).join(" · ")}`,
      ),
    ),
  );
}
