// Builds everything the browser and the documents need into build/, which is never committed:
//   build/static/  styles, scripts and images, served under /static/
//   build/fonts/   the typefaces of signed documents
// Run by `npm run build`.

import { copyFile, cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { compileAsync } from "sass";

const sources = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(sources, "..", "..");
const modules = path.join(project, "node_modules");
const finished = path.join(project, "build");
// Made beside its place and moved there when whole: a build that fails leaves the last one standing.
const making = path.join(finished, `.making-${process.pid}`);
const assets = path.join(making, "static");
const fonts = path.join(making, "fonts");
const typeface = path.join(modules, "@expo-google-fonts", "source-sans-3");

// One sober weight for text, one for headings inside text, one for headings; each with its italic.
const faces = ["400Regular", "600SemiBold", "700Bold"].flatMap((face) => [face, `${face}_Italic`]);

async function styles() {
  const { css } = await compileAsync(path.join(sources, "scss", "app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(path.join(assets, "app.css"), css);
}

async function scripts() {
  await build({
    entryPoints: { app: path.join(sources, "js", "app.js"), editor: path.join(sources, "js", "editor.js") },
    outdir: assets,
    bundle: true,
    format: "esm",
    target: "es2020",
    minify: true,
    legalComments: "linked",
    logLevel: "warning",
  });
}

async function typefaces() {
  for (const face of faces) {
    const file = `SourceSans3_${face}.ttf`;
    await copyFile(path.join(typeface, face, file), path.join(fonts, file));
  }
  await copyFile(path.join(typeface, "LICENSE_FONT"), path.join(fonts, "LICENSE_FONT"));
}

function ignoreMissing(error) {
  if (error.code !== "ENOENT") throw error;
}

async function all() {
  await mkdir(assets, { recursive: true });
  await mkdir(fonts, { recursive: true });
  const parts = await Promise.allSettled([
    styles(),
    scripts(),
    typefaces(),
    cp(path.join(project, "static", "img"), path.join(assets, "img"), { recursive: true }),
  ]);
  const failed = parts.find((part) => part.status === "rejected");
  if (failed) throw failed.reason;
}

try {
  await all();
  for (const folder of ["static", "fonts"]) {
    // Two renames: whoever serves the old files meanwhile never finds the folder half empty.
    const old = path.join(making, `old-${folder}`);
    await rename(path.join(finished, folder), old).catch(ignoreMissing);
    await rename(path.join(making, folder), path.join(finished, folder));
  }
} catch (error) {
  console.error(`The front end was not built: ${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(making, { recursive: true, force: true });
}
