// A wide table scrolls by itself. Only while it does is it a stop for the Tab key.

export function letTablesScroll(root) {
  root.querySelectorAll(".app-prose table").forEach((table) => {
    if (!table.closest(".app-scroll")) {
      wrap(table);
    }
  });
  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
  root.querySelectorAll(".app-scroll").forEach((region) => observer.observe(region));
}

// A group and not a region: a text with ten tables would add ten landmarks of one name.
function wrap(table) {
  const group = document.createElement("div");
  group.className = "app-scroll";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Table, scrolls sideways");
  table.replaceWith(group);
  group.append(table);
}

function mark(place) {
  if (place.scrollWidth > place.clientWidth) {
    place.tabIndex = 0;
  } else {
    place.removeAttribute("tabindex");
  }
}
