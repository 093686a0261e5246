// A button that copies a reference or a digest, where the browser has a clipboard to offer.

export function offerToCopy(place) {
  const button = place.querySelector("[data-copy-target]");
  const source = button && document.getElementById(button.dataset.copyTarget);
  const status = place.querySelector("[role=status]");
  if (!source || !navigator.clipboard) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      say(status, "Copied");
    } catch {
      getSelection().selectAllChildren(source);
      say(status, "Your browser does not let this page copy. The text is selected: copy it by hand.");
    }
  });
}

// Emptied first, so that a second copy is announced as well.
function say(status, words) {
  if (status) {
    status.textContent = "";
    requestAnimationFrame(() => {
      status.textContent = words;
    });
  }
}
