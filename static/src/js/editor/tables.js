// Commands on tables, and the two rules that hold for each: its first row is the header, and there
// is always a line after it to go on writing.

import { Fragment, Slice } from "prosemirror-model";
import { Plugin, Selection, TextSelection } from "prosemirror-state";
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  nextCell,
  selectedRect,
  selectionCell,
  TableMap,
} from "prosemirror-tables";

import { schema } from "./schema.js";

export { deleteTable, isInTable };

const { table, table_row, table_cell, table_header, cell_text, paragraph } = schema.nodes;

export function insertTable(state, dispatch) {
  const { $from } = state.selection;
  if (isInTable(state) || !$from.parent.isTextblock) {
    return false;
  }
  const row = (cell) => table_row.create(null, [cell.createAndFill(), cell.createAndFill()]);
  const node = table.create(null, [row(table_header), row(table_cell)]);
  const isBlank = $from.parent.type === paragraph && !$from.parent.content.size;
  const start = isBlank ? $from.before() : $from.after();
  const index = isBlank ? $from.index(-1) : $from.indexAfter(-1);
  if (!$from.node(-1).canReplaceWith(index, isBlank ? index + 1 : index, table)) {
    return false;
  }
  if (dispatch) {
    const tr = state.tr.replaceWith(start, isBlank ? $from.after() : start, node);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(start + 1))).scrollIntoView());
  }
  return true;
}

// A new row or column comes with the cursor in it.
const goingTo = (command, axis, direction) => (state, dispatch) =>
  command(
    state,
    dispatch &&
      ((tr) => {
        const cell = tr.doc.resolve(tr.mapping.map(selectionCell(state).pos));
        const made = nextCell(cell, axis, direction);
        dispatch(made ? tr.setSelection(Selection.near(made, 1)) : tr);
      }),
  );

export const rowAbove = goingTo(addRowBefore, "vert", -1);
export const rowBelow = goingTo(addRowAfter, "vert", 1);
export const columnBefore = goingTo(addColumnBefore, "horiz", -1);
export const columnAfter = goingTo(addColumnAfter, "horiz", 1);

// The last row or column to go takes the table with it. Else the cursor stays in the table.
const removing = (command, start, end, size) => (state, dispatch) => {
  if (!isInTable(state)) {
    return false;
  }
  const rect = selectedRect(state);
  if (rect[start] === 0 && rect[end] === rect.map[size]) {
    return deleteTable(state, dispatch);
  }
  return command(
    state,
    dispatch &&
      ((tr) => {
        const map = TableMap.get(tr.doc.nodeAt(rect.tableStart - 1));
        const row = Math.min(rect.top, map.height - 1);
        const column = Math.min(rect.left, map.width - 1);
        const cell = rect.tableStart + map.map[row * map.width + column];
        dispatch(tr.setSelection(Selection.near(tr.doc.resolve(cell), 1)));
      }),
  );
};

export const removeRow = removing(deleteRow, "top", "bottom", "height");
export const removeColumn = removing(deleteColumn, "left", "right", "width");

export const toNextCell = goToNextCell(1);
export const toCellBefore = goToNextCell(-1);

// Enter goes down a row: a cell is one line.
export function toCellBelow(state, dispatch) {
  if (!isInTable(state)) {
    return false;
  }
  const below = nextCell(selectionCell(state), "vert", 1);
  if (below) {
    dispatch?.(state.tr.setSelection(Selection.near(below, 1)).scrollIntoView());
  }
  return true;
}

// At the top of a table that begins the text, ArrowUp makes a line above it.
export function lineAbove(state, dispatch, view) {
  if (!isInTable(state) || !view?.endOfTextblock("up")) {
    return false;
  }
  const { $from } = state.selection;
  const atTop = $from.index(0) === 0 && $from.node(1).type === table && $from.index(1) === 0;
  if (!atTop) {
    return false;
  }
  if (dispatch) {
    const tr = state.tr.insert(0, paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, 1)).scrollIntoView());
  }
  return true;
}

export function withLineAtEnd(doc) {
  return doc.lastChild.type === table ? doc.copy(doc.content.addToEnd(paragraph.create())) : doc;
}

export function keepTablesWhole() {
  return new Plugin({
    appendTransaction: (transactions, before, state) => {
      if (!transactions.some((transaction) => transaction.docChanged)) {
        return null;
      }
      const tr = state.tr;
      state.doc.descendants((node, start) => {
        if (node.type === table) {
          setHeader(tr, node, start);
        }
        return !node.isTextblock && node.type !== table;
      });
      if (state.doc.lastChild.type === table) {
        tr.insert(tr.doc.content.size, paragraph.create());
      }
      return tr.docChanged ? tr : null;
    },
  });
}

function setHeader(tr, node, start) {
  node.forEach((row, rowOffset, rowIndex) => {
    const wanted = rowIndex === 0 ? table_header : table_cell;
    row.forEach((cell, cellOffset) => {
      if (cell.type !== wanted) {
        tr.setNodeMarkup(start + 1 + rowOffset + 1 + cellOffset, wanted, cell.attrs);
      }
    });
  });
}

// What is pasted into a cell, unless it is cells itself, becomes words on one line.
export function fitForCell(slice, view) {
  if (!isInTable(view.state) || slice.content.firstChild?.type.spec.tableRole) {
    return slice;
  }
  const words = [];
  slice.content.descendants((node) => {
    if ((node.isTextblock && words.length) || (node.isInline && !node.isText)) {
      words.push(schema.text(" "));
    } else if (node.isText) {
      words.push(node);
    }
  });
  return new Slice(Fragment.from(cell_text.create(null, words)), 1, 1);
}
