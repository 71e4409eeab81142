// Fields that are typed into: plain text, email, address, number, rich text.

import { h } from "../dom.js";
import { textOnly } from "../words/mrkdwn.js";
import { frame } from "./control.js";

const TYPING_PAUSE = 350;

function wants(element, moment) {
  return (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(moment);
}

/** The wiring that all typed fields share. `read` turns the field's text into the value to keep. */
function typed(hands, field, read = (text) => text || null) {
  const { element } = hands;
  let timer = 0;
  const send = () => hands.press({ value: hands.held ?? "" });
  field.addEventListener("input", () => {
    hands.keep(read(field.value));
    if (!hands.dispatch || !wants(element, "on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey)
      return;
    if (hands.dispatch && wants(element, "on_enter_pressed")) {
      event.preventDefault();
      send();
    }
  });
  field.setAttribute("data-field", hands.key);
  if (element.focus_on_load) field.dataset.focus = "1";
  if (element.placeholder) field.placeholder = textOnly(element.placeholder);
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 420)}px`;
}

export function plainTextInput(hands) {
  const { element } = hands;
  const field = h(element.multiline ? "textarea" : "input", {
    class: "field",
    "aria-label": hands.label,
    ...(element.multiline ? { rows: 3 } : { type: "text", autocomplete: "off" }),
  });
  field.value = hands.held ?? "";
  typed(hands, field);
  if (element.multiline) {
    field.addEventListener("input", () => grow(field));
    requestAnimationFrame(() => field.isConnected && field.scrollHeight > field.clientHeight && grow(field));
  }
  const counter = element.max_length ? h("span", { class: "counter" }) : null;
  const count = () => {
    const left = element.max_length - [...field.value].length;
    counter.textContent = String(left);
    counter.title = `${left} of ${element.max_length} characters left`;
    counter.classList.toggle("over", left < 0);
  };
  if (counter) {
    field.addEventListener("input", count);
    count();
  }
  return frame(hands, h("span", { class: "field-frame" }, field, counter), "wide");
}

function simple(type, extra = {}) {
  return (hands) => {
    const field = h("input", {
      class: "field",
      type: "text",
      autocomplete: "off",
      "aria-label": hands.label,
      ...extra,
    });
    field.value = hands.held ?? "";
    field.dataset.kind = type;
    typed(hands, field, (text) => text.trim() || null);
    return frame(hands, field, "wide");
  };
}

// Checked by us, in our words: the browser's own types would refuse silently or change what was typed.
export const emailInput = simple("email", { inputmode: "email" });
export const urlInput = simple("url", { inputmode: "url" });
export const numberInput = simple("number", { inputmode: "decimal" });

const paragraphOf = (text) => ({
  type: "rich_text",
  elements: text.split("\n").map((line) => ({
    type: "rich_text_section",
    elements: line ? [{ type: "text", text: line }] : [],
  })),
});

function textOf(rich) {
  const walk = (node) => node.text ?? (node.elements ?? []).map(walk).join("");
  return (rich?.elements ?? []).map(walk).join("\n");
}

/** Rich text is typed here as plain lines; the app receives it in its rich text form. */
export function richTextInput(hands) {
  const field = h("textarea", {
    class: "field",
    rows: hands.element.min_lines ?? 4,
    "aria-label": hands.label,
  });
  field.value = textOf(hands.held);
  typed(hands, field, (text) => (text ? paragraphOf(text) : null));
  field.addEventListener("input", () => grow(field));
  return frame(hands, field, "wide");
}
