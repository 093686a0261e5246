// What a text can hold: exactly what the server keeps of it, so that what is seen is what is saved.

import { Schema } from "prosemirror-model";

import { linkable } from "./address.js";

// The table commands expect these of every cell. Cells here never span and have no width.
const cellAttributes = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } };

const nodes = {
  doc: { content: "block+" },

  paragraph: {
    content: "inline*",
    group: "block",
    parseDOM: [{ tag: "p" }],
    toDOM: () => ["p", 0],
  },

  // The levels that stand below the headings of a page.
  heading: {
    content: "text*",
    marks: "link em",
    group: "block",
    defining: true,
    attrs: { level: { default: 3, validate: "number" } },
    parseDOM: [
      { tag: "h3", attrs: { level: 3 } },
      { tag: "h4", attrs: { level: 4 } },
    ],
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },

  bullet_list: {
    content: "list_item+",
    group: "block",
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", 0],
  },

  ordered_list: {
    content: "list_item+",
    group: "block",
    attrs: { order: { default: 1, validate: "number" } },
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: firstNumber(dom) }) }],
    toDOM: ({ attrs: { order } }) => (order === 1 ? ["ol", 0] : ["ol", { start: order }, 0]),
  },

  // Any block may come first: a stored text may have a heading there.
  list_item: {
    content: "block+",
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => ["li", 0],
  },

  table: {
    content: "table_row+",
    group: "block",
    tableRole: "table",
    isolating: true,
    parseDOM: [{ tag: "table" }],
    toDOM: () => ["table", ["tbody", 0]],
  },

  table_row: {
    content: "(table_cell | table_header)+",
    tableRole: "row",
    parseDOM: [{ tag: "tr" }],
    toDOM: () => ["tr", 0],
  },

  table_cell: {
    content: "cell_text",
    attrs: cellAttributes,
    tableRole: "cell",
    isolating: true,
    parseDOM: [{ tag: "td" }],
    toDOM: () => ["td", 0],
  },

  table_header: {
    content: "cell_text",
    attrs: cellAttributes,
    tableRole: "header_cell",
    isolating: true,
    parseDOM: [{ tag: "th" }],
    toDOM: () => ["th", { scope: "col" }, 0],
  },

  // A cell is one line of words: no breaks, lists or paragraphs inside.
  cell_text: {
    content: "text*",
    parseDOM: [{ tag: "p", context: "table_cell/|table_header/", priority: 60 }],
    toDOM: () => ["p", 0],
  },

  text: { group: "inline" },

  hard_break: {
    inline: true,
    group: "inline",
    selectable: false,
    linebreakReplacement: true,
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
  },
};

const marks = {
  link: {
    attrs: { href: { validate: "string" } },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: linkAttributes }],
    toDOM: (mark) => ["a", { href: mark.attrs.href }, 0],
  },
  strong: {
    parseDOM: [{ tag: "strong" }, { tag: "b" }],
    toDOM: () => ["strong", 0],
  },
  em: {
    parseDOM: [{ tag: "em" }, { tag: "i" }],
    toDOM: () => ["em", 0],
  },
};

function firstNumber(list) {
  const start = list.getAttribute("start") ?? "";
  return /^\d{1,3}$/.test(start) ? Number(start) : 1;
}

// `false`: the words stay, the link goes.
function linkAttributes(dom) {
  const href = linkable(dom.getAttribute("href"));
  return href ? { href } : false;
}

export const schema = new Schema({ nodes, marks });
