/* Shows the "Copy" button beside a link and says so once the link has been copied. */
export function startCopyButtons(root) {
  if (!navigator.clipboard) {
    return;
  }
  for (const button of root.querySelectorAll("[data-copy]")) {
    const source = root.getElementById(button.dataset.copy);
    const answer = root.getElementById(`${button.dataset.copy}-copied`);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        answer.textContent = "Copied";
      } catch {
        answer.textContent = "Copying did not work: select the link and copy it";
      }
    });
  }
}
