// The small form for a link: opens under the toolbar, asks for the address, and for the words where
// none are selected. It is no form of its own, because it stands inside one.

import { TextSelection } from "prosemirror-state";

import { linkableAsTyped } from "./address.js";
import { element } from "./dom.js";
import { schema } from "./schema.js";

const WRONG = "Enter a web address, like https://www.gov.uk, or an e-mail address";
const NO_WORDS = "Enter the words that people read";

export class LinkForm {
  constructor({ id, view, say }) {
    this.view = view;
    this.say = say;
    this.words = field(`${id}_link_words`, "Words that people read");
    this.address = field(`${id}_link_address`, "Web or e-mail address", { inputmode: "url" });
    this.remove = button("Remove link", () => this.unlink());
    this.dom = element(
      "div",
      { class: "app-editor__link", id: `${id}_link`, role: "group", "aria-label": "Link", hidden: true },
      this.words.dom,
      this.address.dom,
      element(
        "div",
        { class: "govuk-button-group" },
        button("Save link", () => this.apply()),
        this.remove,
        button("Cancel", () => this.close()),
      ),
    );
    this.dom.addEventListener("keydown", (event) => this.key(event));
    // What is typed here is not yet a change of the text.
    for (const kind of ["input", "change"]) {
      this.dom.addEventListener(kind, (event) => event.stopPropagation());
    }
  }

  // The toolbar's button says whether this is open.
  belongsTo(button) {
    this.button = button;
    button.setAttribute("aria-controls", this.dom.id);
    button.setAttribute("aria-expanded", "false");
  }

  // A link can stand wherever words can.
  command = (state, dispatch) => {
    if (!state.selection.$from.parent.isTextblock) {
      return false;
    }
    if (dispatch) {
      this.open();
    }
    return true;
  };

  open() {
    const { state } = this.view;
    this.opener = document.activeElement;
    this.place = linkAround(state) ?? { from: state.selection.from, to: state.selection.to, href: "" };
    const { from, to, href } = this.place;
    this.words.dom.hidden = from !== to;
    this.remove.hidden = !href;
    this.words.input.value = "";
    this.address.input.value = href.replace(/^mailto:/, "");
    this.words.clear();
    this.address.clear();
    this.dom.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    (this.words.dom.hidden ? this.address : this.words).input.focus();
  }

  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault(); // or the page's own form would be sent
      this.apply();
    }
  }

  apply() {
    const href = linkableAsTyped(this.address.input.value);
    const asks = !this.words.dom.hidden;
    const words = this.words.input.value.trim();
    this.words.clear();
    this.address.clear();
    if (!href) {
      this.address.refuse(WRONG);
    }
    if (asks && !words) {
      this.words.refuse(NO_WORDS); // last, and so with the focus: it stands first
    }
    if (href && (words || !asks)) {
      this.link(href, asks ? words : "");
    }
  }

  link(href, words) {
    const { from } = this.place;
    const tr = this.view.state.tr;
    if (words) {
      tr.insertText(words, from);
    }
    const to = words ? from + words.length : this.place.to;
    tr.removeMark(from, to, schema.marks.link).addMark(from, to, schema.marks.link.create({ href }));
    tr.setSelection(TextSelection.create(tr.doc, to)).removeStoredMark(schema.marks.link);
    this.finish(tr, "Link saved");
  }

  unlink() {
    const { from, to } = this.place;
    this.finish(this.view.state.tr.removeMark(from, to, schema.marks.link), "Link removed");
  }

  finish(tr, said) {
    this.view.dispatch(tr.scrollIntoView());
    this.opener = this.view.dom;
    this.close();
    this.say(said);
  }

  close() {
    this.dom.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (this.opener === this.view.dom) {
      this.view.focus();
    } else {
      this.opener.focus();
    }
  }
}

// The whole link that the cursor or selection stands in.
function linkAround(state) {
  const { $from, to } = state.selection;
  const { parent, pos, parentOffset } = $from;
  const type = schema.marks.link;
  const start = pos - parentOffset;
  let found = null;
  parent.forEach((node, offset) => {
    const mark = type.isInSet(node.marks);
    const from = start + offset;
    const end = from + node.nodeSize;
    if (mark && found?.to === from && found.href === mark.attrs.href) {
      found.to = end;
    } else if (mark && !(found?.from <= pos && to <= found?.to)) {
      found = { from, to: end, href: mark.attrs.href };
    }
  });
  return found && found.from <= pos && to <= found.to ? found : null;
}

function field(id, label, attributes = {}) {
  const input = element("input", {
    class: "govuk-input",
    id,
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    ...attributes,
  });
  const error = element("p", { class: "govuk-error-message", id: `${id}_error`, hidden: true });
  const words = element("label", { class: "govuk-label", for: id }, label);
  const dom = element("div", { class: "govuk-form-group" }, words, error, input);
  const show = (sentence) => {
    error.replaceChildren(
      ...(sentence ? [element("span", { class: "govuk-visually-hidden" }, "Error: "), sentence] : []),
    );
    error.hidden = !sentence;
    dom.classList.toggle("govuk-form-group--error", Boolean(sentence));
    input.classList.toggle("govuk-input--error", Boolean(sentence));
    if (sentence) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", error.id);
      input.focus();
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  };
  return { dom, input, refuse: show, clear: () => show("") };
}

function button(label, act) {
  const kind = label === "Save link" ? "govuk-button" : "govuk-button govuk-button--secondary";
  const made = element("button", { type: "button", class: kind }, label);
  made.addEventListener("click", act);
  return made;
}
