// table and data_table. The first row is the header, in both.

import { h, icon } from "../dom.js";
import { richText } from "../words/rich_text.js";
import { plain, textOnly } from "../words/mrkdwn.js";

function cellContent(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  if (cell?.type === "raw_number") return document.createTextNode(cell.text ?? String(cell.value ?? ""));
  if (cell?.text && typeof cell.text === "object") return plain(cell.text.text);
  return plain(cell?.text ?? "");
}

function cellNode(tag, cell, setting = {}, extra = {}) {
  const number = cell?.type === "raw_number";
  const align = ["left", "center", "right"].includes(setting?.align)
    ? setting.align
    : number
      ? "right"
      : "left";
  return h(
    tag,
    { class: `cell ${align} ${setting?.is_wrapped ? "wrapped" : ""}`, ...extra },
    cellContent(cell),
  );
}

export function table(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  return h(
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
          head.map((cell, at) => cellNode("th", cell, settings[at], { scope: "col" })),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            row.map((cell, at) => cellNode("td", cell, settings[at])),
          ),
        ),
      ),
    ),
  );
}

function sortable(cell) {
  if (cell?.type === "raw_number") return Number(cell.value);
  const holder = document.createElement("div");
  holder.append(cellContent(cell));
  return holder.textContent.trim().toLowerCase();
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

/** Pages, and sorting by a press on a column's heading. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? 5;
  const rowHead = block.row_header_column_index ?? -1;
  let page = 0,
    order = null;
  const body = h("tbody");
  const isNumber = (at) => rows.length > 0 && rows.every((row) => row[at]?.type === "raw_number");
  const headings = head.map((cell, at) =>
    h(
      "th",
      { class: isNumber(at) ? "cell right" : "cell", scope: "col" },
      h(
        "button",
        {
          type: "button",
          class: "sort",
          on: {
            click: () => {
              order = { at, down: order?.at === at && !order.down };
              page = 0;
              draw();
            },
          },
        },
        cellContent(cell),
      ),
    ),
  );
  const where = h("span", { class: "muted", "aria-live": "polite" });
  const move = (step, name, sign) =>
    h(
      "button",
      {
        type: "button",
        class: "button quiet icon-only",
        "aria-label": name,
        on: {
          click: () => {
            page += step;
            draw();
          },
        },
      },
      icon(sign),
    );
  const back = move(-1, "Previous page", "back"),
    next = move(1, "Next page", "next");
  const pages = Math.max(1, Math.ceil(rows.length / size));

  function draw() {
    const sorted = order
      ? [...rows].sort((a, b) => {
          const way = compare(sortable(a[order.at]), sortable(b[order.at]));
          return order.down ? -way : way;
        })
      : rows;
    body.replaceChildren(
      ...sorted.slice(page * size, (page + 1) * size).map((row) =>
        h(
          "tr",
          null,
          row.map((cell, at) =>
            at === rowHead ? cellNode("th", cell, {}, { scope: "row" }) : cellNode("td", cell),
          ),
        ),
      ),
    );
    headings.forEach((node, at) =>
      node.setAttribute("aria-sort", order?.at === at ? (order.down ? "descending" : "ascending") : "none"),
    );
    where.textContent =
      rows.length > size
        ? `${page * size + 1}–${Math.min(rows.length, (page + 1) * size)} of ${rows.length}`
        : "";
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  }
  draw();
  const caption = textOnly(block.caption ?? "Table");
  return h(
    "div",
    { class: "data-table" },
    h(
      "div",
      { class: "table-frame", tabindex: "0", role: "group", "aria-label": caption },
      h(
        "table",
        null,
        h("caption", null, plain(block.caption ?? "")),
        h("thead", null, h("tr", null, headings)),
        body,
      ),
    ),
    pages > 1 ? h("div", { class: "table-foot" }, back, where, next) : null,
  );
}
