// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC
// Puts the pedal on a page without MOD's interface, for pictures and tests: fills in the template, and calls the
// script as the interface would. The page holds the three files as texts of elements "icon", "style" and "script".

const textOf = (id) => document.getElementById(id).textContent;

const find = (contexts, name) => {
  for (const context of contexts) {
    const value = name.split(".").reduce((at, key) => at?.[key], context);
    if (value !== undefined) return value;
  }
  throw new Error(`the template wants ${name}`);
};

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// {{#sections}}, {{texts}} and {{{raw texts}}} of Mustache, which is all that the template uses
const fill = (template, contexts) =>
  template
    .replace(/\{\{#([\w.]+)\}\}([^]*?)\{\{\/\1\}\}/g, (_, name, inside) =>
      [find(contexts, name)]
        .flat()
        .filter(Boolean)
        .map((item) => fill(inside, [item, ...contexts]))
        .join(""))
    .replace(/\{\{\{([\w.]+)\}\}\}/g, (_, name) => find(contexts, name))
    .replace(/\{\{([\w.]+)\}\}/g, (_, name) => escape(find(contexts, name)));

const files = (folder, names) => names.map((name) => ({ basename: name, fullname: `${folder}/${name}` }));

const effect = {
  name: "Grus",
  parameters: [
    { uri: "urn:grus:speaker", path: true, files: files("/cabinets", ["2x12 open.wav", "4x12 closed.wav"]) },
    { uri: "urn:grus:model-name", path: false },
    { uri: "urn:grus:model", path: true, files: files("/models", ["crunch.json", 'A "quoted" & <odd> name.nam', "plexi.json"]) },
  ],
  ports: { audio: { input: [{ name: "In", symbol: "in" }], output: [{ name: "Out", symbol: "out" }] } },
};

const data = { effect, cns: "_stage", ns: "" };
const style = document.createElement("style");
style.textContent = fill(textOf("style"), [data]).replaceAll("url(/resources/", `url(${document.body.dataset.resources}/`);
document.head.append(style);
const icon = document.createElement("div");
icon.innerHTML = fill(textOf("icon"), [data]);
document.body.append(icon);

const call = (0, eval)(`(${textOf("script")}\n)`);
const kept = {};
const tell = (event) => call({ api_version: 3, icon: [icon], data: kept, ...event }, {});
const change = (values) => {
  for (const [name, value] of Object.entries(values)) {
    tell({ type: "change", value, ...(name.includes(":") ? { uri: name } : { symbol: name }) });
  }
};

// What the interface's own widgets show
const turn = (symbol, at, text) => {
  icon.querySelector(`.grus-dial[mod-port-symbol=${symbol}]`).style.backgroundPosition = `${Math.round(at * 96) * -56}px 0`;
  icon.querySelector(`.grus-value[mod-port-symbol=${symbol}]`).textContent = text;
};
const choose = (symbol, value) =>
  icon.querySelector(`[mod-port-symbol=${symbol}] [mod-port-value="${value}"]`).classList.add("selected");
const light = (name) => icon.querySelector(`.grus-${name}`).classList.add("on");
