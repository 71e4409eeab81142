// A surface is one place that shows blocks: a message, a modal or the Home tab. It holds what was
// typed or chosen there (Slack's `state.values`), carries presses to the app, and remembers which
// control failed, so that drawing the same place again loses none of it.

import { post } from "../api.js";
import { confirmDialog } from "../dialog.js";
import { drafts } from "../keep.js";
import { store } from "../store.js";
import { initialValue, isStateful } from "./values.js";

const slot = (blockId, actionId) => `${blockId}\u0000${actionId}`;

/** Every element of a block that can hold state or be pressed. */
function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  if (["actions", "context_actions"].includes(block.type)) return block.elements ?? [];
  return [];
}

/** Blocks including those inside containers, each with its id. */
export function* allBlocks(blocks, prefix = "") {
  for (const [index, block] of (blocks ?? []).entries()) {
    const id = block.block_id ?? `${prefix}b${index}`;
    yield [id, block];
    if (Array.isArray(block.child_blocks)) yield* allBlocks(block.child_blocks, `${id}.`);
  }
}

export class Surface {
  /** `container` is what the server wants to know about the place; `draft` a storage key for typed text. */
  constructor(container, { draft = null } = {}) {
    this.container = container;
    this.draft = draft;
    this.values = {};
    this.kinds = new Map();
    this.cache = new Map(); // block id -> {json, node}
    this.controls = new Map(); // slot -> control node
    this.failures = new Map(); // slot -> text
    this.errorSlots = new Map(); // block id -> function that shows or clears a field's error
    this.onSubmit = null;
    if (draft) this.restore();
  }

  restore() {
    const kept = JSON.parse(drafts.get(this.draft) ?? "null");
    if (!kept) return;
    this.values = kept.values;
    this.kinds = new Map(kept.kinds);
  }

  keep() {
    if (this.draft) drafts.set(this.draft, JSON.stringify({ values: this.values, kinds: [...this.kinds] }));
  }

  forget() {
    if (this.draft) drafts.drop(this.draft);
  }

  /**
   * Bring the values in line with `blocks`: an element that kept its block_id, action_id and type keeps
   * what was typed, a new one starts with its initial value, a vanished one is forgotten.
   */
  adopt(blocks, known = {}) {
    const values = {},
      kinds = new Map();
    for (const [id, block] of allBlocks(blocks)) {
      for (const element of elementsOf(block)) {
        if (!element || !isStateful(element)) continue;
        const key = slot(id, element.action_id);
        const kept = this.kinds.get(key) === element.type ? this.values[id]?.[element.action_id] : undefined;
        const value = kept ?? known[id]?.[element.action_id] ?? initialValue(element);
        (values[id] ??= {})[element.action_id] = value;
        kinds.set(key, element.type);
      }
    }
    this.values = values;
    this.kinds = kinds;
  }

  value(blockId, actionId) {
    return this.values[blockId]?.[actionId];
  }

  setValue(blockId, actionId, value) {
    (this.values[blockId] ??= {})[actionId] = value;
    this.kinds.set(slot(blockId, actionId), value.type);
    this.errorSlots.get(blockId)?.(null);
    this.keep();
  }

  state() {
    return { values: structuredClone(this.values) };
  }

  /** Press something: ask for confirmation when the element wants it, tell the app, mark a failure. */
  async press(blockId, element, detail) {
    if (element.confirm && !(await confirmDialog(element.confirm))) return { ok: false, error: "cancelled" };
    this.fail(blockId, element.action_id, null);
    const outcome = await post("/page/action", {
      as: store.as,
      container: this.container,
      block_id: blockId,
      action_id: element.action_id,
      element: { type: element.type, ...detail },
      state: this.state(),
    });
    if (!outcome.ok) this.fail(blockId, element.action_id, outcome.text || outcome.error || "No answer");
    return outcome;
  }

  suggest(blockId, actionId, value) {
    return post("/page/suggest", {
      as: store.as,
      container: this.container,
      block_id: blockId,
      action_id: actionId,
      value,
    });
  }

  register(blockId, actionId, node) {
    const key = slot(blockId, actionId);
    this.controls.set(key, node);
    if (this.failures.has(key)) node.showFailure(this.failures.get(key));
  }

  fail(blockId, actionId, text) {
    const key = slot(blockId, actionId);
    if (text) this.failures.set(key, text);
    else this.failures.delete(key);
    this.controls.get(key)?.showFailure?.(text);
  }

  /** Show the app's (or our own) word under each named field; says which blocks had no field for it. */
  showErrors(errors) {
    for (const show of this.errorSlots.values()) show(null);
    const homeless = [];
    for (const [blockId, text] of Object.entries(errors)) {
      const show = this.errorSlots.get(blockId);
      if (show) show(text);
      else homeless.push(text);
    }
    return homeless;
  }

  /** Draw everything anew the next time, for when the reader's clock or zone changed. */
  stale() {
    this.cache.clear();
  }
}

const messageSurfaces = new Map();

/**
 * The surface of a message in one pane, for as long as the page lives. A thread's first message stands in
 * two panes at once, and a node can only be in one place.
 */
export function messageSurface(channelId, message, pane) {
  const key = `${store.as}:${channelId}:${message.ts}`;
  if (!messageSurfaces.has(key)) messageSurfaces.set(key, new Map());
  const panes = messageSurfaces.get(key);
  if (!panes.has(pane)) {
    panes.set(
      pane,
      new Surface({
        type: "message",
        channel: channelId,
        ts: message.ts,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
        ...(message.ephemeral ? { ephemeral: true } : {}),
      }),
    );
  }
  return panes.get(pane);
}

const viewSurfaces = new Map();

/** Remember a view's surface, so that news about it finds it. */
export function viewSurface(viewId, options) {
  const surface = new Surface({ type: "view", view_id: viewId }, options);
  viewSurfaces.set(viewId, surface);
  return surface;
}

/** The surfaces that a failure speaks of. */
export function knownSurfaces({ channel, ts, view_id: viewId }) {
  if (viewId) return viewSurfaces.has(viewId) ? [viewSurfaces.get(viewId)] : [];
  return [...(messageSurfaces.get(`${store.as}:${channel}:${ts}`)?.values() ?? [])];
}

/** Messages that are no longer in sight need no surfaces. */
export function forgetMessages(channelId, stamps) {
  for (const ts of stamps) messageSurfaces.delete(`${store.as}:${channelId}:${ts}`);
}

export function staleMessages() {
  for (const panes of messageSurfaces.values()) for (const surface of panes.values()) surface.stale();
}
