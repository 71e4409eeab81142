// Short words from the page itself, at the edge, that go away again.

import { byId, h, icon } from "./dom.js";

const STAY = 8000;

export function notice(text) {
  const node = h(
    "div",
    { class: "notice" },
    h("span", null, text),
    h(
      "button",
      { type: "button", class: "tool", "aria-label": "Dismiss", on: { click: () => node.remove() } },
      icon("close"),
    ),
  );
  // A modal dialog hides everything outside it from the keyboard and from view: speak inside it then.
  (document.querySelector("dialog[open]") ?? byId("notices")).append(node);
  setTimeout(() => node.remove(), STAY);
}
