// A menu under a button: arrows move, Enter takes, Escape goes back to the button.

import { h } from "./dom.js";
import { place } from "./popover.js";

let closeCurrent = null;

/** Items are {label, hint, run, danger} or {heading}. */
export function openMenu(anchor, items, { align = "end" } = {}) {
  const wasMine = closeCurrent?.anchor === anchor;
  closeCurrent?.();
  if (wasMine) return;
  const node = h("div", { class: "popover menu", role: "menu" });
  for (const item of items) {
    if (item.heading) {
      node.append(h("div", { class: "menu-heading", role: "presentation" }, item.heading));
      continue;
    }
    node.append(
      h(
        "button",
        {
          class: item.danger ? "menu-item danger" : "menu-item",
          type: "button",
          role: "menuitem",
          tabindex: "-1",
          on: {
            click: () => {
              close();
              item.run();
            },
          },
        },
        h("span", null, item.label),
        item.hint ? h("span", { class: "menu-hint" }, item.hint) : null,
      ),
    );
  }
  const unplace = place(node, anchor, { align });
  anchor.setAttribute("aria-expanded", "true");
  const entries = [...node.querySelectorAll("[role=menuitem]")];

  function close({ refocus = true } = {}) {
    unplace();
    document.removeEventListener("mousedown", outside, true);
    anchor.removeAttribute("aria-expanded");
    closeCurrent = null;
    if (refocus && anchor.isConnected) anchor.focus();
  }
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close({ refocus: false });
  };
  document.addEventListener("mousedown", outside, true);
  node.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement);
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      entries[(move + entries.length) % entries.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  closeCurrent = () => close({ refocus: false });
  closeCurrent.anchor = anchor;
  entries[0]?.focus();
}
