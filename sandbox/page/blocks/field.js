// The input block: label, control, hint, and the place where its error appears.

import { h, uid } from "../dom.js";
import { textObject, textOnly } from "../words/mrkdwn.js";
import { elementNode } from "./elements.js";

const CONTROL = "input:not([type=file]), textarea, [role=radiogroup], [role=group]";

export function input(block, { surface, id }) {
  const labelText = textOnly(block.label);
  const control = elementNode(surface, id, block.element, {
    label: labelText,
    dispatch: block.dispatch_action === true,
    optional: block.optional === true,
  });
  const hintId = uid("hint"),
    errorId = uid("error");
  const error = h("div", { class: "field-note error", id: errorId, hidden: true });
  const hint = block.hint ? h("div", { class: "field-note", id: hintId }, textObject(block.hint)) : null;
  const target = control.querySelector("[data-field]") ?? control.querySelector(CONTROL);
  const node = h(
    "div",
    { class: "input-block" },
    h(
      "div",
      { class: "field-label", on: { click: () => target?.focus?.() } },
      textObject(block.label),
      block.optional ? h("span", { class: "optional" }, " (optional)") : null,
    ),
    control,
    error,
    hint,
  );
  target?.setAttribute("aria-describedby", hint ? `${errorId} ${hintId}` : errorId);
  if (!block.optional) target?.setAttribute("aria-required", "true");
  surface.errorSlots.set(id, (text) => {
    error.hidden = !text;
    error.textContent = text ?? "";
    node.classList.toggle("invalid", Boolean(text));
    if (text) target?.setAttribute("aria-invalid", "true");
    else target?.removeAttribute("aria-invalid");
  });
  return node;
}
