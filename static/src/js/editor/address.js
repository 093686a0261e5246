// Which addresses text may link to: the same rule that the server applies when the text arrives.

const LONGEST = 2000;
// No user name before the host: "https://www.gov.uk@example.org" is a way to deceive a reader.
const WEB = /^https?:\/\/[^/?#@\s]+(?:[/?#]\S*)?$/i;
const MAIL = /^mailto:[^\s@]+@[^\s@]+$/i;

// The address if it may be linked to, else "".
export function linkable(address) {
  const trimmed = (address ?? "").trim();
  const known = WEB.test(trimmed) || MAIL.test(trimmed);
  return known && trimmed.length <= LONGEST ? trimmed : "";
}

// The same for what a person types, who leaves out what browsers leave out.
export function linkableAsTyped(typed) {
  const trimmed = typed.trim();
  if (/^[^\s@:/]+@[^\s@/]+\.[^\s@/]+$/.test(trimmed)) {
    return linkable(`mailto:${trimmed}`);
  }
  if (/^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(trimmed)) {
    return linkable(`https://${trimmed}`);
  }
  return linkable(trimmed);
}
