// Small things that outlive a reload: drafts (this tab) and habits (this browser). A browser may refuse
// storage; then they live as long as the page does not reload, and nothing fails.

function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

const shelf = (store) => ({
  get: (key) => attempt(() => store().getItem(key)),
  set: (key, value) => attempt(() => store().setItem(key, value)),
  drop: (key) => attempt(() => store().removeItem(key)),
  keys: () => attempt(() => Object.keys(store())) ?? [],
});

export const drafts = shelf(() => sessionStorage);
export const habits = shelf(() => localStorage);
