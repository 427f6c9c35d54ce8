// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks the face in MOD's interface from inside a browser; it follows ttl/modgui/stage.js on the page. Prints to the
// console what is wrong, or "all well".

const wrong = [];
window.addEventListener("error", (event) => wrong.push("script: " + event.message));

const check = (is, text) => is || wrong.push(text);
const same = (got, expected, what) => check(got === expected, `${what} is "${got}", not "${expected}"`);

const part = (name) => icon.querySelector(`.grus-${name}`);
const chosen = (uri) => icon.querySelector(`[mod-parameter-uri="${uri}"] .grus-chosen`);
const isShown = (element) => element.offsetWidth > 0 && getComputedStyle(element).visibility === "visible";
const ownKnobs = () => [...icon.querySelectorAll(".grus-own")].filter(isShown);

const startsEmpty = () => {
  tell({ type: "start", ports: [{ symbol: "input_peak", value: -90 }], parameters: [{ uri: "urn:grus:model", value: "" }] });
  same(chosen("urn:grus:model").textContent, "Choose a model", "the empty model");
  same(chosen("urn:grus:speaker").textContent, "Choose a cabinet", "the empty cabinet");
  same(ownKnobs().length, 0, "the number of knobs without a model");
  check(!isShown(part("message")), "a message without a reason");
};

const listsFiles = () => {
  const values = [...icon.querySelectorAll('[mod-parameter-uri="urn:grus:model"] [mod-role=enumeration-option]')];
  same(values.at(-2).getAttribute("mod-parameter-value"), '/models/A "quoted" & <odd> name.nam', "a value of the list");
  same(values.at(-2).textContent, 'A "quoted" & <odd> name.nam', "a name in the list");
  check(icon.querySelector('[mod-parameter-uri="urn:grus:speaker"] [mod-parameter-value=""]'), "no way to have no cabinet");
};

const namesTheModel = () => {
  change({ "urn:grus:model": "/a.b/My model.v2.json" });
  same(chosen("urn:grus:model").textContent, "My model.v2", "the name from the file");
  change({ "urn:grus:model-name": "<b>Plexi</b>", "urn:grus:model-maker": "Ada", "urn:grus:model-gear": "Super Lead" });
  same(chosen("urn:grus:model").textContent, "<b>Plexi</b>", "the name");
  same(part("gear").textContent, "Ada · Super Lead", "the gear");
  change({ "urn:grus:model-maker": "", "urn:grus:model-kind": "GRU 16, 48 kHz", "urn:grus:model-accuracy": "ESR 0.0021" });
  same(part("gear").textContent, "Super Lead", "the gear without a maker");
  same(part("kind").textContent, "ESR 0.0021 · GRU 16, 48 kHz", "the kind");
};

const namesTheKnobs = () => {
  change({ "urn:grus:model-knob-1": "drive", "urn:grus:model-knob-2": "Bright" });
  same(ownKnobs().map((knob) => knob.querySelector(".grus-label").textContent).join(), "drive,Bright", "the knobs");
  change({ "urn:grus:model-knob-1": "", "urn:grus:model-knob-2": "" });
  same(ownKnobs().length, 0, "the number of knobs of a model without");
};

const namesTheCabinet = () => {
  change({ "urn:grus:speaker": "/cabinets/4x12 closed.wav", cabinet_heard: 2 });
  same(chosen("urn:grus:speaker").textContent, "4x12 closed", "the cabinet");
  same(part("heard").textContent, "", "what is heard of an own cabinet");
  change({ cabinet_heard: 1 });
  same(part("heard").textContent, "as captured", "what is heard without an own cabinet");
};

const tellsWhy = () => {
  change({ model_status: 3 });
  same(part("state").textContent, "model loading", "the state");
  change({ model_status: 2, cabinet_status: 4, "urn:grus:model-message": "a.nam: is a capture", "urn:grus:speaker-message": "b.wav: missing" });
  same(part("state").textContent, "model failed, cabinet missing", "the state");
  same(part("message").textContent, "a.nam: is a capture\nb.wav: missing", "the message");
  change({ "urn:grus:model-message": "long ".repeat(200) });
  check(part("message").scrollHeight > part("message").clientHeight, "a long message takes all the room");
  const height = part("message").clientHeight;
  part("message").click();
  check(part("message").clientHeight > height, "a click does not open the message");
  part("message").click();
  same(part("message").clientHeight, height, "the height of the message closed again");
  change({ model_status: 1, cabinet_status: 1, "urn:grus:model-message": "", "urn:grus:speaker-message": "" });
  check(!isShown(part("message")), "the message stays");
  same(part("state").textContent, "", "the state");
};

const showsPeaks = () => {
  const rest = (name) => parseFloat(part(name).querySelector(".grus-rest").style.width);
  change({ input_peak: -27, output_peak: -80 });
  same(rest("input"), 50, "what is left of the input's meter");
  same(rest("output"), 100, "what is left of the output's meter");
  same(part("input").querySelector(".grus-peak").textContent, "-27.0", "the peak");
  check(!part("output").classList.contains("grus-clip"), "clips without reason");
  change({ output_peak: 0.5 });
  change({ output_peak: -20 });
  check(part("output").classList.contains("grus-clip"), "a clipped peak is forgotten at once");
  change({ gate_open: 0.25, load: 3.44 });
  same(part("gate").style.opacity, "0.75", "the gate's light");
  same(part("load").textContent, "CPU 3.4 %", "the load");
};

// The elements that show something, none of them inside another
const shownParts = () =>
  ["brand", "state", "load", "step", "slot", "gear", "kind", "meter > *", "knob > *", "cabinet > *", "levels > *", "quality > *", "light", "foot"]
    .flatMap((name) => [...icon.querySelectorAll(`.grus-${name}`)])
    .filter(isShown);

const nameOf = (element) => `${element.className} "${element.textContent.trim().slice(0, 30)}"`;

const liesOver = (a, b) => {
  const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
  // Neighbours may share a border
  return Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1.5 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1.5;
};

// All knobs, the longest texts and the widest values
const fits = () => {
  const long = "A very long name that no place on a pedal could ever hold, whatever the font and whatever it may be used for";
  for (const name of ["model-name", "model-gear", "model-kind"]) change({ [`urn:grus:${name}`]: long });
  for (const n of [1, 2, 3, 4]) change({ [`urn:grus:model-knob-${n}`]: long });
  change({ "urn:grus:speaker": `/${long}.wav`, cabinet_heard: 1, model_status: 3, cabinet_status: 3, load: 100, input_peak: -88.8, output_peak: -88.8 });
  for (const value of icon.querySelectorAll(".grus-value")) value.textContent = value.matches("[mod-port-symbol=gate]") ? "-88.8 dBFS" : "-12.00 dB";
  const pedal = icon.firstElementChild.getBoundingClientRect();
  const parts = shownParts();
  check(parts.length > 50, `only ${parts.length} parts are shown`);
  for (const [i, a] of parts.entries()) {
    const at = a.getBoundingClientRect();
    check(at.left > pedal.left && at.right < pedal.right && at.top > pedal.top && at.bottom < pedal.bottom, `${nameOf(a)} leaves the pedal`);
    for (const b of parts.slice(i + 1)) check(!liesOver(a, b), `${nameOf(a)} lies over ${nameOf(b)}`);
  }
  for (const text of icon.querySelectorAll(".grus-chosen, .grus-gear, .grus-kind, .grus-label, .grus-value, .grus-choice > div, .grus-heard, .grus-state")) {
    check(text.scrollWidth <= text.clientWidth + 1 || getComputedStyle(text).textOverflow === "ellipsis" || !text.clientWidth, `${nameOf(text)} is cut off`);
  }
};

const controlsAreReached = () => {
  const controls = [...icon.querySelectorAll("[mod-role=input-control-port], [mod-role=input-control-value], [mod-role=bypass], .grus-slot, .grus-choice > div")];
  same(controls.length, 11 + 11 + 2 + 1 + 2 + 6 + 2 + 1, "the number of controls");
  for (const control of controls) {
    const at = control.getBoundingClientRect();
    const reached = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
    check(control.contains(reached), `a click on ${nameOf(control)} reaches ${nameOf(reached)}`);
  }
  const panel = part("knobs").getBoundingClientRect();
  check(!part("knobs").contains(document.elementFromPoint(panel.left + 3, panel.top + 20)), "the handle is not reached beside the knobs");
};

const sizeOf = (address) =>
  new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
    image.onerror = () => resolve([0, 0]);
    image.src = address;
  });

const picturesHaveTheirSizes = async () => {
  for (const dial of icon.querySelectorAll(".grus-dial")) {
    const [width, height] = await sizeOf(getComputedStyle(dial).backgroundImage.slice(5, -2));
    same(width / dial.offsetWidth, 97, `the number of positions of ${dial.getAttribute("mod-port-symbol")}`);
    same(height, dial.offsetHeight, "the height of a knob");
  }
  const pedal = icon.firstElementChild;
  const screenshot = await sizeOf(`${document.body.dataset.resources}/screenshot-grus.png`);
  same(screenshot.join(), [pedal.offsetWidth, pedal.offsetHeight].join(), "the size of the screenshot");
  const [width, height] = await sizeOf(`${document.body.dataset.resources}/thumbnail-grus.png`);
  check(width > 0 && width <= 256 && height <= 64, `a thumbnail of ${width} x ${height}`);
};

const lookAtAll = async () => {
  for (const step of [startsEmpty, listsFiles, namesTheModel, namesTheKnobs, namesTheCabinet, tellsWhy, showsPeaks, fits, controlsAreReached]) step();
  await picturesHaveTheirSizes();
};

lookAtAll()
  .catch((error) => wrong.push(error.message))
  .then(() => console.log("FOUND " + (wrong.join("; ") || "all well")));
