// Drawing a list of blocks on a surface. A block whose JSON did not change keeps its node, and with it
// focus, caret and what is half typed.

import { h, icon } from "../dom.js";
import { card, carousel, container, plan, taskCard } from "./cards.js";
import { elementNode } from "./elements.js";
import { input } from "./field.js";
import { markdown } from "../words/markdown.js";
import { richText } from "../words/rich_text.js";
import { actions, alert, context, divider, file, header, image, section, video } from "./layout.js";
import { dataTable, table } from "./tables.js";

const DRAW = {
  section,
  header,
  context,
  divider,
  actions,
  image,
  input,
  file,
  video,
  alert,
  card,
  carousel,
  container,
  plan,
  table,
  context_actions: actions,
  data_table: dataTable,
  task_card: taskCard,
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  rich_text: (block) => h("div", { class: "rich-text" }, richText(block)),
};

/** Whatever this page has no picture for is shown as what it is, never left out. */
export function unknown(thing, what = "block") {
  return h(
    "div",
    { class: "unknown" },
    h(
      "div",
      { class: "unknown-name" },
      icon("info"),
      `This page has no drawing for the ${what} `,
      h("code", null, String(thing?.type)),
    ),
    h("pre", null, JSON.stringify(thing, null, 2)),
  );
}

function draw(block, id, surface) {
  const renderer = Object.hasOwn(DRAW, block.type) ? DRAW[block.type] : null;
  const node = renderer
    ? renderer(block, {
        surface,
        id,
        children: (blocks) => drawAll(blocks, surface, `${id}.`),
        element: elementNode,
      })
    : unknown(block);
  node.classList.add("block", `block-${block.type}`);
  node.dataset.block = id;
  return node;
}

function drawAll(blocks, surface, prefix = "") {
  return (blocks ?? []).map((block, index) => {
    const id = block.block_id ?? `${prefix}b${index}`;
    const json = JSON.stringify(block);
    const kept = surface.cache.get(id);
    if (kept && kept.json === json) return kept.node;
    surface.errorSlots.delete(id);
    const node = draw(block, id, surface);
    surface.cache.set(id, { json, node });
    return node;
  });
}

/** The nodes for `blocks`, with the surface's values brought in line first. */
export function renderBlocks(blocks, surface, known = {}) {
  surface.adopt(blocks, known);
  return drawAll(blocks, surface);
}
