// What every interactive element shares: a frame with a place for the failure mark, and a small
// object through which the element reads, changes and sends its value.

import { h, icon } from "../dom.js";
import { textOnly } from "../words/mrkdwn.js";
import { makeValue, valueKey } from "./values.js";

// For controls that nobody gave a word.
const NAMES = {
  datepicker: "Date",
  timepicker: "Time",
  datetimepicker: "Date and time",
  checkboxes: "Choices",
};

/**
 * The hands of one element. `dispatch` says whether a change is told to the app at once: always outside
 * input blocks, inside them only with `dispatch_action`.
 */
export function handsOf(surface, blockId, element, { label = null, dispatch = true, optional = false } = {}) {
  return {
    surface,
    blockId,
    element,
    label: label || (element.placeholder ? textOnly(element.placeholder) : (NAMES[element.type] ?? "Choice")),
    dispatch,
    optional,
    key: `${blockId}/${element.action_id}`,
    get held() {
      return surface.value(blockId, element.action_id)?.[valueKey(element.type)] ?? null;
    },
    keep(value) {
      surface.setValue(blockId, element.action_id, makeValue(element, value));
    },
    /** Change the value and, where that is wanted, tell the app. Answers false when the person took it back. */
    async change(value, detail = null) {
      const before = this.held;
      this.keep(value);
      if (!dispatch) return true;
      const outcome = await surface.press(blockId, element, detail ?? makeValue(element, value));
      if (outcome.error !== "cancelled") return true;
      this.keep(before);
      return false;
    },
    press(detail) {
      return surface.press(blockId, element, detail);
    },
  };
}

/** A control with its failure mark beside it, the way Slack shows a press that nobody answered. */
export function frame(hands, node, className = "") {
  const mark = h("span", { class: "failure", hidden: true });
  const holder = h("span", { class: `control ${className}`, data: { key: hands.key } }, node, mark);
  holder.showFailure = (text) => {
    mark.hidden = !text;
    mark.replaceChildren();
    if (!text) return;
    mark.append(icon("warn"), h("span", { class: "failure-text", role: "alert" }, friendly(text)));
    mark.title = text;
  };
  hands.surface.register(hands.blockId, hands.element.action_id, holder);
  return holder;
}

const WORDS = {
  operation_timeout: "The app did not answer in time. Try again.",
  dispatch_failed: "The app could not be reached. Try again.",
};

const friendly = (text) => WORDS[text] ?? text;
