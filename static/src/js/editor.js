// Draws an editor over every text box that asks for one. A box whose editor fails stays as it is.

import { enhance } from "./editor/field.js";

document.querySelectorAll("[data-prose-editor]").forEach((place) => {
  try {
    enhance(place);
  } catch (error) {
    console.error("The editor did not start. The text box works without it.", error);
  }
});
