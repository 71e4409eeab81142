// What each kind of element contributes to `state.values`, at first and once a person has touched it.

const SELECTED = {
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  radio_buttons: ["selected_option", "initial_option"],
  checkboxes: ["selected_options", "initial_options"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  file_input: ["files", "initial_files"],
};

export const isStateful = (element) => element.type in SELECTED;

/** The key under which this kind of element says what is chosen. */
export const valueKey = (type) => SELECTED[type][0];

const isList = (type) => type.startsWith("multi_") || type === "checkboxes" || type === "file_input";

export function initialValue(element) {
  const [key, initial] = SELECTED[element.type];
  const value = element[initial] ?? (isList(element.type) ? [] : null);
  const entry = { type: element.type, [key]: value };
  if (element.type === "timepicker" && element.timezone) entry.timezone = element.timezone;
  return entry;
}

export const makeValue = (element, value) => {
  const entry = { type: element.type, [valueKey(element.type)]: value };
  if (element.type === "timepicker" && element.timezone) entry.timezone = element.timezone;
  return entry;
};

function isEmpty(value) {
  if (!value) return true;
  const held = value[valueKey(value.type)];
  return (
    held === null ||
    held === undefined ||
    (typeof held === "string" && !held.trim()) ||
    (Array.isArray(held) && held.length === 0)
  );
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function webAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** What Slack itself would say about a field before it asks the app, or null. */
export function complaint(block, value) {
  const { element } = block;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  const text = value.value;
  switch (element.type) {
    case "plain_text_input": {
      const length = [...text].length;
      if (element.min_length && length < element.min_length) {
        return `Write at least ${element.min_length} characters (now ${length}).`;
      }
      if (element.max_length && length > element.max_length) {
        return `Write at most ${element.max_length} characters (now ${length}).`;
      }
      return null;
    }
    case "email_text_input":
      return EMAIL.test(text) ? null : "Please enter a valid email address.";
    case "url_text_input":
      return webAddress(text) ? null : "Please enter a valid URL, starting with https:// or http://.";
    case "number_input":
      return numberComplaint(element, text);
    default:
      return null;
  }
}

function numberComplaint(element, text) {
  const whole = /^-?\d+$/.test(text),
    number = Number(text);
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !whole) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Must be ${element.min_value} or more.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Must be ${element.max_value} or less.`;
  }
  return null;
}
