// One text box and the editor over it. The box stays in the page, hidden, and is sent as it was;
// the editor sends HTML beside it, and only when something was changed.

import { history } from "prosemirror-history";
import { DOMParser, DOMSerializer } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";

import { groupsOfPlace, groupsOfText } from "./controls.js";
import { element } from "./dom.js";
import { keys } from "./keys.js";
import { LinkForm } from "./link.js";
import { clipboardParser } from "./paste.js";
import { preferPlainText, prefersPlainText } from "./preference.js";
import { schema } from "./schema.js";
import { fitForCell, keepTablesWhole, withLineAtEnd } from "./tables.js";
import { Toolbar } from "./toolbar.js";
import { quietened } from "./word.js";

const PICTURE = "A picture cannot stand in this text. Add it to the paper as a supporting document.";
const SAVE_BEFORE_PLAIN = "You have changed this text. Save it first, then write it as plain text.";
const SAVE_BEFORE_EDITOR = "You have changed this text. Save it first, then use the editor.";
const KEYS =
  "Alt and F10 lead to the formatting buttons, twice to those for a list or table. " +
  "Tab leaves the text; in a table it goes from cell to cell.";

const parser = DOMParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);

export function enhance(place) {
  const field = new Field(place);
  field.show(prefersPlainText() ? "box" : "editor");
}

class Field {
  constructor(place) {
    this.box = place.querySelector("textarea");
    this.help = place.querySelector(".app-prose-input__help");
    this.id = this.box.id;
    this.label = this.box.labels[0];
    this.label.id ||= `${this.id}_label`;
    this.stored = withLineAtEnd(parser.parse(place.querySelector("template").content));

    this.html = element("input", { type: "hidden", name: `${this.box.name}_html`, autocomplete: "off" });
    this.status = element("div", { role: "status", class: "govuk-visually-hidden" });
    this.notice = element("p", { role: "alert", class: "app-editor__notice", hidden: true });
    this.view = this.draw();
    this.link = new LinkForm({ id: this.id, view: this.view, say: this.say });
    this.toolbar = this.bar("Formatting", groupsOfText({ openLink: this.link.command }));
    this.toolsHere = this.bar("Formatting here", groupsOfPlace);
    this.link.belongsTo(this.toolbar.opener);
    this.update();

    this.toBox = switching("Write as plain text instead", () => this.change("box"));
    this.toEditor = switching("Use the editor instead", () => this.change("editor"));
    this.dom = this.frame();
    place.append(this.dom, this.toEditor, this.notice, this.status, this.html);
    this.dom.addEventListener("keydown", (event) => this.key(event));
    this.label.addEventListener("click", () => this.isEditing && this.view.focus());
    this.box.form?.addEventListener("submit", () => this.write());
  }

  draw() {
    return new EditorView(null, {
      state: EditorState.create({
        doc: this.stored,
        plugins: [
          ...keys({ openLink: (...given) => this.link.command(...given) }),
          history(),
          keepTablesWhole(),
          tableEditing(),
        ],
      }),
      attributes: () => this.described(),
      nodeViews: { heading: headingView },
      transformPastedHTML: quietened,
      clipboardParser: clipboardParser(parser),
      transformPasted: fitForCell,
      handlePaste: (_, event) => this.refusePictures(event.clipboardData),
      handleDrop: (_, event) => this.refusePictures(event.dataTransfer),
      dispatchTransaction: (transaction) => this.take(transaction),
    });
  }

  bar(label, groups) {
    return new Toolbar({
      id: this.id,
      label,
      groups,
      say: this.say,
      perform: (command) => command(this.view.state, this.view.dispatch, this.view),
      focusText: () => this.view.focus(),
    });
  }

  // From the text to the buttons and back. What came of a key already is left alone.
  key(event) {
    if (event.defaultPrevented) {
      return;
    }
    if (event.key === "F10" && event.altKey) {
      const again = this.toolbar.dom.contains(event.target) && !this.toolsHere.dom.hidden;
      event.preventDefault();
      (again ? this.toolsHere : this.toolbar).focus();
    } else if (event.key === "Escape" && event.target !== this.view.dom) {
      this.view.focus();
    }
  }

  update() {
    this.toolbar.update(this.view.state);
    this.toolsHere.update(this.view.state);
  }

  // What belongs to the place of the cursor comes and goes below the text, which never moves.
  frame() {
    const wrong = this.box.classList.contains("govuk-textarea--error");
    return element(
      "div",
      { class: `app-editor${wrong ? " app-editor--error" : ""}` },
      this.toolbar.dom,
      this.link.dom,
      this.view.dom,
      this.toolsHere.dom,
      element(
        "div",
        { class: "app-editor__foot" },
        element("p", { class: "app-editor__keys", id: `${this.id}_keys` }, KEYS),
        this.toBox,
      ),
    );
  }

  // What assistive technology hears of the text: all that it would hear of the box, and the keys.
  described() {
    const descriptions = this.box.getAttribute("aria-describedby") ?? "";
    return {
      class: "app-editor__content",
      id: this.isEditing ? this.id : `${this.id}_editor`,
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": this.label.id,
      "aria-describedby": `${descriptions} ${this.id}_keys`.trim(),
      ...(this.box.classList.contains("govuk-textarea--error") && { "aria-invalid": "true" }),
      spellcheck: "true",
    };
  }

  take(transaction) {
    this.view.updateState(this.view.state.apply(transaction));
    this.update();
    if (transaction.docChanged) {
      this.refuse("");
      this.html.dispatchEvent(new Event("input", { bubbles: true })); // the form has changed
    }
  }

  get isChanged() {
    return !this.view.state.doc.eq(this.stored);
  }

  // Show the one and hide the other. The one that is shown has the id that the page links to.
  show(which) {
    this.isEditing = which === "editor";
    this.dom.hidden = !this.isEditing;
    this.box.hidden = this.isEditing;
    this.help?.toggleAttribute("hidden", this.isEditing);
    this.toEditor.hidden = this.isEditing;
    this.box.id = this.isEditing ? `${this.id}_text` : this.id;
    this.view.setProps({});
  }

  // At a person's wish. What they wrote is never thrown away: they save it first.
  change(which) {
    const toBox = which === "box";
    if (toBox ? this.isChanged : this.box.value !== this.box.defaultValue) {
      this.refuse(toBox ? SAVE_BEFORE_PLAIN : SAVE_BEFORE_EDITOR);
      return;
    }
    this.refuse("");
    preferPlainText(toBox);
    this.show(which);
    (toBox ? this.box : this.view).focus();
  }

  write() {
    this.html.value = this.isEditing && this.isChanged ? htmlOf(this.view.state.doc) : "";
  }

  refusePictures(data) {
    const only = data && data.files.length && !data.getData("text/html") && !data.getData("text/plain");
    if (only) {
      this.refuse(PICTURE);
    }
    return Boolean(only);
  }

  refuse(sentence) {
    this.notice.hidden = !sentence;
    this.notice.textContent = sentence;
  }

  // Emptied first, so that the same words are announced twice.
  say = (words) => {
    this.status.textContent = "";
    setTimeout(() => {
      this.status.textContent = words;
    }, 50);
  };
}

// Levels 3 and 4 stand below a heading of the paper, which on this page is the only one: a reader of
// this page's outline meets them as 2 and 3. What is saved is not touched.
function headingView(node) {
  const { level } = node.attrs;
  const dom = element(`h${level}`, { "aria-level": level - 1 });
  return { dom, contentDOM: dom };
}

function htmlOf(doc) {
  const holder = document.createElement("div");
  holder.append(serializer.serializeFragment(doc.content));
  return holder.innerHTML;
}

function switching(label, act) {
  const button = element("button", { type: "button", class: "app-editor__switch" }, label);
  button.addEventListener("click", act);
  return button;
}
