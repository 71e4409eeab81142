// The address says who you act as and where you are, so a reload or a second window keeps both:
//   #/as/U1            #/as/U1/C1            #/as/U1/C1/thread/1700000000.000100      #/as/U1/D1/home

export function parse(hash = location.hash) {
  const [, word, as, channel, what, ts] = decodeURIComponent(hash.replace(/^#/, "")).split("/");
  if (word !== "as" || !as) return { as: null, channel: null, thread: null, tab: null };
  return {
    as,
    channel: channel || null,
    thread: what === "thread" ? ts || null : null,
    tab: what === "home" ? "home" : null,
  };
}

export function format({ as, channel, thread, tab }) {
  let hash = `#/as/${encodeURIComponent(as)}`;
  if (channel) hash += `/${encodeURIComponent(channel)}`;
  if (channel && tab === "home") hash += "/home";
  else if (channel && thread) hash += `/thread/${thread}`;
  return hash;
}

export function go(place, { replace = false } = {}) {
  const hash = format(place);
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, "", hash);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hash;
  }
}
