// Writes static/css/tokens.css from the npm package @fluentui/tokens (MIT): only the tokens the style sheets use.
// Usage: npm pack @fluentui/tokens && tar xzf fluentui-tokens-*.tgz && node scripts/tokens.cjs package
const fs = require("node:fs");
const path = require("node:path");

const { webLightTheme, webDarkTheme } = require(path.resolve(process.argv[2], "lib-commonjs/index.cjs"));
const css = path.join(__dirname, "..", "static", "css");
const styles = fs.readdirSync(css).filter((name) => name.endsWith(".css") && name !== "tokens.css");
const text = styles.map((name) => fs.readFileSync(path.join(css, name), "utf8")).join("\n");
const used = [...new Set([...text.matchAll(/var\(--([a-zA-Z0-9]+)\)/g)].map((match) => match[1]))].sort();
const known = used.filter((name) => name in webLightTheme);
const coloured = known.filter((name) => webLightTheme[name] !== webDarkTheme[name]);
const lines = (names, theme, indent) => names.map((name) => `${indent}--${name}: ${theme[name]};`).join("\n");

fs.writeFileSync(
  path.join(css, "tokens.css"),
  `/* Fluent 2 design tokens, (c) Microsoft Corporation, MIT license, see NOTICE. Made by scripts/tokens.cjs. */
:root {
  color-scheme: light;
${lines(known, webLightTheme, "  ")}
}
@media screen and (prefers-color-scheme: dark) {
  :root:not([data-theme]) {
    color-scheme: dark;
${lines(coloured, webDarkTheme, "    ")}
  }
}
@media screen {
  :root[data-theme="dark"] {
    color-scheme: dark;
${lines(coloured, webDarkTheme, "    ")}
  }
}
`,
);
