// The page's HTTP door. Every call answers an object; a network fault answers one too, so that
// callers have one way to look at an outcome.

const OFFLINE = { ok: false, error: "network", text: "The workspace did not answer. Is it still running?" };

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    return OFFLINE;
  }
  let body;
  try {
    body = await response.json();
  } catch {
    return {
      ok: false,
      error: `http_${response.status}`,
      text: `The workspace answered ${response.status}.`,
    };
  }
  if (!response.ok && body.ok === undefined) return { ok: false, error: `http_${response.status}`, ...body };
  return body;
}

export function get(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null) query.set(name, value);
  }
  const suffix = query.size ? `?${query}` : "";
  return request(path + suffix, { headers: { accept: "application/json" } });
}

export function post(path, body = {}) {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
}

/** Send one chosen file's bytes; the answer carries the file object that form values refer to. */
export function upload(as, file) {
  const form = new FormData();
  form.set("as", as);
  form.set("file", file, file.name);
  return request("/page/upload", { method: "POST", body: form });
}
