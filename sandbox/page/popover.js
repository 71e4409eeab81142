// Putting a small layer beside its anchor, inside the open dialog if there is one (the rest is inert then).

const GAP = 4,
  EDGE = 8;

/** Show `node` under (or over) `anchor`; answers the function that takes it away again. */
export function place(node, anchor, { width = false, align = "start" } = {}) {
  const home = anchor.closest("dialog") ?? document.body;
  home.append(node);
  const settle = () => {
    const at = anchor.getBoundingClientRect();
    const below = window.innerHeight - at.bottom - GAP - EDGE;
    const above = at.top - GAP - EDGE;
    const up = below < Math.min(node.scrollHeight, 220) && above > below;
    if (width) node.style.minWidth = `${at.width}px`;
    node.style.maxHeight = `${Math.max(96, Math.min(up ? above : below, 340))}px`;
    const wide = node.getBoundingClientRect().width;
    const left = align === "end" ? at.right - wide : at.left;
    node.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - wide - EDGE))}px`;
    node.style.top = up ? "auto" : `${at.bottom + GAP}px`;
    node.style.bottom = up ? `${window.innerHeight - at.top + GAP}px` : "auto";
  };
  settle();
  // Contents that arrive later (options being loaded) may need the other side.
  const watch = new ResizeObserver(settle);
  watch.observe(node);
  const moved = (event) => {
    if (!node.contains(event.target)) settle();
  };
  window.addEventListener("scroll", moved, true);
  window.addEventListener("resize", settle);
  return () => {
    watch.disconnect();
    window.removeEventListener("scroll", moved, true);
    window.removeEventListener("resize", settle);
    node.remove();
  };
}
