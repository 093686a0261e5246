// A button that copies a reference or digest. It is hidden until here, because it needs a script.

export function startCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy-target]")) {
    const value = document.getElementById(button.dataset.copyTarget);
    const done = button.parentElement.querySelector(".app-copy__done");
    if (!value) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(value.textContent.trim());
        done.textContent = "Copied";
      } catch {
        done.textContent = "Not copied. Select the text and copy it";
      }
    });
  }
}
