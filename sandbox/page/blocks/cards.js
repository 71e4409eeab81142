// Cards, carousels, containers, and the task blocks.

import { h, icon, uid } from "../dom.js";
import { link } from "../links.js";
import { plain, textObject, textOnly } from "../words/mrkdwn.js";
import { richText } from "../words/rich_text.js";
import { picture } from "./elements.js";

const words = (text) => (typeof text === "string" ? plain(text) : textObject(text));

const titleOf = (block) => (block.title ? textOnly(block.title) : "Card");

export function card(block, { surface, id, element }) {
  return h(
    "div",
    { class: "card", role: "group", "aria-label": titleOf(block) },
    block.hero_image ? picture(block.hero_image, "card-hero") : null,
    h(
      "div",
      { class: "card-body" },
      h(
        "div",
        { class: "card-head" },
        block.icon ? picture(block.icon, "card-icon") : null,
        h(
          "div",
          null,
          block.title ? h("div", { class: "card-title" }, words(block.title)) : null,
          block.subtitle ? h("div", { class: "muted" }, words(block.subtitle)) : null,
        ),
      ),
      block.body ? h("div", { class: "text" }, words(block.body)) : null,
      block.subtext ? h("div", { class: "muted" }, words(block.subtext)) : null,
      block.actions?.length
        ? h(
            "div",
            { class: "card-actions" },
            block.actions.map((part) => element(surface, id, part)),
          )
        : null,
    ),
  );
}

export function carousel(block, tools) {
  const cards = (block.elements ?? []).map((one, index) => {
    const node = card(one, { ...tools, id: one.block_id ?? `${tools.id}.${index}` });
    node.setAttribute("aria-label", `${titleOf(one)}, ${index + 1} of ${block.elements.length}`);
    return node;
  });
  return h(
    "div",
    { class: "carousel", tabindex: "0", role: "group", "aria-label": `${cards.length} cards` },
    cards,
  );
}

export function container(block, { children }) {
  const body = h("div", { class: "container-body", id: uid("container") }, children(block.child_blocks));
  const title = block.rich_text_title
    ? richText(block.rich_text_title)
    : block.title
      ? words(block.title)
      : null;
  const heading = h(
    "div",
    { class: "container-words" },
    title ? h("div", { class: "container-title" }, title) : null,
    block.subtitle ? h("div", { class: "muted" }, words(block.subtitle)) : null,
  );
  const width = ["narrow", "standard", "wide", "full"].includes(block.width) ? block.width : "standard";
  const node = h("section", { class: `container ${width}${block.has_header_divider ? " lined" : ""}` });
  const face = [block.icon ? picture(block.icon, "card-icon") : null, heading];
  if (!block.is_collapsible) {
    node.append(h("div", { class: "container-head" }, face), body);
    return node;
  }
  const toggle = h(
    "button",
    {
      class: "container-head",
      type: "button",
      "aria-controls": body.id,
      on: {
        click: () => {
          body.hidden = !body.hidden;
          toggle.setAttribute("aria-expanded", String(!body.hidden));
        },
      },
    },
    face,
    icon("down"),
  );
  body.hidden = Boolean(block.default_collapsed);
  toggle.setAttribute("aria-expanded", String(!body.hidden));
  node.append(toggle, body);
  return node;
}

const STATUS = { pending: "Waiting", in_progress: "In progress", complete: "Done", error: "Failed" };

export function taskCard(block) {
  const status = Object.hasOwn(STATUS, block.status ?? "") ? block.status : "pending";
  return h(
    "div",
    { class: `task ${status}` },
    h(
      "div",
      { class: "task-head" },
      h("span", { class: "task-sign", "aria-hidden": "true" }),
      h("strong", null, words(block.title ?? "")),
      h("span", { class: "muted" }, STATUS[status]),
    ),
    block.details ? h("div", { class: "task-text" }, richText(block.details)) : null,
    block.output ? h("div", { class: "task-text" }, richText(block.output)) : null,
    block.sources?.length
      ? h(
          "div",
          { class: "task-sources" },
          block.sources.map((one) => link(one.url, one.text || one.url)),
        )
      : null,
  );
}

export function plan(block) {
  return h(
    "div",
    { class: "plan" },
    h("div", { class: "container-title" }, words(block.title ?? "")),
    (block.tasks ?? []).map(taskCard),
  );
}
