/* Warns some minutes before a session ends by itself, and lets it go on; what was typed stays on the page in any case. */
const WARNING = 5 * 60;
const ENDED = "You have been signed out. What you typed is still on this page: sign in in another tab, then send it here.";

export function startIdleWarning(root) {
  const box = root.querySelector("[data-idle]");
  if (box) {
    watch(box, box.querySelector("button"), box.querySelector("[data-idle-said]"));
  }
}

function watch(box, button, said) {
  let timers = [];

  function begin(seconds) {
    timers.forEach(clearTimeout);
    const warned = Math.max(seconds - WARNING, 0);
    timers = [setTimeout(warn, warned * 1000), setTimeout(end, seconds * 1000)];
  }

  function warn() {
    box.hidden = false;
    button.focus({ preventScroll: true });
  }

  function end() {
    warn();
    said.textContent = ENDED;
    button.hidden = true;
  }

  button.addEventListener("click", async () => {
    try {
      const answer = await fetch(box.dataset.stay, {
        method: "POST",
        body: new URLSearchParams({ csrf_token: box.dataset.token }),
      });
      if (!answer.ok) {
        end();
        return;
      }
      box.hidden = true;
      begin((await answer.json()).seconds);
    } catch {
      said.textContent = "There is no connection. Try again in a moment; what you typed stays on this page.";
    }
  });
  begin(Number(box.dataset.idle));
}
