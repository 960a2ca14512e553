/* Shows what follows from an answer once it is given; without scripts it always shows, and says itself when it applies. */
export function startBranches(root) {
  for (const branch of root.querySelectorAll("[data-when]")) {
    const [names, wanted] = branch.dataset.when.split("=").map((part) => part.split(" "));
    const question = [...branch.closest("form").elements].filter((input) => names.includes(input.name));
    const show = () => {
      const applies = question.some((input) => input.checked && wanted.includes(input.value));
      branch.hidden = !applies && !branch.querySelector(".govuk-error-message");
    };
    for (const input of question) {
      input.addEventListener("change", show);
    }
    show();
  }
}
