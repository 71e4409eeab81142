// One element of a block, by its type.

import { h, safeImage } from "../dom.js";
import { plain } from "../words/mrkdwn.js";
import { button, feedbackButtons, iconButton, overflow, workflowButton } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { handsOf } from "./control.js";
import { emailInput, numberInput, plainTextInput, richTextInput, urlInput } from "./inputs.js";
import { datepicker, datetimepicker, fileInput, timepicker } from "./pickers.js";
import { select } from "./selects.js";

const PRESSED = {
  button,
  overflow,
  workflow_button: workflowButton,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
};

const HELD = {
  plain_text_input: plainTextInput,
  email_text_input: emailInput,
  url_text_input: urlInput,
  number_input: numberInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
  radio_buttons: radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  static_select: select,
  external_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_channels_select: select,
  multi_conversations_select: select,
};

/** An <img> that says its alternative text when the picture does not come. */
export function picture(element, className) {
  const file = element.slack_file;
  const source =
    element.image_url ??
    file?.url ??
    (file?.id ? `${location.origin}/files/${encodeURIComponent(file.id)}/picture` : null);
  const missing = () =>
    h(
      "span",
      { class: `${className} missing`, title: element.alt_text ?? "" },
      plain(element.alt_text || "Image"),
    );
  const address = source ? safeImage(source) : null;
  if (!address) return missing();
  const image = h("img", {
    class: className,
    src: address,
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  image.addEventListener("error", () => image.replaceWith(missing()));
  return image;
}

export function elementNode(surface, blockId, element, options = {}) {
  if (element.type === "image") return picture(element, "element-image");
  if (Object.hasOwn(PRESSED, element.type)) return PRESSED[element.type](surface, blockId, element);
  if (Object.hasOwn(HELD, element.type))
    return HELD[element.type](handsOf(surface, blockId, element, options));
  return h(
    "span",
    { class: "unknown" },
    h(
      "span",
      { class: "unknown-name" },
      "No drawing for the element ",
      h("code", null, String(element.type)),
    ),
    h("pre", null, JSON.stringify(element, null, 2)),
  );
}
