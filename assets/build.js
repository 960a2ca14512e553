/* Builds the styles and copies the scripts that the pages load into jags/web/static/dist. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "jags", "web", "static", "dist");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const styles = sass.compile(join(here, "styles", "jags.scss"), {
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
  style: "compressed",
});
writeFileSync(join(target, "jags.css"), styles.css);

copyFileSync(
  join(here, "node_modules", "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"),
  join(target, "govuk-frontend.min.js"),
);
for (const folder of ["scripts", "images"]) {
  for (const name of readdirSync(join(here, folder))) {
    copyFileSync(join(here, folder, name), join(target, name));
  }
}
console.log(`Styles and scripts are in ${target}`);
