/* Starts the small comforts on each page; every page works without them. */
import { initAll } from "./govuk-frontend.min.js";
import { startAutosave } from "./autosave.js";
import { startBranches } from "./branches.js";
import { startCopyButtons } from "./copy-link.js";
import { startDrafts } from "./draft.js";
import { startIdleWarning } from "./idle.js";
import { startKeys } from "./keys.js";
import { startPasskeys } from "./passkey.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
startCopyButtons(document);
startAutosave(document);
startBranches(document);
startDrafts(document);
startIdleWarning(document);
startKeys(document);
startPasskeys(document);
