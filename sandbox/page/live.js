// One WebSocket per acting person. It comes back by itself; each time it opens, the page reloads
// its state, so whatever happened in between is not missed.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

export class Live {
  constructor({ onOpen, onEvent, onDown }) {
    this.handlers = { onOpen, onEvent, onDown };
    this.wait = FIRST_WAIT;
    this.socket = null;
    this.timer = 0;
    // A laptop that wakes or a network that returns should not sit out the remaining wait.
    window.addEventListener("online", () => this.retryNow());
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  start(as) {
    this.stop();
    this.as = as;
    this.connect();
  }

  stop() {
    clearTimeout(this.timer);
    const old = this.socket;
    this.socket = null;
    old?.close();
  }

  retryNow() {
    if (this.as && !this.open) {
      clearTimeout(this.timer);
      this.connect();
    }
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/live?as=${encodeURIComponent(this.as)}`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      if (socket !== this.socket) return;
      this.wait = FIRST_WAIT;
      this.handlers.onOpen();
    });
    socket.addEventListener("message", (event) => {
      if (socket !== this.socket) return;
      this.handlers.onEvent(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (socket !== this.socket) return;
      this.handlers.onDown();
      this.timer = setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }
}
