// A form that is sent with what a passkey says: data-passkey is "get" (prove who you are) or
// "create" (set one up), data-options what the service asks for, or data-options-url where it says so.
// The button, or the whole form, is shown here, and what stands in its place hidden, because without
// scripts there is no passkey.

const SAID = {
  NotAllowedError: "The passkey was not used: it was cancelled, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for this service already. Use that one.",
  SecurityError: "Your browser does not let passkeys be used at this address.",
};
const SOMETHING = "The passkey could not be used. Try again, or use a code instead.";
const NONE = "This browser has no passkeys. Use a code instead.";

export function askForPasskey(form) {
  const button = form.querySelector("button[type=submit]");
  document.querySelectorAll("[data-passkey-without]").forEach((place) => {
    place.hidden = true;
  });
  document.querySelectorAll("[data-passkey-with]").forEach((place) => {
    place.hidden = false;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, button, "");
    if (!window.PublicKeyCredential) {
      say(form, button, NONE);
      return;
    }
    try {
      const answer = await ask(form.dataset.passkey, await wanted(form));
      form.elements.namedItem("credential").value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      say(form, button, SAID[error.name] || SOMETHING);
    }
  });
}

async function wanted(form) {
  if (form.dataset.options) {
    return JSON.parse(form.dataset.options).publicKey;
  }
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error("The service gave no question for a passkey.");
  }
  return (await answer.json()).request_options.publicKey;
}

async function ask(kind, options) {
  const publicKey = unpacked(options);
  const found =
    kind === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  return packed(found);
}

// What travels as text is bytes for the browser.
function unpacked(options) {
  const listed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
  }
  publicKey.excludeCredentials = listed(options.excludeCredentials);
  publicKey.allowCredentials = listed(options.allowCredentials);
  return publicKey;
}

export function packed(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) {
      response[part] = text(credential.response[part]);
    }
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

export function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function say(form, button, words) {
  let place = form.querySelector("[data-passkey-said]");
  if (!place) {
    place = document.createElement("p");
    place.className = "govuk-error-message";
    place.dataset.passkeySaid = "";
    place.setAttribute("role", "alert");
    button.before(place);
  }
  place.textContent = words;
}
