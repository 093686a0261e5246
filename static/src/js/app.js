// What every page may use. Pages are whole without it.

import {
  Button,
  CharacterCount,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
} from "govuk-frontend";

import { offerToCopy } from "./page/copying.js";
import { warnWhenLeft } from "./page/leaving.js";
import { askForPasskey } from "./page/passkeys.js";
import { RevealingCheckboxes, RevealingRadios } from "./page/reveals.js";
import { letTablesScroll } from "./page/scrolling.js";
import { offerToSign } from "./page/signing.js";

const COMPONENTS = [
  Button,
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  RevealingCheckboxes,
  RevealingRadios,
  ServiceNavigation,
  SkipLink,
];

// A browser that runs modules is one the components support. They hide nothing before this.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

COMPONENTS.forEach((component) => createAll(component));
document.querySelectorAll("form[data-warns-when-left]").forEach(warnWhenLeft);
document.querySelectorAll("form[data-passkey]").forEach(askForPasskey);
document.querySelectorAll("[data-signs-with-passkey]").forEach(offerToSign);
document.querySelectorAll("[data-copy]").forEach(offerToCopy);
letTablesScroll(document);
