// Every select, single and multi: fixed options, options from the app, people, channels, conversations.

import { channelLabel, actors, partner } from "../people.js";
import { store } from "../store.js";
import { textOnly, userName } from "../words/mrkdwn.js";
import { combobox } from "./combobox.js";
import { frame } from "./control.js";

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filterGroups(groups, query) {
  if (!query) return groups;
  const wanted = fold(query);
  return groups.map((group) => ({
    ...group,
    options: group.options.filter((option) => fold(`${option.text} ${option.hint ?? ""}`).includes(wanted)),
  }));
}

const fromOption = (raw) => ({
  key: raw.value,
  text: textOnly(raw.text),
  hint: raw.description ? textOnly(raw.description) : null,
  raw,
});

const groupsOf = ({ options, option_groups: groups }) =>
  groups?.length
    ? groups.map((group) => ({ label: textOnly(group.label), options: group.options.map(fromOption) }))
    : [{ label: null, options: (options ?? []).map(fromOption) }];

const person = (id) => ({ key: id, text: userName(id), hint: store.users.get(id)?.title || null, raw: id });

const people = () => [{ label: null, options: actors().map((one) => person(one.id)) }];

function conversation(id) {
  const room = store.channels.get(id);
  if (!room) return { key: id, text: id, hint: null, raw: id };
  const sign = room.kind === "channel" || room.kind === "private" ? "#" : "";
  return {
    key: id,
    text: sign + channelLabel(room),
    hint: room.kind === "private" ? "Private" : null,
    raw: id,
  };
}

const KINDS = { channel: "public", private: "private", dm: "im", app_dm: "im", mpim: "mpim" };

function conversations(filter = {}) {
  const wanted = filter.include ?? ["public", "private", "im", "mpim"];
  const rooms = [...store.channels.values()].filter(
    (room) =>
      !room.is_archived &&
      wanted.includes(KINDS[room.kind] ?? "public") &&
      !(filter.exclude_bot_users && (room.kind === "app_dm" || store.users.get(partner(room))?.is_bot)),
  );
  return [{ label: null, options: rooms.map((room) => conversation(room.id)) }];
}

/** Where the choices come from, and how an id or option that is already held is shown. */
const SOURCES = {
  static: (hands) => ({ load: (query) => filterGroups(groupsOf(hands.element), query), show: fromOption }),
  users: () => ({ load: (query) => filterGroups(people(), query), show: person }),
  channels: () => ({
    load: (query) => filterGroups(conversations({ include: ["public"] }), query),
    show: conversation,
  }),
  conversations: (hands) => ({
    load: (query) => filterGroups(conversations(hands.element.filter), query),
    show: conversation,
  }),
  external: (hands) => ({ load: (query) => external(hands, query), show: fromOption, pause: 250 }),
};

async function external(hands, query) {
  const least = hands.element.min_query_length ?? 3;
  if (query.length < least) {
    throw new Error(`Type ${least === 1 ? "a letter" : `${least} letters`} to search`);
  }
  const answer = await hands.surface.suggest(hands.blockId, hands.element.action_id, query);
  if (answer.ok === false) throw new Error("The options could not be loaded. Try again.");
  return groupsOf(answer);
}

export function select(hands) {
  const { element } = hands;
  const multi = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace(/^multi_/, "").replace(/_select$/, "")](hands);
  if (
    element.default_to_current_conversation &&
    (hands.held === null || hands.held.length === 0) &&
    store.place.channel
  ) {
    hands.keep(multi ? [store.place.channel] : store.place.channel);
  }
  const held = () => (multi ? (hands.held ?? []) : hands.held ? [hands.held] : []);
  const combo = combobox({
    label: hands.label,
    placeholder: element.placeholder ? textOnly(element.placeholder) : "Choose…",
    multi,
    max: element.max_selected_items ?? Infinity,
    clearable: hands.optional,
    key: hands.key,
    load: source.load,
    pause: source.pause ?? 0,
    chosen: () => held().map(source.show),
    take: async (options) => {
      const values = options.map((option) => option.raw);
      await hands.change(multi ? values : (values[0] ?? null));
      combo.redraw();
    },
  });
  if (element.focus_on_load) combo.input.dataset.focus = "1";
  return frame(hands, combo.node, "wide-ish");
}
