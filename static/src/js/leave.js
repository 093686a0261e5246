// Asks before a form with unsaved text is left. The browser words the question.

const CHANGED = "changed";

export function startLeaveWarnings() {
  for (const form of document.querySelectorAll("form[data-warn-when-left]")) {
    // A form that came back with errors holds text that is not saved yet.
    let changed = form.hasAttribute("data-changed");
    let sending = false;
    const mark = () => {
      changed = true;
    };
    form.addEventListener("input", mark);
    form.addEventListener("change", mark);
    form.addEventListener(CHANGED, mark);
    form.addEventListener("submit", () => {
      sending = true;
    });
    window.addEventListener("pageshow", () => {
      sending = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed && !sending) event.preventDefault();
    });
  }
}

// The editor is not a form control; it says by this that its text was changed.
export function announceChange(element) {
  element.dispatchEvent(new CustomEvent(CHANGED, { bubbles: true }));
}
