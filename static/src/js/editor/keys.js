// What keys do. Tab is the browser's, so that nobody is caught in a text; only inside a table does
// it go from cell to cell, and after the last one it leaves.

import { baseKeymap, chainCommands } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { inputRules, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { splitListItem } from "prosemirror-schema-list";
import { Plugin } from "prosemirror-state";

import { itemInwards, itemOutwards, toggleEm, toggleStrong } from "./blocks.js";
import { schema } from "./schema.js";
import { lineAbove, toCellBefore, toCellBelow, toNextCell } from "./tables.js";

const { bullet_list, ordered_list, list_item, hard_break, paragraph } = schema.nodes;

function lineBreak(state, dispatch) {
  if (state.selection.$from.parent.type !== paragraph) {
    return false;
  }
  dispatch?.(state.tr.replaceSelectionWith(hard_break.create()).scrollIntoView());
  return true;
}

// After Escape, Tab leaves from the middle of a table too.
function escapeThenTab() {
  let leaving = false;
  const keydown = (view, event) => {
    const leaves = leaving && event.key === "Tab";
    leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    return leaves; // true: not for the editor, and the browser moves the focus
  };
  return new Plugin({ props: { handleDOMEvents: { keydown } } });
}

// `- ` and `1. ` at the start of a line begin a list, as in the text box without an editor.
function listMarks() {
  const numbered = wrappingInputRule(
    /^1[.)] $/,
    ordered_list,
    null,
    (match, node) => node.childCount + node.attrs.order === 1,
  );
  return inputRules({ rules: [wrappingInputRule(/^[-*•] $/, bullet_list), numbered] });
}

export function keys({ openLink }) {
  return [
    escapeThenTab(),
    listMarks(),
    keymap({
      "Mod-b": toggleStrong,
      "Mod-i": toggleEm,
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-k": openLink,
      "Ctrl-]": itemInwards,
      "Ctrl-[": itemOutwards,
      "Shift-Enter": lineBreak,
      Enter: chainCommands(toCellBelow, splitListItem(list_item)),
      Backspace: undoInputRule,
      ArrowUp: lineAbove,
      Tab: toNextCell,
      "Shift-Tab": toCellBefore,
    }),
    keymap(baseKeymap),
  ];
}
