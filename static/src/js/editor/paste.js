// What word processors and other pages put on the clipboard, read into a few plain elements.
//
// The server reads what arrives by the same rules. They stand here too so that people see at once
// what will be kept. Text that a reader of the source could not see is not kept: hidden text,
// deletions of tracked changes, comments in the margin.

import { linkable } from "./address.js";
import { linesOf, paragraphsOf } from "./runs.js";
import { foldLists, isMarker, itemOf, styleOf } from "./word.js";

const HEADINGS = { H1: "h3", H2: "h3", H3: "h3", H4: "h4", H5: "h4", H6: "h4" };
const BLOCKS = new Set(
  ("P DIV BLOCKQUOTE PRE SECTION ARTICLE HEADER FOOTER MAIN ASIDE NAV FORM FIELDSET BODY " +
    "DL DT DD ADDRESS FIGURE FIGCAPTION CAPTION HR LI TR TD TH TBODY THEAD TFOOT").split(" "),
);
// These go with all they hold. Every other element goes and leaves its words.
const DROPPED = new Set(
  ("SCRIPT STYLE TITLE TEMPLATE NOSCRIPT IFRAME OBJECT SVG MATH XML TEXTAREA SELECT BUTTON VIDEO " +
    "AUDIO CANVAS MAP APPLET NOEMBED DEL S STRIKE").split(" "),
);
const HEAVY = new Set(["bold", "bolder", "600", "700", "800", "900"]);
const MOST_COLUMNS = 60;
const MOST_SPAN = 500;
const PLAIN = { strong: false, em: false, href: "" };

// A parser for ProseMirror's `clipboardParser` that reads through the rules above.
export function clipboardParser(parser) {
  return {
    parseSlice: (dom, options) => {
      // Cells copied inside the editor arrive as bare rows, which mean something only to it.
      const rows = options.preserveWhitespace && /^(TABLE|TBODY|TR)$/.test(dom.nodeName);
      return parser.parseSlice(rows ? dom : read(dom), options);
    },
  };
}

// Plain paragraphs, headings, lists and tables, without one attribute that is not needed.
export function read(source) {
  const clean = document.createElement("div");
  clean.append(...blocksOf(source));
  return clean;
}

function blocksOf(source, marks = PLAIN) {
  const reading = { blocks: [], runs: [] };
  readChildren(reading, source, marks);
  flush(reading);
  return joined(foldLists(reading.blocks));
}

function readChildren(reading, element, marks) {
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      reading.runs.push({ ...marks, text: child.nodeValue });
    } else if (child.nodeType === Node.ELEMENT_NODE && !isHidden(child)) {
      readElement(reading, child, marks);
    }
  }
}

function readElement(reading, element, marks) {
  const name = element.nodeName.toUpperCase();
  if (name === "BR") {
    reading.runs.push({ ...marks, text: "\n", isBreak: true });
  } else if (name === "UL" || name === "OL") {
    add(reading, listOf(element));
  } else if (name === "TABLE") {
    tableOf(element).forEach((block) => add(reading, block));
  } else if (HEADINGS[name]) {
    add(reading, line(HEADINGS[name], element));
  } else if (BLOCKS.has(name)) {
    readParagraph(reading, element, marks);
  } else if (name === "SUP" || name === "SUB") {
    reading.runs.push({ ...marks, text: small(element, name) });
  } else {
    readChildren(reading, element, marked(element, marks));
  }
}

function readParagraph(reading, element, marks) {
  flush(reading);
  const item = itemOf(element);
  if (item) {
    reading.blocks.push({ ...item, content: linesOf(inlineRuns(element)) });
    return;
  }
  readChildren(reading, element, marked(element, marks));
  flush(reading);
}

function add(reading, block) {
  flush(reading);
  if (block.textContent.trim()) {
    reading.blocks.push(block);
  }
}

// Close the paragraph that has gathered.
function flush(reading) {
  reading.blocks.push(...paragraphsOf(reading.runs));
  reading.runs = [];
}

function line(tag, element) {
  const block = document.createElement(tag);
  block.append(linesOf(inlineRuns(element), { oneLine: true }));
  return block;
}

// All the text inside as runs, blocks inside parted by a space.
function inlineRuns(element, marks = PLAIN) {
  const runs = [];
  for (const child of element.childNodes) {
    const name = child.nodeName.toUpperCase();
    if (child.nodeType === Node.TEXT_NODE) {
      runs.push({ ...marks, text: child.nodeValue });
    } else if (child.nodeType !== Node.ELEMENT_NODE || isHidden(child)) {
      continue;
    } else if (name === "BR") {
      runs.push({ ...marks, text: "\n", isBreak: true });
    } else if (name === "SUP" || name === "SUB") {
      runs.push({ ...marks, text: small(child, name) });
    } else {
      const gap = isBlock(name) ? [{ ...PLAIN, text: " " }] : [];
      runs.push(...gap, ...inlineRuns(child, marked(child, marks)), ...gap);
    }
  }
  return runs;
}

function isBlock(name) {
  return BLOCKS.has(name) || name in HEADINGS || name === "UL" || name === "OL" || name === "TABLE";
}

function isHidden(element) {
  if (DROPPED.has(element.nodeName.toUpperCase()) || isMarker(element)) {
    return true;
  }
  const style = styleOf(element);
  return (
    style.display === "none" ||
    style.visibility === "hidden" ||
    style["mso-hide"] === "all" ||
    style["mso-special-character"] === "comment" ||
    (style["mso-element"] ?? "").startsWith("comment")
  );
}

function marked(element, marks) {
  const name = element.nodeName.toUpperCase();
  const { "font-weight": weight, "font-style": slant } = styleOf(element);
  let strong = marks.strong || name === "B" || name === "STRONG" || HEAVY.has(weight);
  let em = marks.em || name === "I" || name === "EM" || slant === "italic" || slant === "oblique";
  // A whole document comes wrapped in <b style="font-weight:normal">, among others.
  if (weight === "normal" || weight === "400") {
    strong = marks.strong;
  }
  if (slant === "normal") {
    em = marks.em;
  }
  const href = name === "A" ? linkable(element.getAttribute("href")) : "";
  return { strong, em, href: href || marks.href };
}

// Raised and lowered figures, so that 10² does not become 102. Other text stays as it is.
function small(element, name) {
  const text = element.textContent.trim();
  const [from, to] =
    name === "SUP" ? ["0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"] : ["0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"];
  const known = [...text].every((character) => from.includes(character));
  return known ? [...text].map((character) => to[from.indexOf(character)]).join("") : text;
}

function listOf(element) {
  const list = document.createElement(element.nodeName.toLowerCase());
  if (element.hasAttribute("start")) {
    list.setAttribute("start", element.getAttribute("start"));
  }
  for (const child of element.children) {
    if (isHidden(child)) {
      continue;
    }
    const isList = child.nodeName === "UL" || child.nodeName === "OL";
    const blocks = child.nodeName === "LI" ? blocksOf(child) : blocksOf({ childNodes: [child] });
    if (isList && list.lastElementChild) {
      list.lastElementChild.append(...blocks); // a list put straight into a list, as some do
    } else if (blocks.length) {
      const item = document.createElement("li");
      item.append(...blocks);
      list.append(item);
    }
  }
  return list;
}

// A table as blocks: its captions, then itself; or what it framed.
function tableOf(element) {
  const { rows, captions } = rowsOf(element);
  const before = captions.map((caption) => line("p", caption));
  if (rows.length === 1 && rows[0].length === 1) {
    return [...before, ...blocksOf(rows[0][0])]; // a frame for layout, as in e-mail
  }
  return [...before, ...gridOf(rows)];
}

// The cells row by row, and captions; tables inside cells stay in their cell.
function rowsOf(table) {
  const rows = [];
  const captions = [];
  for (const child of table.children) {
    if (isHidden(child)) {
      continue;
    }
    if (child.nodeName === "TR") {
      rows.push([...child.children].filter(({ nodeName }) => /^T[DH]$/.test(nodeName)));
    } else if (child.nodeName === "CAPTION") {
      captions.push(child);
    } else if (/^T(HEAD|BODY|FOOT)$/.test(child.nodeName)) {
      const inner = rowsOf(child);
      rows.push(...inner.rows);
      captions.push(...inner.captions);
    }
  }
  return { rows, captions };
}

// Cells on a grid. A cell that spans leaves the places it covers empty.
function gridOf(rows) {
  const grid = [];
  let covered = [];
  for (const cells of rows) {
    const places = [];
    const waiting = [...cells];
    while ((waiting.length || places.length < covered.length) && places.length < MOST_COLUMNS) {
      if (covered[places.length] > 0 || !waiting.length) {
        places.push(null);
        continue;
      }
      const cell = waiting.shift();
      const at = places.length;
      const wide = span(cell, "colspan", MOST_COLUMNS - at);
      places.push(cell, ...Array(wide - 1).fill(null));
      for (let column = at; column < at + wide; column += 1) {
        covered[column] = span(cell, "rowspan", MOST_SPAN);
      }
    }
    grid.push(places);
    covered = Array.from(covered, (left) => Math.max((left ?? 0) - 1, 0));
  }
  return tableFrom(grid);
}

function tableFrom(grid) {
  const width = Math.max(0, ...grid.map((places) => places.length));
  const table = document.createElement("table");
  grid.forEach((places, at) => {
    const row = document.createElement("tr");
    for (let column = 0; column < width; column += 1) {
      const tag = at === 0 ? "th" : "td";
      const cell = places[column] ? line(tag, places[column]) : document.createElement(tag);
      row.append(cell);
    }
    if (at === 0 || row.textContent.trim()) {
      table.append(row);
    }
  });
  return table.textContent.trim() ? [table] : [];
}

function span(cell, name, most) {
  const value = cell.getAttribute(name) ?? "";
  return /^\d{1,9}$/.test(value) ? Math.min(Math.max(Number(value), 1), most) : 1;
}

// Neighbouring lists of one kind that go on counting are one list.
function joined(blocks) {
  const done = [];
  for (const block of blocks) {
    const last = done[done.length - 1];
    if (last && continues(last, block)) {
      last.append(...block.children);
    } else {
      done.push(block);
    }
  }
  return done;
}

function continues(first, second) {
  if (first.nodeName !== second.nodeName || !/^[UO]L$/.test(first.nodeName)) {
    return false;
  }
  const start = (list) => Number(list.getAttribute("start") ?? 1);
  return first.nodeName === "UL" || start(second) === start(first) + first.children.length;
}
