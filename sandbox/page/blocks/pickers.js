// Date, time and date-with-time pickers (the browser's own), and the file field.

import { upload } from "../api.js";
import { h, icon } from "../dom.js";
import { now, store, zone } from "../store.js";
import { fromWall, toWall, zoneName } from "../words/dates.js";
import { frame } from "./control.js";

/**
 * Native pickers report every half-typed keystroke as a change. The value is kept at once; the app hears of
 * it when the field is left or has been at rest.
 */
function settle(hands, field, read) {
  let told = field.value,
    timer = 0;
  const tell = async () => {
    clearTimeout(timer);
    if (!hands.dispatch || field.value === told) return;
    const before = told;
    told = field.value;
    if (!(await hands.change(read(field.value)))) field.value = told = before;
  };
  field.addEventListener("input", () => {
    if (!hands.dispatch) {
      hands.keep(read(field.value));
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(tell, 600);
  });
  field.addEventListener("change", tell);
  field.setAttribute("data-field", hands.key);
  if (hands.element.focus_on_load) field.dataset.focus = "1";
}

export function datepicker(hands) {
  const field = h("input", { class: "field picker", type: "date", "aria-label": hands.label });
  field.value = hands.held ?? "";
  settle(hands, field, (text) => text || null);
  return frame(hands, field);
}

export function timepicker(hands) {
  const field = h("input", { class: "field picker", type: "time", "aria-label": hands.label });
  field.value = hands.held ?? "";
  settle(hands, field, (text) => text || null);
  const { timezone } = hands.element;
  const note = timezone
    ? h("span", { class: "picker-zone", title: timezone }, zoneName(now(), timezone))
    : null;
  return frame(hands, h("span", { class: "picker-row" }, field, note));
}

export function datetimepicker(hands) {
  const field = h("input", { class: "field picker", type: "datetime-local", "aria-label": hands.label });
  field.value = hands.held ? toWall(Number(hands.held), zone()) : "";
  settle(hands, field, (text) => (text ? fromWall(text, zone()) : null));
  return frame(
    hands,
    h(
      "span",
      { class: "picker-row" },
      field,
      h("span", { class: "picker-zone", title: zone() }, zoneName(now(), zone())),
    ),
  );
}

const TEN_MEGABYTES = 10 * 1024 * 1024;

export function fileInput(hands) {
  const { element } = hands;
  const most = element.max_files ?? 10;
  const problem = h("span", { class: "field-note error", role: "alert" });
  const list = h("ul", { class: "chosen-files" });
  const picker = h("input", {
    type: "file",
    class: "unseen",
    "aria-label": hands.label,
    multiple: most > 1,
    accept: element.filetypes?.length ? element.filetypes.map((type) => `.${type}`).join(",") : null,
    data: { field: hands.key },
  });
  const draw = () =>
    list.replaceChildren(
      ...(hands.held ?? []).map((file) =>
        h(
          "li",
          null,
          icon("file"),
          h("span", null, file.name ?? file.id),
          h(
            "button",
            {
              type: "button",
              class: "button quiet icon-only",
              "aria-label": `Remove ${file.name ?? "file"}`,
              on: {
                click: () => {
                  hands.keep(hands.held.filter((other) => other !== file));
                  draw();
                },
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
  picker.addEventListener("change", async () => {
    problem.textContent = "";
    for (const file of picker.files) {
      if (file.size > TEN_MEGABYTES) {
        problem.textContent = `${file.name} is larger than 10 MB.`;
        continue;
      }
      if ((hands.held ?? []).length >= most) {
        problem.textContent = `Choose at most ${most}.`;
        break;
      }
      const outcome = await upload(store.as, file);
      if (!outcome.ok) {
        problem.textContent = outcome.text || `${file.name} could not be uploaded.`;
        continue;
      }
      hands.keep([...(hands.held ?? []), outcome.file]);
    }
    picker.value = "";
    draw();
  });
  draw();
  return frame(
    hands,
    h(
      "span",
      { class: "file-field" },
      h("label", { class: "button plain" }, icon("file"), "Choose a file", picker),
      list,
      problem,
    ),
    "wide",
  );
}
