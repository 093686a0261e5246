// Runs of text, as they gather while HTML is read, and the elements they become.

// Paragraphs. Two line breaks in a row part two of them; blank ones are dropped.
export function paragraphsOf(runs) {
  const paragraphs = [];
  let part = [];
  const close = () => {
    if (part.some(({ text }) => text.trim())) {
      const paragraph = document.createElement("p");
      paragraph.append(linesOf(part));
      paragraphs.push(paragraph);
    }
    part = [];
  };
  for (const run of runs) {
    if (run.isBreak && endsLine(part)) {
      close();
    } else {
      part.push(run);
    }
  }
  close();
  return paragraphs;
}

// The content of one paragraph, heading or cell. `oneLine` makes line breaks spaces.
export function linesOf(runs, { oneLine = false } = {}) {
  const fragment = document.createDocumentFragment();
  let pendingBreak = false;
  for (const run of runs) {
    const words = run.isBreak ? (oneLine ? " " : "") : run.text.replace(/\s+/g, " ");
    if (run.isBreak && !oneLine) {
      pendingBreak = fragment.childNodes.length > 0;
    } else if (words && !(words === " " && (pendingBreak || !fragment.hasChildNodes()))) {
      if (pendingBreak) {
        fragment.append(document.createElement("br"));
        pendingBreak = false;
      }
      fragment.append(wrapped(words, run));
    }
  }
  return fragment;
}

function endsLine(runs) {
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    if (runs[at].isBreak || runs[at].text.trim()) {
      return Boolean(runs[at].isBreak);
    }
  }
  return false;
}

function wrapped(words, { strong, em, href }) {
  let node = document.createTextNode(words);
  for (const [tag, wanted] of [["em", em], ["strong", strong], ["a", href]]) {
    if (wanted) {
      const element = document.createElement(tag);
      element.append(node);
      node = element;
    }
  }
  if (href) {
    node.setAttribute("href", href);
  }
  return node;
}
