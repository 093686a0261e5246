// What was written stays with the page's place in the browser's history when it is sent. If sending
// fails (no network, signed out meanwhile), Back brings it here again: but only over the same stored
// text that it was written over, so that nobody's newer text is ever replaced unseen.

export function keep(name, source, html) {
  try {
    history.replaceState({ ...history.state, [name]: { source, html } }, "");
  } catch {
    // A browser may refuse a long text. Then Back shows the stored text, as any text box would.
  }
}

export function kept(name, source) {
  const found = history.state?.[name];
  return found?.source === source ? found.html : null;
}
