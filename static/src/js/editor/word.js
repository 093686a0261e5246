// Lists as Microsoft Word puts them on the clipboard: not lists, but paragraphs with a style.
//
//   <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
//     <span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span>First<o:p></o:p></p>
//
// A paragraph that Word numbered "2.3" is not an item: it is a numbered paragraph of a decision
// paper, and the system numbers those itself.

const ORDERED = /^\(?(\d{1,3}|[a-z]{1,4})[.)]$/i;
const OUTLINE = /^\d+(\.\d+)+[.)]?$/;

// Inline styles and handlers, put out of the browser's sight. It applies none of them, for the page's
// security policy forbids it, but it would complain of each, in a long document thousands of times.
export function quietened(html) {
  const withoutSheets = html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "");
  return withoutSheets.replace(/<[a-z][^<>]*>/gi, (tag) =>
    tag.replace(/([\s"'])(style|on[a-z]+)(?=\s*=)/gi, "$1 data-$2"),
  );
}

// The declarations of the style attribute. Read from the text: a browser forgets Word's own words.
export function styleOf(element) {
  const style = {};
  const text = element.getAttribute("data-style") ?? element.getAttribute("style") ?? "";
  for (const declaration of text.split(";")) {
    const [name, ...value] = declaration.split(":");
    style[name.trim().toLowerCase()] = value.join(":").trim().toLowerCase();
  }
  return style;
}

// Whether an element holds the bullet or number itself, which the list draws again.
export function isMarker(element) {
  return styleOf(element)["mso-list"] === "ignore";
}

// An item of a list; null if the paragraph is not one.
export function itemOf(paragraph) {
  const style = styleOf(paragraph)["mso-list"];
  if (!style || style === "none" || style === "skip") {
    return null;
  }
  const marker = [...paragraph.querySelectorAll("*")].find(isMarker);
  const shown = (marker?.textContent ?? "").replace(/\s/g, "");
  if (OUTLINE.test(shown)) {
    return null;
  }
  const ordered = ORDERED.exec(shown);
  return {
    level: Number(/\blevel(\d)\b/.exec(style)?.[1] ?? 1),
    ordered: ordered !== null,
    start: /^\d+$/.test(ordered?.[1] ?? "") ? Number(ordered[1]) : 1,
  };
}

// Fold each stretch of items into lists. Whatever is not an item has no `level`.
export function foldLists(blocks) {
  const done = [];
  let stretch = [];
  for (const block of [...blocks, null]) {
    if (block?.level) {
      stretch.push(block);
      continue;
    }
    done.push(...fold(stretch));
    stretch = [];
    if (block) {
      done.push(block);
    }
  }
  return done;
}

// Items of any levels: what lies deeper than the first belongs to the item above it.
function fold(items) {
  const lists = [];
  let at = 0;
  while (at < items.length) {
    const first = items[at];
    const list = document.createElement(first.ordered ? "ol" : "ul");
    if (first.ordered && first.start !== 1) {
      list.setAttribute("start", first.start);
    }
    while (items[at]?.level <= first.level && items[at].ordered === first.ordered) {
      let next = at + 1;
      while (items[next]?.level > first.level) {
        next += 1;
      }
      const item = document.createElement("li");
      item.append(items[at].content, ...fold(items.slice(at + 1, next)));
      list.append(item);
      at = next;
    }
    lists.push(list);
  }
  return lists;
}
