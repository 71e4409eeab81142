// The top bar: workspace name, search, the state of the connection, and the add-ons' slot.

import { get, post } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { notice } from "./notices.js";
import { setDrawer } from "./sidebar.js";
import { now, on, store } from "./store.js";
import { openJump } from "./switcher.js";

const slot = h("div", { class: "addons" });
const name = h("span", { class: "team" });
const state = h("span", { class: "link-state", role: "status" });
const loaded = new Set();

export function mountTopbar() {
  byId("topbar").append(
    h(
      "button",
      {
        type: "button",
        class: "tool menu-button",
        "aria-label": "Channels and people",
        "aria-controls": "sidebar",
        "aria-expanded": "false",
        on: { click: () => setDrawer(!document.body.classList.contains("drawer")) },
      },
      icon("menu"),
    ),
    name,
    h(
      "button",
      { type: "button", class: "search", "aria-keyshortcuts": "Control+K", on: { click: openJump } },
      icon("search"),
      h("span", null, "Find a channel or a person"),
      h("kbd", { "aria-hidden": "true" }, "Ctrl K"),
    ),
    state,
    slot,
  );
}

export function drawTopbar() {
  name.textContent = store.team.name ?? "";
  const text = !store.live ? "Reconnecting…" : store.connected ? "" : "No app is connected";
  if (state.textContent !== text) state.textContent = text;
  state.title = text && store.live ? "Commands and buttons fail until an app connects." : "";
  state.hidden = !text;
}

/**
 * Load the scripts that the host program adds. Each module exports `mount(slot, api)`; it gets an element of
 * its own and these few hands, and nothing else of the page.
 */
export async function loadAddons(addons) {
  for (const { script } of addons ?? []) {
    if (loaded.has(script)) continue;
    loaded.add(script);
    const own = h("div", { class: "addon" });
    slot.append(own);
    try {
      const module = await import(script);
      await module.mount(own, {
        get,
        post,
        notice,
        now: () => new Date(now()),
        person: () => store.me,
        onNow: (handler) => on("now", () => handler(new Date(now()))),
        onPerson: (handler) => on("state", () => handler(store.me)),
        onEvent: (handler) => on("event", handler),
      });
    } catch (error) {
      own.remove();
      notice(`An add-on did not start: ${error.message}`);
    }
  }
}
