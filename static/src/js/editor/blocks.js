// Commands on paragraphs, headings and lists, and what the toolbar asks about them.

import { chainCommands, setBlockType, toggleMark } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";

import { schema } from "./schema.js";

const { bullet_list, ordered_list, list_item, heading, paragraph, hard_break } = schema.nodes;

// Out of a heading, and out of a list.
export const toParagraph = chainCommands(setBlockType(paragraph), liftListItem(list_item));

export const toggleHeading = (level) => (state, dispatch) =>
  (isBlock(state, heading, { level }) ? setBlockType(paragraph) : toHeading(level))(state, dispatch);

const toHeading = (level) => (state, dispatch) => {
  const inHeading = setBlockType(heading, { level });
  if (listAround(state) || !inHeading(state)) {
    return false;
  }
  if (dispatch) {
    // A heading is one line: words on both sides of a line break stay apart.
    const tr = withoutBreaks(state);
    inHeading(state.apply(tr), (change) => {
      change.steps.forEach((step) => tr.step(step));
      dispatch(tr.scrollIntoView());
    });
  }
  return true;
};

function withoutBreaks(state) {
  const tr = state.tr;
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (block, start) => {
    if (block.type !== paragraph) {
      return true;
    }
    block.forEach((child, offset) => {
      if (child.type === hard_break) {
        const at = start + 1 + offset;
        tr.replaceWith(at, at + 1, schema.text(" "));
      }
    });
    return false;
  });
  return tr;
}

export function isBlock(state, type, attrs = {}) {
  const { parent } = state.selection.$from;
  return parent.hasMarkup(type, { ...type.defaultAttrs, ...attrs });
}

export function hasMark(state, type) {
  const { empty, $from, from, to } = state.selection;
  return empty
    ? Boolean(type.isInSet(state.storedMarks ?? $from.marks()))
    : state.doc.rangeHasMark(from, to, type);
}

export const toggleStrong = toggleMark(schema.marks.strong);
export const toggleEm = toggleMark(schema.marks.em);

// The nearest list round the cursor, as { node, depth }.
export function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === bullet_list || node.type === ordered_list) {
      return { node, depth };
    }
  }
  return null;
}

// In such a list: out of it. In the other kind: turn the list round. Else: make one.
export const toggleList = (type) => (state, dispatch, view) => {
  const around = listAround(state);
  if (around?.node.type === type) {
    return liftListItem(list_item)(state, dispatch, view);
  }
  if (around) {
    dispatch?.(state.tr.setNodeMarkup(state.selection.$from.before(around.depth), type));
    return true;
  }
  if (isBlock(state, heading, state.selection.$from.parent.attrs)) {
    return headingToList(type)(state, dispatch);
  }
  return wrapInList(type)(state, dispatch, view);
};

const headingToList = (type) => (state, dispatch) => {
  const tr = state.tr;
  const { from, to } = state.selection;
  tr.setBlockType(from, to, paragraph);
  const plain = state.apply(tr);
  return wrapInList(type)(
    plain,
    dispatch &&
      ((change) => {
        change.steps.forEach((step) => tr.step(step));
        dispatch(tr.scrollIntoView());
      }),
  );
};

export const itemInwards = sinkListItem(list_item);
export const itemOutwards = liftListItem(list_item);
