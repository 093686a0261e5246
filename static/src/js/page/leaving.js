// "Leave without saving?" The browser asks in its own words.

export function warnWhenLeft(form) {
  // A form that came back with errors holds what nobody has saved yet.
  let changed = form.querySelector(".govuk-form-group--error") !== null;
  let sending = false;

  const change = () => {
    changed = true;
  };
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  form.addEventListener("submit", (event) => {
    sending = !event.defaultPrevented;
  });

  window.addEventListener("beforeunload", (event) => {
    if (changed && !sending) {
      event.preventDefault();
      event.returnValue = true; // for browsers before 2023
    }
    sending = false; // if the sending is stopped, the next leaving is a leaving again
  });
}
