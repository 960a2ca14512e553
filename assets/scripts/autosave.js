/* Keeps a page of the request form while it is being filled, and says when; Continue keeps it in any case. */
const WAIT = 2500;
const RETRY = 10000;

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    keep(form, form.querySelector("[data-autosave-said]"));
  }
}

function keep(form, said) {
  let timer = 0;
  let busy = false;
  let changed = false;
  let left = false;

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    if (busy || left || !changed) {
      return;
    }
    busy = true;
    changed = false;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        keepalive: true,
        headers: { Accept: "application/json" },
      });
      said.textContent = answer.ok || answer.status === 409 ? (await answer.json()).said : tryAgain();
    } catch {
      said.textContent = tryAgain();
    } finally {
      busy = false;
      if (changed) {
        later(WAIT);
      }
    }
  }

  function tryAgain() {
    changed = true;
    later(RETRY);
    return "Not kept yet: there is no connection. What you typed stays on this page, and we try again.";
  }

  form.addEventListener("input", () => {
    changed = true;
    later(WAIT);
  });
  form.addEventListener("submit", () => {
    left = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      send();
    }
  });
}
