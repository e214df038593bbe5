// Passkeys need a script. Where a browser has none of it, what needs it stays hidden, and passwords work.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const make = async (given) => {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(given.challenge),
      rp: { id: given.site, name: given.name },
      user: { id: bytes(given.user), name: given.login, displayName: given.login },
      pubKeyCredParams: given.algorithms.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
  return { client: text(made.response.clientDataJSON), attestation: text(made.response.attestationObject) };
};

const use = async (given) => {
  const used = await navigator.credentials.get({
    publicKey: { challenge: bytes(given.challenge), rpId: given.site, userVerification: "required" },
  });
  return {
    credential: text(used.rawId),
    client: text(used.response.clientDataJSON),
    authenticator: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    user: text(used.response.userHandle),
  };
};

for (const form of document.querySelectorAll("form[data-challenge]")) {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[role=alert]");
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.challenge, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ "form-token": form.elements["form-token"]?.value ?? "" }),
      });
      if (!answer.ok) throw new Error();
      const given = await answer.json();
      const fields = await (given.user ? make(given) : use(given));
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
      }
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
