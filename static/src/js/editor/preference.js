// Whether this person writes plain text: kept in their browser, and nowhere else.

const KEY = "countersign-plain-text";

export function prefersPlainText() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
}

export function preferPlainText(wish) {
  try {
    localStorage.setItem(KEY, wish ? "yes" : "no");
  } catch {
    // then it holds for this page
  }
}
