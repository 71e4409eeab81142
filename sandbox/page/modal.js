// The stack of modals. One <dialog> shows the top view; those under it keep their surfaces, so that
// coming back finds everything as it was left.

import { get, post } from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { allBlocks, viewSurface } from "./blocks/surface.js";
import { complaint } from "./blocks/values.js";
import { guard } from "./dialog.js";
import { h, icon, sync } from "./dom.js";
import { drafts } from "./keep.js";
import { emit, loadState, store } from "./store.js";
import { plain, textObject } from "./words/mrkdwn.js";

const TROUBLE = "We had some trouble connecting. Try again?";

class OpenView {
  constructor(view) {
    this.surface = viewSurface(view.id, { draft: `view:${store.as}:${view.id}` });
    this.body = h("div", { class: "modal-body blocks" });
    this.bar = h("div", { class: "modal-trouble", role: "alert", hidden: true });
    this.scroll = 0;
    this.update(view);
  }

  update(view) {
    this.view = view;
    sync(this.body, renderBlocks(view.blocks, this.surface, view.state?.values));
    this.surface.keep();
  }

  trouble(text) {
    this.bar.hidden = !text;
    this.bar.textContent = text ?? "";
  }
}

export class Modals {
  constructor() {
    this.open = new Map(); // view id -> OpenView
    this.stack = [];
    this.title = h("h2", { id: "modal-title" });
    this.cross = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": "Close all",
        title: "Close",
        on: { click: () => this.dismiss(true) },
      },
      icon("close"),
    );
    this.back = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": "Back",
        title: "Back",
        on: { click: () => this.dismiss(false) },
      },
      icon("back"),
    );
    this.closeButton = h("button", {
      type: "button",
      class: "button plain",
      on: { click: () => this.dismiss(false) },
    });
    this.submitButton = h("button", { type: "submit", class: "button primary" });
    this.middle = h("div", { class: "modal-middle" });
    this.form = h(
      "form",
      {
        novalidate: true,
        class: "modal-form",
        on: {
          submit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
      },
      h("div", { class: "modal-head" }, this.back, this.title, this.cross),
      this.middle,
      h("div", { class: "dialog-foot" }, this.closeButton, this.submitButton),
    );
    this.dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" }, this.form);
    guard(this.dialog, () => this.dismiss(false));
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !this.submitButton.hidden)
        this.submit();
    });
    document.body.append(this.dialog);
  }

  get top() {
    return this.stack.at(-1) ?? null;
  }

  /** Take over the person's whole stack, as the workspace has it now. */
  show(views) {
    const before = this.top;
    const stack = views.map((view) => {
      const known = this.open.get(view.id);
      if (!known) {
        const fresh = new OpenView(view);
        this.open.set(view.id, fresh);
        return fresh;
      }
      if (JSON.stringify(known.view) !== JSON.stringify(view)) this.refresh(known, view);
      return known;
    });
    for (const [id, one] of this.open) {
      if (stack.includes(one)) continue;
      // Acting as somebody else hides a form but does not close it: what stands in it stays.
      if (store.ready) one.surface.forget();
      this.open.delete(id);
    }
    this.stack = stack;
    this.forgetOld();
    if (!this.top) {
      this.hide();
      return;
    }
    this.draw();
    if (this.top !== before) this.arrive();
  }

  /** Drop the drafts of views that were closed elsewhere. */
  forgetOld() {
    if (!store.ready) return;
    const mine = `view:${store.as}:`;
    for (const key of drafts.keys()) {
      if (key.startsWith(mine) && !this.open.has(key.slice(mine.length))) drafts.drop(key);
    }
  }

  /** Redraw a changed view and put focus and caret back where they were. */
  refresh(known, view) {
    const active = document.activeElement;
    const field = known.body.contains(active) ? active : null;
    const key = field?.dataset.field ?? null;
    const holder = field?.closest("[data-key]")?.dataset.key ?? null;
    const caret =
      key && field.selectionStart !== null && /^(text|textarea)$/.test(field.type)
        ? [field.selectionStart, field.selectionEnd]
        : null;
    known.update(view);
    known.trouble(null);
    if (!field || known.body.contains(document.activeElement)) return;
    const again =
      (key && known.body.querySelector(`[data-field="${CSS.escape(key)}"]`)) ||
      (holder && known.body.querySelector(`[data-key="${CSS.escape(holder)}"] :is(button, input, textarea)`));
    again?.focus();
    if (again && caret) again.setSelectionRange(...caret);
  }

  draw() {
    const { view, body, bar } = this.top;
    this.title.replaceChildren(textObject(view.title));
    this.submitButton.hidden = !view.submit && !view.blocks.some((block) => block.type === "input");
    if (!this.submitButton.hasAttribute("aria-busy")) {
      this.submitButton.replaceChildren(view.submit ? textObject(view.submit) : plain("Submit"));
    }
    this.closeButton.replaceChildren(
      view.close ? textObject(view.close) : plain(this.submitButton.hidden ? "Close" : "Cancel"),
    );
    this.back.hidden = this.stack.length < 2;
    this.cross.setAttribute("aria-label", this.stack.length > 1 ? "Close all" : "Close");
    sync(this.middle, [bar, body]);
    if (!this.dialog.open) {
      this.dialog.showModal();
      document.body.classList.add("with-modal");
    }
  }

  /** A view has just come to the top: start at its first field. */
  arrive() {
    this.busy(false);
    const { body } = this.top;
    body.scrollTop = 0;
    const first =
      body.querySelector("[data-focus]") ??
      body.querySelector("input:not([type=file]):not([disabled]), textarea:not([disabled])");
    const checked = first?.type === "radio" && body.querySelector(`[name="${first.name}"]:checked`);
    (checked || (first ?? (this.submitButton.hidden ? this.closeButton : this.submitButton))).focus();
    if (first && !body.querySelector("[data-focus]")) body.scrollTop = 0;
  }

  hide() {
    this.busy(false);
    if (this.dialog.open) this.dialog.close();
    document.body.classList.remove("with-modal");
    sync(this.middle, []);
  }

  busy(on) {
    this.sending = on;
    if (on) this.submitButton.setAttribute("aria-busy", "true");
    else this.submitButton.removeAttribute("aria-busy");
  }

  async dismiss(all) {
    const view = this.top?.view;
    if (!view) return;
    const outcome = await post("/page/close", {
      as: store.as,
      view_id: view.id,
      ...(all ? { is_cleared: true } : {}),
    });
    if (!outcome.ok) {
      this.top?.trouble(outcome.text || TROUBLE);
      return;
    }
    await this.catchUp();
  }

  /** What Slack checks before it asks the app at all. */
  localErrors({ view, surface }) {
    const errors = {};
    for (const [id, block] of allBlocks(view.blocks)) {
      if (block.type !== "input") continue;
      const text = complaint(block, surface.value(id, block.element.action_id));
      if (text) errors[id] = text;
    }
    return errors;
  }

  async submit() {
    const top = this.top;
    if (!top || this.sending) return;
    top.trouble(null);
    const errors = this.localErrors(top);
    top.surface.showErrors(errors);
    if (Object.keys(errors).length) {
      this.toError(top);
      return;
    }
    this.busy(true);
    const outcome = await post("/page/submit", {
      as: store.as,
      view_id: top.view.id,
      state: top.surface.state(),
    });
    this.busy(false);
    if (outcome.ok) {
      await this.catchUp();
    } else if (outcome.errors) {
      const homeless = top.surface.showErrors(outcome.errors);
      top.trouble(homeless.length ? homeless.join(" ") : null);
      this.toError(top);
    } else {
      top.trouble(outcome.text || TROUBLE);
    }
  }

  toError(top) {
    const field = top.body.querySelector(".invalid [aria-invalid], .invalid input, .invalid textarea");
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  }

  /** The new stack comes over the live socket; without one, ask for it. */
  async catchUp() {
    if (store.live) return;
    const state = await get("/page/state", { as: store.as });
    if (!state.views) return;
    loadState(state);
    emit("state");
  }
}
