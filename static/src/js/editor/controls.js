// The controls of the toolbars, group by group.
//
// `run` is a ProseMirror command, also asked whether it could run now. `on` makes a control a
// toggle. `said` is announced when it has run. `opens` goes on elsewhere. `only` shows a group where
// it means something.

import { redo, undo } from "prosemirror-history";

import * as blocks from "./blocks.js";
import { schema } from "./schema.js";
import * as tables from "./tables.js";

const { paragraph, heading, bullet_list, ordered_list } = schema.nodes;
const { strong, em } = schema.marks;

const inList = (type) => (state) => blocks.listAround(state)?.node.type === type;
const inHeading = (level) => (state) => blocks.isBlock(state, heading, { level });
const inParagraph = (state) => blocks.isBlock(state, paragraph) && !blocks.listAround(state);
const marked = (type) => (state) => blocks.hasMark(state, type);

export const groupsOfText = ({ openLink }) => [
  {
    label: "Kind of paragraph",
    controls: [
      { label: "Paragraph", run: blocks.toParagraph, on: inParagraph },
      { label: "Heading", run: blocks.toggleHeading(3), on: inHeading(3) },
      { label: "Sub-heading", run: blocks.toggleHeading(4), on: inHeading(4) },
    ],
  },
  {
    label: "Words",
    controls: [
      { label: "Bold", icon: "bold", run: blocks.toggleStrong, on: marked(strong) },
      { label: "Italic", icon: "italic", run: blocks.toggleEm, on: marked(em) },
      { label: "Link", icon: "link", run: openLink, opens: true },
    ],
  },
  {
    label: "Lists and tables",
    controls: [
      {
        label: "Bulleted list",
        icon: "bullets",
        run: blocks.toggleList(bullet_list),
        on: inList(bullet_list),
      },
      {
        label: "Numbered list",
        icon: "numbers",
        run: blocks.toggleList(ordered_list),
        on: inList(ordered_list),
      },
      { label: "Table", icon: "table", run: tables.insertTable, said: "Table added" },
    ],
  },
  {
    label: "Changes",
    controls: [
      { label: "Undo", icon: "undo", run: undo, said: "Undone" },
      { label: "Redo", icon: "redo", run: redo, said: "Done again" },
    ],
  },
];

export const groupsOfPlace = [
  {
    label: "List",
    only: (state) => blocks.listAround(state) !== null && !tables.isInTable(state),
    controls: [
      { label: "Move item in", run: blocks.itemInwards, said: "Item moved in" },
      { label: "Move item out", run: blocks.itemOutwards, said: "Item moved out" },
    ],
  },
  {
    label: "Table",
    only: tables.isInTable,
    controls: [
      { label: "Add row above", run: tables.rowAbove, said: "Row added" },
      { label: "Add row below", run: tables.rowBelow, said: "Row added" },
      { label: "Add column before", run: tables.columnBefore, said: "Column added" },
      { label: "Add column after", run: tables.columnAfter, said: "Column added" },
      { label: "Delete row", run: tables.removeRow, said: "Row deleted" },
      { label: "Delete column", run: tables.removeColumn, said: "Column deleted" },
      { label: "Delete table", run: tables.deleteTable, said: "Table deleted" },
    ],
  },
];
