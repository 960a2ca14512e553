/* Keeps feedback that is being written on this device alone, until it is sent and for a day at most; nothing goes to the server. */
const PREFIX = "jags-draft-";
const SENT = "jags-draft-sent";
const LONGEST = 24 * 60 * 60 * 1000;
/* Never kept: the right to answer, and that a question about a worry was asked. */
const LEFT_OUT = ["ticket", "worry"];
const KEPT = "What you type is kept on this device until you send it, for a day at most.";
const PUT_BACK = "What you typed on this device before is here again.";
const DELETED = "Deleted from this device. What stands on this page stays until you leave it.";

export function startDrafts(root) {
  try {
    forgetOldOnes();
    if (root.querySelector("[data-draft-sent]")) {
      localStorage.removeItem(sessionStorage.getItem(SENT));
      sessionStorage.removeItem(SENT);
    }
  } catch {
    // A browser that keeps nothing: the pages work all the same.
    return;
  }
  for (const form of root.querySelectorAll("form[data-draft]")) {
    keep(form, root.querySelector("[data-draft-said]"));
  }
}

function forgetOldOnes() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    if (!(Date.now() - read(key)?.at < LONGEST)) {
      localStorage.removeItem(key);
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

async function keep(form, panel) {
  // The name of a draft tells no ticket. Without a secure connection the browser cannot make one, and nothing is kept.
  if (!crypto.subtle) {
    return;
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(form.elements.ticket.value));
  const key = PREFIX + [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const said = panel.querySelector("[data-draft-words]");
  let stopped = false;

  const draft = read(key);
  const returned = draft && Object.keys(answers(form)).length === 0;
  if (returned) {
    putBack(form, draft.values);
  }
  said.textContent = returned ? PUT_BACK : KEPT;
  panel.hidden = false;

  function save() {
    if (!stopped) {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: answers(form) }));
    }
  }
  // What came along from the other screen is kept too.
  if (Object.keys(answers(form)).length > 0) {
    save();
  }
  form.addEventListener("input", save);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "send") {
      sessionStorage.setItem(SENT, key);
    }
  });
  panel.querySelector("button").addEventListener("click", () => {
    stopped = true;
    localStorage.removeItem(key);
    said.textContent = DELETED;
  });
}

function answers(form) {
  const given = [...new FormData(form)].filter(([name, value]) => value && !LEFT_OUT.includes(name));
  return Object.fromEntries(given);
}

function putBack(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field) {
      field.value = value;
      continue;
    }
    // It belongs to the other screen and travels along.
    const carried = document.createElement("input");
    carried.type = "hidden";
    carried.name = name;
    carried.value = value;
    form.append(carried);
  }
  form.querySelector("details")?.toggleAttribute("open", true);
}
