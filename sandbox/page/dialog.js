// The frame of every dialog: the browser's modal <dialog> makes the rest inert and gives focus back;
// this adds the wrap-around of Tab and one meaning for Escape.

import { h } from "./dom.js";
import { plain, textObject } from "./words/mrkdwn.js";

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex='-1'])";

const visible = (node) => node.getClientRects().length > 0 && node.tabIndex >= 0;

/** Keep Tab inside `dialog` and send Escape to `onEscape`. */
export function guard(dialog, onEscape) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    } else if (event.key === "Tab") {
      const stops = [...dialog.querySelectorAll(FOCUSABLE)].filter(visible);
      const first = stops[0],
        last = stops.at(-1);
      const edge = event.shiftKey ? first : last;
      if (document.activeElement === edge || !dialog.contains(document.activeElement)) {
        event.preventDefault();
        (event.shiftKey ? last : first)?.focus();
      }
    }
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
}

/** Slack's confirm object as a question; answers whether the person went ahead. */
export function confirmDialog(confirm) {
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const go = h(
      "button",
      {
        class: `button ${confirm.style === "danger" ? "danger" : "primary"}`,
        type: "button",
        on: { click: () => finish(true) },
      },
      confirm.confirm ? textObject(confirm.confirm) : "Yes",
    );
    const dialog = h(
      "dialog",
      { class: "dialog confirm", "aria-labelledby": "confirm-title" },
      h("h2", { id: "confirm-title" }, confirm.title ? textObject(confirm.title) : plain("Are you sure?")),
      h("div", { class: "confirm-text" }, textObject(confirm.text)),
      h(
        "div",
        { class: "dialog-foot" },
        h(
          "button",
          { class: "button plain", type: "button", on: { click: () => finish(false) } },
          confirm.deny ? textObject(confirm.deny) : "Cancel",
        ),
        go,
      ),
    );
    guard(dialog, () => finish(false));
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  });
}
