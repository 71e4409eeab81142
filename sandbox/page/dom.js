// Building DOM nodes. Data only ever arrives here as text or attribute values, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. `props` may hold `class`, `on: {event: handler}`, `data: {…}` and attributes;
 * null, undefined and false leave an attribute out, true writes it empty.
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (name === "style") {
      for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(node, children);
  return node;
}

/** Append strings, nodes and (nested) lists of them, skipping what is empty. */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child);
  }
  return parent;
}

export const byId = (id) => document.getElementById(id);

/**
 * Make `nodes` the children of `parent` while moving as little as possible: a node that stays
 * where it is keeps its focus, caret and scroll position.
 */
export function sync(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const current = parent.childNodes[index];
    if (current !== node) parent.insertBefore(node, current ?? null);
  });
}

// Stroke icons on a 20 × 20 grid.
const ICONS = {
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  up: "M5 12l5-5 5 5",
  next: "M8 4l6 6-6 6",
  thread: "M3 4h14v9H9l-4 4v-4H3z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  warn: "M10 3 2 17h16zM10 8v4M10 14.5h.01",
  search: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3M13.5 13.5 17 17",
  send: "M3 10 17 3l-4 14-3-6z",
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  menu: "M3 5h14M3 10h14M3 15h14",
  check: "M4 10.5 8 15l8-10",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  file: "M5 2h7l4 4v12H5zM12 2v4h4",
  play: "M6 4l10 6-10 6z",
  info: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 9v5M10 6h.01",
  link: "M8 12l4-4M9 5l2-2a4 4 0 0 1 6 6l-2 2M11 15l-2 2a4 4 0 0 1-6-6l2-2",
  plus: "M10 4v12M4 10h12",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 6v4l3 2",
};

/** A decorative icon; the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? ICONS.info);
  svg.append(path);
  return svg;
}

let counter = 0;
/** An id that is unique on this page, for aria wiring. */
export const uid = (prefix = "x") => `${prefix}-${(counter += 1)}`;

/** Addresses a person may be sent to; anything else (javascript:, data:) is shown as text only. */
export function safeUrl(raw) {
  try {
    const url = new URL(String(raw)); // whole addresses only
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Images also come from data: addresses, which cannot run anything inside <img>. */
export function safeImage(raw) {
  return /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(String(raw)) ? String(raw) : safeUrl(raw);
}

/** Say something to screen readers without moving focus. */
export function announce(text) {
  byId("announcer").textContent = text;
}
