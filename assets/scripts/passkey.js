/* Asks the browser for a passkey when a page's button is pressed, and sends what it answers. */
export function startPasskeys(root) {
  for (const form of root.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-passkey-said]");
    form.addEventListener("submit", (event) => {
      if (form.elements.answer.value) {
        return;
      }
      event.preventDefault();
      ask(form, said);
    });
  }
}

async function ask(form, said) {
  if (!window.PublicKeyCredential) {
    said.textContent = "This browser knows no passkeys. Choose another way.";
    return;
  }
  said.textContent = "Follow your browser.";
  try {
    const question = await fetch(form.dataset.question, {
      method: "POST",
      body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
    });
    if (!question.ok) {
      throw new Error("no question");
    }
    const options = await question.json();
    const found =
      form.dataset.passkey === "make"
        ? await navigator.credentials.create({ publicKey: forMaking(options) })
        : await navigator.credentials.get({ publicKey: forUsing(options) });
    form.elements.answer.value = JSON.stringify(inLetters(found));
    form.submit();
  } catch {
    said.textContent = "That did not work, or took too long. Press the button to try again, or choose another way.";
  }
}

function forMaking(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(withBytes),
  };
}

function forUsing(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(withBytes),
  };
}

function withBytes(credential) {
  return { ...credential, id: bytes(credential.id) };
}

function inLetters(found) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) {
      response[name] = letters(found.response[name]);
    }
  }
  return { id: found.id, rawId: letters(found.rawId), type: found.type, response };
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
