// The demo's clock in the page's top bar: what time it is for the company, what is due next, and a button that goes there.

const STYLE = `
.demo-clock { display: flex; align-items: center; gap: 12px; min-width: 0; font-size: 13px; }
.demo-clock time { font-variant-numeric: tabular-nums; white-space: nowrap; opacity: .85; }
.demo-clock button { font: inherit; font-weight: 600; padding: 5px 12px; border-radius: 6px; border: 0; cursor: pointer;
  background: #1d7a5f; color: #fff; white-space: nowrap; }
.demo-clock button:disabled { opacity: .6; cursor: progress; }
.demo-clock button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.demo-clock output { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; opacity: .85; }
@media (max-width: 720px) { .demo-clock output { display: none; } }
`;

export function mount(slot, api) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
  const time = document.createElement("time");
  const button = document.createElement("button");
  button.type = "button";
  const said = document.createElement("output");
  said.setAttribute("aria-live", "polite");
  const panel = document.createElement("div");
  panel.className = "demo-clock";
  panel.append(time, button, said);
  slot.append(panel);

  // The company's clock runs on between two answers, as fast as ours.
  let ahead = 0;
  let next = null;

  const zone = () => api.person()?.tz ?? "UTC";
  const clock = (moment, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }).format(moment);

  function draw() {
    const now = new Date(Date.now() + ahead);
    time.dateTime = now.toISOString();
    time.textContent = clock(now, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    button.hidden = next === null;
    if (next !== null) {
      button.textContent = `Jump to ${clock(new Date(next.at), { hour: "2-digit", minute: "2-digit" })}`;
      button.title = `Cadence ${next.what}`;
    }
  }

  function take(told) {
    ahead = new Date(told.now) - Date.now();
    next = told.next;
    if (told.happened) said.textContent = `Cadence ${told.happened.what}`;
    else if (next !== null) said.textContent = `Next: ${next.what}`;
    draw();
  }

  async function ask(path, options) {
    const answer = await fetch(path, options);
    if (answer.ok) take(await answer.json());
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await ask("/addon/clock/jump", { method: "POST" });
    } finally {
      button.disabled = false;
    }
  });

  api.onPerson(draw);
  api.onNow(() => ask("/addon/clock"));
  ask("/addon/clock");
  setInterval(draw, 1000);
  setInterval(() => ask("/addon/clock"), 15000);
}
