/* Work with keys: two letters tick a theme, Enter saves, a full stop passes over. Off until somebody switches it on. */
const REMEMBERED = "jags-keys";

export function startKeys(root) {
  const place = root.querySelector("[data-keys]");
  const box = place?.querySelector("[data-keys-switch]");
  if (!box) {
    return;
  }
  const button = box.querySelector("button");
  const help = box.querySelector("[data-keys-help]");
  const said = box.querySelector("[data-keys-said]");
  let on = false;
  let typed = "";

  const show = (now) => {
    on = now;
    typed = "";
    button.setAttribute("aria-pressed", String(on));
    help.hidden = !on;
    for (const letters of place.querySelectorAll("kbd")) {
      letters.hidden = !on;
    }
    try {
      localStorage.setItem(REMEMBERED, on ? "on" : "off");
    } catch {
      /* A browser that keeps nothing begins without keys. */
    }
  };

  const press = (event) => {
    const within = event.target.closest("input:not([type=checkbox]), textarea, select, button, a, summary");
    if (!on || within || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "Escape") {
      typed = "";
    } else if (event.key === "Enter") {
      event.preventDefault();
      place.querySelector("form").requestSubmit();
    } else if (event.key === ".") {
      place.querySelector("[data-keys-pass]")?.click();
    } else if (/^[a-z0]$/.test(event.key)) {
      event.preventDefault();
      typed += event.key;
      if (typed.length === 2) {
        tick(typed);
        typed = "";
      }
    }
  };

  const tick = (letters) => {
    const found = place.querySelector(`[data-letters="${letters}"]`);
    if (!found) {
      said.textContent = `No theme has the letters ${letters}`;
      return;
    }
    found.click();
    found.scrollIntoView({ block: "nearest" });
    said.textContent = `${found.labels[0].firstChild.textContent.trim()}: ${found.checked ? "ticked" : "not ticked"}`;
  };

  box.hidden = false;
  button.addEventListener("click", () => show(!on));
  root.addEventListener("keydown", press);
  try {
    show(localStorage.getItem(REMEMBERED) === "on");
  } catch {
    show(false);
  }
}
