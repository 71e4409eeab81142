// Buttons, icon and feedback buttons, and the overflow menu.

import { h, icon, safeUrl } from "../dom.js";
import { isAddress, link } from "../links.js";
import { openMenu } from "../menu.js";
import { emoji } from "../words/emoji.js";
import { plain, textObject, textOnly } from "../words/mrkdwn.js";
import { frame, handsOf } from "./control.js";

/** While the app has not answered the press shows it; a second press meanwhile is not sent. */
async function busy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

const styleOf = (element) => (["primary", "danger"].includes(element.style) ? element.style : "plain");

export function button(surface, blockId, element) {
  const hands = handsOf(surface, blockId, element, { label: textOnly(element.text) });
  const detail = { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  const face = h("span", { class: "button-text" }, textObject(element.text));
  const looks = { class: `button ${styleOf(element)}`, "aria-label": element.accessibility_label };
  const node =
    element.url && isAddress(element.url)
      ? link(element.url, [face, icon("link")], looks)
      : h("button", { ...looks, type: "button" }, face);
  node.dataset.action = element.action_id ?? "";
  // A button with an address goes there and tells the app, both.
  node.addEventListener("click", () => busy(node, () => hands.press(detail)));
  return frame(hands, node);
}

export function workflowButton(surface, blockId, element) {
  const hands = handsOf(surface, blockId, element, { label: textOnly(element.text) });
  const node = h(
    "button",
    {
      class: `button ${styleOf(element)}`,
      type: "button",
      disabled: true,
      title: "Workflows do not run here",
      "aria-label": element.accessibility_label,
    },
    textObject(element.text),
  );
  return frame(hands, node);
}

export function iconButton(surface, blockId, element) {
  const hands = handsOf(surface, blockId, element, { label: textOnly(element.text) });
  const name = element.accessibility_label || textOnly(element.text);
  const node = h(
    "button",
    {
      class: "button quiet icon-only",
      type: "button",
      "aria-label": name,
      title: name,
      data: { action: element.action_id ?? "" },
      on: {
        click: () =>
          busy(node, () => hands.press(element.value === undefined ? {} : { value: element.value })),
      },
    },
    element.icon === "trash" ? plain(emoji("wastebasket")) : element.icon,
  );
  return frame(hands, node);
}

export function feedbackButtons(surface, blockId, element) {
  const hands = handsOf(surface, blockId, element, { label: "Feedback" });
  const one = (choice, sign) => {
    const name = choice.accessibility_label || textOnly(choice.text);
    const node = h(
      "button",
      {
        class: "button quiet",
        type: "button",
        "aria-label": name,
        title: name,
        "aria-pressed": "false",
        on: {
          click: () =>
            busy(node, async () => {
              for (const other of group.querySelectorAll("button"))
                other.setAttribute("aria-pressed", String(other === node));
              await hands.press({ value: choice.value, text: choice.text });
            }),
        },
      },
      sign,
      " ",
      h("span", { class: "button-text" }, textObject(choice.text)),
    );
    return node;
  };
  const group = h(
    "span",
    { class: "feedback", role: "group", "aria-label": "Feedback" },
    one(element.positive_button, "👍"),
    one(element.negative_button, "👎"),
  );
  return frame(hands, group);
}

export function overflow(surface, blockId, element) {
  const hands = handsOf(surface, blockId, element, { label: "More actions" });
  const node = h(
    "button",
    {
      class: "button quiet icon-only",
      type: "button",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      data: { action: element.action_id ?? "" },
      on: {
        click: () =>
          openMenu(
            node,
            element.options.map((option) => ({
              label: textObject(option.text),
              hint: option.description ? textOnly(option.description) : null,
              run: () => {
                const href = option.url ? safeUrl(option.url) : null;
                if (href) window.open(href, "_blank", "noopener");
                return busy(node, () => hands.press({ selected_option: option }));
              },
            })),
          ),
      },
    },
    icon("more"),
  );
  return frame(hands, node);
}
