// Links. Slack's own addresses (a person, a channel, a message, the app) lead to places on this page;
// other whole addresses open elsewhere; what is no address to follow stays text.

import { h, safeUrl } from "./dom.js";
import { format } from "./route.js";
import { store } from "./store.js";

const stamp = (digits) =>
  /^p\d{10,}$/.test(digits ?? "") ? `${digits.slice(1, -6)}.${digits.slice(-6)}` : null;

function appDm() {
  return [...store.channels.values()].find((room) => room.kind === "app_dm")?.id ?? null;
}

const byScheme = {
  user: (query) => ({ user: query.get("id") }),
  channel: (query) => ({
    channel: query.get("id"),
    thread: query.get("thread_ts"),
    message: query.get("message"),
  }),
  app: (query) => ({ channel: appDm(), tab: query.get("tab") === "home" ? "home" : null }),
};

function fromWeb(url) {
  const [, what, channel, ts] = url.pathname.split("/");
  if (what === "archives" && channel) {
    return { channel, message: stamp(ts), thread: url.searchParams.get("thread_ts") };
  }
  if (what !== "app_redirect") return null;
  const to = url.searchParams.get("channel");
  if (!to) return { channel: appDm() };
  return /^[UW]/.test(to) ? { user: to } : { channel: to };
}

/** Where on this page an address leads: {user} or {channel, thread, message, tab}; null for all others. */
function placeOf(raw) {
  let url;
  try {
    url = new URL(String(raw));
  } catch {
    return null;
  }
  if (url.protocol === "slack:") {
    const kind = url.host || url.pathname.replace(/\//g, "");
    const team = url.searchParams.get("team");
    if (!Object.hasOwn(byScheme, kind) || (team && team !== store.team.id)) return null;
    return byScheme[kind](url.searchParams);
  }
  const ours = url.protocol === "https:" && (url.host === "slack.com" || url.host.endsWith(".slack.com"));
  return ours ? fromWeb(url) : null;
}

/** Whether `link` would make something to press of this address. */
export const isAddress = (raw) => Boolean(safeUrl(raw) || placeOf(raw));

export function link(raw, children, props = {}) {
  const place = placeOf(raw);
  if (place?.user)
    return h("a", { ...props, href: format({ as: store.as }), data: { person: place.user } }, children);
  if (place?.channel) {
    const href = format({ as: store.as, channel: place.channel, thread: place.thread, tab: place.tab });
    return h(
      "a",
      { ...props, href, data: place.message ? { message: `${place.channel}/${place.message}` } : {} },
      children,
    );
  }
  const href = safeUrl(raw);
  if (!href) return h("span", null, children);
  return h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, children);
}
