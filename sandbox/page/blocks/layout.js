// The plain blocks: section, header, context, divider, actions, image, file, video, alert.

import { h, icon } from "../dom.js";
import { link } from "../links.js";
import { plain, textObject, textOnly } from "../words/mrkdwn.js";
import { picture } from "./elements.js";

export function section(block, { surface, id, element }) {
  const text = h("div", { class: "section-text" });
  if (block.text) text.append(h("div", { class: "text" }, textObject(block.text)));
  if (block.fields?.length) {
    text.append(
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", { class: "text" }, textObject(field))),
      ),
    );
  }
  if (!block.accessory) return h("div", null, text);
  // A control in a section is named by the section's own words when it has none.
  const label =
    textOnly(block.accessory.placeholder) || (block.text ? textOnly(block.text).slice(0, 120) : null);
  return h(
    "div",
    { class: "with-accessory" },
    text,
    h("div", { class: "accessory" }, element(surface, id, block.accessory, { label })),
  );
}

export const header = (block) => h("h2", { class: "header" }, textObject(block.text));

export const divider = () => h("hr");

export const context = (block) =>
  h(
    "div",
    null,
    (block.elements ?? []).map((part) =>
      part.type === "image" ? picture(part, "context-image") : h("span", { class: "text" }, textObject(part)),
    ),
  );

export const actions = (block, { surface, id, element }) =>
  h(
    "div",
    null,
    (block.elements ?? []).map((part) => element(surface, id, part)),
  );

export function image(block) {
  return h(
    "figure",
    null,
    block.title ? h("figcaption", null, textObject(block.title)) : null,
    picture(block, "block-picture"),
  );
}

export const file = (block) =>
  h(
    "div",
    { class: "file-card" },
    icon("file"),
    h(
      "span",
      null,
      h("strong", null, block.external_id ?? "File"),
      h("span", { class: "muted" }, ` ${block.source ?? "remote"} file`),
    ),
  );

/** Videos are not played here: the card links to them. */
export function video(block) {
  const title = h("strong", null, textObject(block.title));
  return h(
    "div",
    { class: "video-card" },
    h(
      "div",
      { class: "video-words" },
      block.provider_name ? h("div", { class: "muted" }, plain(block.provider_name)) : null,
      h("div", null, link(block.title_url ?? block.video_url, title)),
      block.author_name ? h("div", { class: "muted" }, plain(block.author_name)) : null,
      block.description ? h("div", null, textObject(block.description)) : null,
    ),
    h(
      "div",
      { class: "video-picture" },
      picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "video-thumb"),
      link(block.video_url, [icon("play"), "Watch"], { class: "video-play" }),
    ),
  );
}

const LEVELS = { info: "info", warning: "warn", error: "warn", success: "check", default: "info" };

export function alert(block) {
  const level = Object.hasOwn(LEVELS, block.level ?? "") ? block.level : "default";
  return h(
    "div",
    { class: `alert ${level}`, role: level === "error" ? "alert" : "note" },
    icon(LEVELS[level]),
    h("div", { class: "text" }, textObject(block.text)),
  );
}
