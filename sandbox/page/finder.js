// A search box over everything: type, arrow, Enter. Used to act as somebody and to jump to a place.

import { guard } from "./dialog.js";
import { h, uid } from "./dom.js";

/** `entries(query)` answers [{node, run}]; picking one closes the box and runs it. */
export function openFinder({ label, placeholder, entries, foot = null }) {
  const listId = uid("found");
  const input = h("input", {
    class: "field",
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-label": label,
    placeholder,
    autocomplete: "off",
  });
  const list = h("div", { class: "finder-list", id: listId, role: "listbox", "aria-label": label });
  const dialog = h("dialog", { class: "dialog finder", "aria-label": label }, input, list, foot);
  let found = [],
    active = 0;

  const close = () => {
    dialog.close();
    dialog.remove();
  };

  function highlight(index) {
    active = index;
    [...list.querySelectorAll("[role=option]")].forEach((node, at) => {
      node.classList.toggle("active", at === index);
      node.setAttribute("aria-selected", String(at === index));
      if (at === index) {
        input.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function take(index) {
    const entry = found[index];
    if (!entry) return;
    close();
    entry.run();
  }

  function draw() {
    found = entries(input.value.trim());
    list.replaceChildren(
      ...found.map((entry, index) =>
        h(
          "div",
          {
            class: "option person-row",
            role: "option",
            id: `${listId}-${index}`,
            on: { click: () => take(index), mousemove: () => active !== index && highlight(index) },
          },
          entry.node,
        ),
      ),
      ...(found.length ? [] : [h("div", { class: "listbox-note" }, "Nobody and nothing by that name")]),
    );
    highlight(0);
  }

  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (found.length)
        highlight((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(active);
    }
  });
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog) close();
  });
  guard(dialog, close);
  document.body.append(dialog);
  draw();
  dialog.showModal();
  input.focus();
}
