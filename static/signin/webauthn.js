// WebAuthn ceremonies: options from the page to the authenticator, its answer into the form's hidden field.
// The server made the challenge, keeps it, and checks everything; this file only carries.
"use strict";

const decode = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

const encode = (buffer) => {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const credentials = (list) => (list || []).map((entry) => ({ ...entry, id: decode(entry.id) }));

const prepared = (options) => {
  const ready = { ...options, challenge: decode(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: decode(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = credentials(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = credentials(options.allowCredentials);
  return ready;
};

const answered = (credential) => {
  const { response } = credential;
  const fields = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) fields[name] = encode(response[name]);
  }
  if (response.getTransports) fields.transports = response.getTransports();
  const id = encode(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response: fields });
};

const run = async (box) => {
  const error = box.querySelector("[data-webauthn-error]");
  error.hidden = true;
  try {
    const publicKey = prepared(JSON.parse(box.dataset.options));
    const credential = await navigator.credentials[box.dataset.webauthn]({ publicKey });
    const form = document.getElementById(box.dataset.form);
    form.elements.answer.value = answered(credential);
    form.submit();
  } catch {
    error.hidden = false;
  }
};

for (const box of document.querySelectorAll("[data-webauthn]")) {
  box.querySelector("button").addEventListener("click", () => run(box));
}
