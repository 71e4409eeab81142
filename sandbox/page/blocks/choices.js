// Radio buttons and checkboxes: the browser's own, so that the keyboard works as people expect.

import { h, uid } from "../dom.js";
import { textObject } from "../words/mrkdwn.js";
import { frame } from "./control.js";

const same = (one, other) => Boolean(one && other) && one.value === other.value;

function choice(kind, name, option, checked, onChange, labelId) {
  const input = h("input", { type: kind, name, on: { change: onChange } });
  input.checked = checked;
  const hint = option.description ? uid("hint") : null;
  if (hint) input.setAttribute("aria-describedby", hint);
  if (labelId) input.dataset.value = option.value;
  return h(
    "label",
    { class: "choice" },
    input,
    h(
      "span",
      { class: "choice-text" },
      h("span", null, textObject(option.text)),
      hint ? h("span", { class: "choice-hint", id: hint }, textObject(option.description)) : null,
    ),
  );
}

/** The box that is focused when a view opens at this element. */
function startAt(element, boxes) {
  if (!element.focus_on_load) return;
  const inputs = boxes.map((box) => box.querySelector("input"));
  (inputs.find((input) => input.checked) ?? inputs[0]).dataset.focus = "1";
}

export function radioButtons(hands) {
  const { element } = hands;
  const name = uid("radio");
  const boxes = element.options.map((option) =>
    choice(
      "radio",
      name,
      option,
      same(option, hands.held),
      async () => {
        if (!(await hands.change(option))) restore();
      },
      true,
    ),
  );
  const restore = () =>
    boxes.forEach((box, index) => {
      box.querySelector("input").checked = same(element.options[index], hands.held);
    });
  startAt(element, boxes);
  return frame(
    hands,
    h("span", { class: "choices", role: "radiogroup", "aria-label": hands.label }, boxes),
    "wide",
  );
}

export function checkboxes(hands) {
  const { element } = hands;
  const isHeld = (option) => (hands.held ?? []).some((other) => same(option, other));
  const boxes = element.options.map((option) =>
    choice(
      "checkbox",
      null,
      option,
      isHeld(option),
      async () => {
        const chosen = element.options.filter((_, index) => boxes[index].querySelector("input").checked);
        if (!(await hands.change(chosen))) restore();
      },
      true,
    ),
  );
  const restore = () =>
    boxes.forEach((box, index) => {
      box.querySelector("input").checked = isHeld(element.options[index]);
    });
  startAt(element, boxes);
  return frame(
    hands,
    h("span", { class: "choices", role: "group", "aria-label": hands.label }, boxes),
    "wide",
  );
}
