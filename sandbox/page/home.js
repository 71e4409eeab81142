// The app's Home tab.

import { get } from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { viewSurface } from "./blocks/surface.js";
import { h, sync } from "./dom.js";
import { store } from "./store.js";

export class Home {
  constructor() {
    this.body = h("div", { class: "blocks home-blocks" });
    this.node = h("div", { class: "scroller home", tabindex: "-1" }, this.body);
    this.surface = null;
    this.shown = null;
  }

  /** Opening the tab tells the app, each time, as Slack does. */
  async show() {
    if (this.shown === store.as || !store.ready) {
      this.draw();
      return;
    }
    this.shown = store.as;
    const { as, home } = store;
    const answer = await get("/page/home", { as });
    if (as !== store.as) return;
    // The app may publish while we ask; what came live in the meantime is newer than this answer.
    if (answer.view !== undefined && store.home === home) store.home = answer.view;
    this.draw();
  }

  left() {
    this.shown = null;
  }

  stale() {
    this.surface?.stale();
  }

  draw() {
    const view = store.home;
    if (!view) {
      sync(this.body, [
        h(
          "p",
          { class: "empty" },
          view === null
            ? `${store.app.name || "The app"} has not published a Home tab for you yet.`
            : "Loading…",
        ),
      ]);
      return;
    }
    if (this.surface?.container.view_id !== view.id || this.as !== store.as) {
      this.as = store.as;
      this.surface = viewSurface(view.id);
    }
    sync(this.body, renderBlocks(view.blocks, this.surface, view.state?.values));
  }
}
