// The toolbar: one stop of the Tab key, arrows within it, as the authoring practices for toolbars
// have it. A control that cannot run now is still found, and says that it is unavailable.

import { drawing, element } from "./dom.js";

const ICONS = {
  bold: "M6 3.5h5a3.2 3.2 0 0 1 0 6.5H6zM6 10h6a3.3 3.3 0 0 1 0 6.5H6z",
  italic: "M9 3.5h6M5 16.5h6M12 3.5l-4 13",
  link: "M8.5 11.5l3-3M9 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M11 13.5l-2 2A3.2 3.2 0 0 1 4.5 11l2-2",
  bullets: "M8 5h9M8 10h9M8 15h9M3.5 5h1M3.5 10h1M3.5 15h1",
  numbers: "M9 5h8M9 10h8M9 15h8M3 4l1.5-1v5M3 12.5c.5-1 2.5-1 2.5.5S3 16 3 17h2.7",
  table: "M2.5 4h15v12.5h-15zM2.5 8h15M2.5 12.2h15M10 8v8.5",
  undo: "M7 4L3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H8",
  redo: "M13 4l3.5 3.5L13 11M16.5 7.5H8a4.5 4.5 0 0 0 0 9h4",
};

export class Toolbar {
  // `perform` runs a command on the text; `say` announces; `id` is the text's.
  constructor({ id, label, groups, perform, focusText, say }) {
    Object.assign(this, { perform, focusText, say });
    this.groups = groups.map((group) => this.draw(group));
    this.dom = element(
      "div",
      { class: "app-editor__toolbar", role: "toolbar", "aria-label": label, "aria-controls": id },
      ...this.groups.map(({ dom }) => dom),
    );
    this.rest(this.groups[0].controls[0].dom);
    this.dom.addEventListener("keydown", (event) => this.move(event));
  }

  draw({ label, only, controls }) {
    const drawn = controls.map((control) => ({ ...control, dom: this.button(control) }));
    const dom = element(
      "div",
      { class: "app-editor__group", role: "group", "aria-label": label },
      ...drawn.map((control) => control.dom),
    );
    return { dom, only, controls: drawn };
  }

  button(control) {
    const { label, icon, on } = control;
    const dom = element(
      "button",
      {
        type: "button",
        class: `app-editor__button${icon ? " app-editor__button--icon" : ""}`,
        tabindex: -1,
        "aria-pressed": on ? "false" : null,
      },
      ...(icon ? [drawing(ICONS[icon])] : []),
      element("span", { class: "app-editor__words" }, label),
    );
    dom.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    dom.addEventListener("click", () => this.press(control, dom));
    return dom;
  }

  press({ label, run, said, opens }, dom) {
    this.rest(dom);
    if (dom.getAttribute("aria-disabled") === "true") {
      return;
    }
    this.perform(run);
    if (!opens) {
      this.focusText();
      this.say(said ?? `${label} ${dom.getAttribute("aria-pressed") === "true" ? "on" : "off"}`);
    }
  }

  // Show what holds where the cursor is.
  update(state) {
    for (const { dom, only, controls } of this.groups) {
      dom.hidden = only ? !only(state) : false;
      for (const { dom: button, on, run } of dom.hidden ? [] : controls) {
        const pressed = on?.(state) ?? false;
        if (on) {
          button.setAttribute("aria-pressed", pressed);
        }
        button.setAttribute("aria-disabled", !pressed && !run(state));
      }
    }
    const shown = this.shown();
    this.dom.hidden = !shown.length;
    if (shown.length && !shown.includes(this.resting)) {
      this.rest(shown[0]);
    }
  }

  // The button of the control that opens something.
  get opener() {
    const controls = this.groups.flatMap((group) => group.controls);
    return controls.find(({ opens }) => opens).dom;
  }

  shown() {
    return this.groups
      .filter(({ dom }) => !dom.hidden)
      .flatMap(({ controls }) => controls.map(({ dom }) => dom));
  }

  // The button that Tab comes to.
  rest(button) {
    this.resting?.setAttribute("tabindex", -1);
    this.resting = button;
    button.setAttribute("tabindex", 0);
  }

  focus() {
    this.resting.focus();
  }

  move(event) {
    const shown = this.shown();
    const at = shown.indexOf(document.activeElement);
    const to = {
      ArrowRight: (at + 1) % shown.length,
      ArrowLeft: (at - 1 + shown.length) % shown.length,
      Home: 0,
      End: shown.length - 1,
    }[event.key];
    if (at >= 0 && to !== undefined) {
      event.preventDefault();
      this.rest(shown[to]);
      shown[to].focus();
    }
  }
}
