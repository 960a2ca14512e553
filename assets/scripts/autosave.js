/* Saves a page of the request form while it is being filled, and says when; Continue saves it in any case. */
const WAIT = 2500;
const RETRY = 10000;
const NO_CONNECTION = "Not saved yet: there is no connection. What you typed stays on this page, and we try again.";
const NO_MORE = "This page does not save itself any more. Press Continue to go on.";

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    keep(form, form.querySelector("[data-autosave-said]"));
  }
}

function keep(form, said) {
  const page = form.elements.page;
  const [mark, sent] = page.value.split(":");
  let step = Number(sent) || 0;
  let timer = 0;
  let changed = false;
  let ended = false;
  let onItsWay = null;

  /* The server knows from the count what was overtaken on its way, and does not let it replace what is newer. */
  function count() {
    step += 1;
    page.value = `${mark}:${step}`;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    if (onItsWay || ended || !changed) {
      return;
    }
    onItsWay = new AbortController();
    changed = false;
    let wait = WAIT;
    count();
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        // A page that is being left may send no more than 64 kB; one that stays has no such limit.
        keepalive: document.visibilityState === "hidden",
        signal: onItsWay.signal,
      });
      ended = !answer.ok && answer.status < 500;
      if (answer.status >= 500) {
        throw new Error("not saved");
      }
      said.textContent = await words(answer);
    } catch {
      if (!ended) {
        changed = true;
        wait = RETRY;
        said.textContent = NO_CONNECTION;
      }
    } finally {
      onItsWay = null;
      if (changed) {
        later(wait);
      }
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    later(WAIT);
  });
  form.addEventListener("submit", () => {
    ended = true;
    clearTimeout(timer);
    onItsWay?.abort();
    count();
  });
  // Back in the history the page may come as it was left, and goes on.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      ended = false;
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      send();
    }
  });
}

async function words(answer) {
  const kind = answer.headers.get("content-type") ?? "";
  return kind.startsWith("application/json") ? (await answer.json()).said : NO_MORE;
}
