// The one list box behind every select: typing filters, arrows move, Enter takes, Escape closes.
// An option is {key, text, hint, raw}; options come in groups [{label, options}].

import { h, icon, uid } from "../dom.js";
import { place } from "../popover.js";

/**
 * `load(query)` answers groups (or throws an Error to show). `chosen()` answers the options now held,
 * `take(options)` is told what they should be. With `multi` several may be held, up to `max`.
 */
export function combobox({
  label,
  placeholder,
  load,
  chosen,
  take,
  multi = false,
  max = Infinity,
  clearable = false,
  pause = 0,
  key,
}) {
  const listId = uid("list");
  const input = h("input", {
    class: "combo-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    placeholder,
    data: key ? { field: key } : {},
  });
  const chips = h("span", { class: "chips" });
  const clear = h(
    "button",
    {
      type: "button",
      class: "combo-clear",
      "aria-label": `Clear ${label}`,
      tabindex: "-1",
      on: {
        click: () => {
          take([]);
          draw();
          input.focus();
        },
      },
    },
    icon("close"),
  );
  const box = h("span", { class: multi ? "combo multi" : "combo" }, chips, input, clear, icon("down"));
  const list = h("div", {
    class: "popover listbox",
    id: listId,
    role: "listbox",
    "aria-label": label,
    "aria-multiselectable": multi ? "true" : null,
  });
  let options = [],
    active = -1,
    unplace = null,
    timer = 0,
    round = 0;

  const isOpen = () => unplace !== null;

  function draw() {
    const held = chosen();
    clear.hidden = multi || !clearable || held.length === 0;
    if (multi) {
      chips.replaceChildren(
        ...held.map((option) =>
          h(
            "span",
            { class: "chip" },
            option.text,
            h(
              "button",
              {
                type: "button",
                "aria-label": `Remove ${option.text}`,
                on: {
                  click: () => {
                    take(chosen().filter((other) => other.key !== option.key));
                    draw();
                    input.focus();
                  },
                },
              },
              icon("close"),
            ),
          ),
        ),
      );
      input.placeholder = held.length ? "" : (placeholder ?? "");
    } else if (!isOpen()) {
      input.value = held[0]?.text ?? "";
    }
  }

  function highlight(index) {
    active = index;
    options.forEach(({ node }, at) => node.classList.toggle("active", at === index));
    const node = options[index]?.node;
    input.setAttribute("aria-activedescendant", node?.id ?? "");
    node?.scrollIntoView({ block: "nearest" });
  }

  const message = (text) => h("div", { class: "listbox-note" }, text);

  function fill(groups) {
    options = [];
    const held = new Set(chosen().map((option) => option.key));
    const rows = [];
    for (const group of groups) {
      const drawn = group.options.map((option) => {
        const index = options.length;
        const node = h(
          "div",
          {
            class: "option",
            role: "option",
            id: uid("option"),
            "aria-selected": String(held.has(option.key)),
            on: {
              // Keep the focus in the input: blur would close the list before the click lands.
              mousedown: (event) => event.preventDefault(),
              click: () => pick(index),
              mousemove: () => active !== index && highlight(index),
            },
          },
          h(
            "span",
            { class: "option-text" },
            option.text,
            option.hint ? h("span", { class: "option-hint" }, option.hint) : null,
          ),
          held.has(option.key) ? icon("check") : null,
        );
        options.push({ option, node });
        return node;
      });
      if (!drawn.length) continue;
      rows.push(
        group.label
          ? h(
              "div",
              { role: "group", "aria-label": group.label },
              h("div", { class: "group-label" }, group.label),
              drawn,
            )
          : drawn,
      );
    }
    list.replaceChildren(...(options.length ? rows.flat() : [message("Nothing found")]));
    const start = options.findIndex(({ option }) => held.has(option.key));
    highlight(options.length ? Math.max(start, 0) : -1);
  }

  async function refresh(query) {
    const mine = (round += 1);
    try {
      const answer = load(query);
      if (answer instanceof Promise) list.replaceChildren(message("Loading…"));
      const groups = await answer;
      if (mine === round && isOpen()) fill(groups);
    } catch (error) {
      if (mine === round && isOpen()) {
        options = [];
        list.replaceChildren(message(error.message));
      }
    }
  }

  function open() {
    if (isOpen()) return;
    unplace = place(list, box, { width: true });
    input.setAttribute("aria-expanded", "true");
    if (!multi) input.select();
    refresh("");
  }

  function close() {
    if (!isOpen()) return;
    unplace();
    unplace = null;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    if (multi) input.value = "";
    draw();
  }

  async function pick(index) {
    const option = options[index]?.option;
    if (!option) return;
    const held = chosen();
    if (!multi) {
      close();
      await take([option]);
    } else {
      const without = held.filter((other) => other.key !== option.key);
      if (without.length === held.length && held.length >= max) return;
      input.value = "";
      await take(without.length < held.length ? without : [...held, option]);
      if (isOpen()) refresh("");
    }
    draw();
  }

  input.addEventListener("focus", () => !multi && input.select());
  input.addEventListener("click", open);
  input.addEventListener("blur", close);
  input.addEventListener("input", () => {
    open();
    clearTimeout(timer);
    if (pause) timer = setTimeout(() => refresh(input.value.trim()), pause);
    else refresh(input.value.trim());
  });
  box.addEventListener("mousedown", (event) => {
    if (event.target.closest("button") || event.target === input) return;
    event.preventDefault();
    input.focus();
    if (isOpen()) close();
    else open();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) {
        open();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (options.length) highlight((active + step + options.length) % options.length);
    } else if (event.key === "Enter" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      pick(active);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key === "Backspace" && multi && !input.value && chosen().length) {
      take(chosen().slice(0, -1));
      draw();
    }
  });
  draw();
  return { node: box, input, redraw: draw };
}
