// Signing with a passkey: the service says what is to be signed, the passkey signs it, and the form
// is sent with its answer. Whatever goes wrong on the way, nothing is signed and nothing is lost.

import { bytes, packed } from "./passkeys.js";

const NONE = "This browser has no passkeys. Sign in another browser, or without a passkey.";
const STOPPED = "Your passkey was not used: it was cancelled, or it took too long. Nothing was signed. Try again.";
const ELSEWHERE = "Nothing was signed. Your passkey works only at this address: ";
const SOMETHING = "Your passkey could not be used, so nothing was signed. Try again.";

export function offerToSign(place) {
  const form = place.closest("form");
  const button = place.querySelector("button");
  const waiting = place.querySelector("[data-when-not-ready]");
  let busy = false;

  if (!window.PublicKeyCredential) {
    waiting.textContent = NONE;
    return;
  }
  waiting.hidden = true;
  place.querySelector("[data-when-ready]").hidden = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    say(place, "");
    try {
      send(form, await answer(form, place.dataset.challenge));
    } catch (error) {
      say(place, sentence(error, place.dataset.origin));
    }
    busy = false;
  });
}

// What goes into the form: what the passkey signed, or a word that lets the form show its errors.
async function answer(form, address) {
  const said = new FormData(form);
  said.set("passkey", "asked");
  said.delete("password");
  said.delete("code");
  const told = await asked(address, said);
  if (!told.options) return "asked";
  const publicKey = {
    ...told.options,
    challenge: bytes(told.options.challenge),
    allowCredentials: told.options.allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const credential = await navigator.credentials.get({ publicKey });
  return JSON.stringify({ token: told.token, credential: packed(credential) });
}

// An answer that is no challenge (signed out, paper moved on) is shown by sending the form itself.
async function asked(address, said) {
  const told = await fetch(address, { method: "POST", body: said, headers: { Accept: "application/json" } });
  const isJson = (told.headers.get("Content-Type") || "").startsWith("application/json");
  return told.ok && isJson ? told.json() : {};
}

function send(form, words) {
  for (const name of ["password", "code"]) {
    const field = form.elements.namedItem(name);
    if (field) field.value = "";
  }
  form.elements.namedItem("passkey").value = words;
  form.requestSubmit();
}

function sentence(error, origin) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return STOPPED;
  return error.name === "SecurityError" ? ELSEWHERE + origin : SOMETHING;
}

function say(place, words) {
  const wrong = place.querySelector("[data-when-wrong]");
  wrong.textContent = words;
  wrong.hidden = !words;
}
