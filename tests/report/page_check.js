// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks a page from inside a browser; page.sh appends it to a copy. Prints to the console what is wrong, or
// "all well" and how much was checked.

const wrong = [];
window.addEventListener("error", (event) => wrong.push("script: " + event.message));

const check = (is, text) => is || wrong.push(text);

// How many different greys a picture holds
const greys = (image) => {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add(data[i] + data[i + 1] + data[i + 2]);
  return seen.size;
};

// The mean grey of a row of a picture
const rowGrey = (image, row) => {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, row, canvas.width, 1);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / data.length;
};

const lengthOf = (audio) =>
  new Promise((resolve) => {
    if (audio.readyState >= 1) resolve(audio.duration);
    audio.addEventListener("loadedmetadata", () => resolve(audio.duration));
    audio.addEventListener("error", () => resolve(NaN));
    audio.load();
  });

const lookAtPictures = async () => {
  const images = [...document.images];
  for (const image of images) {
    await image.decode().catch(() => check(false, `${image.alt}: not a picture`));
    check(greys(image) > 3, `${image.alt}: all of one colour`);
  }
  // Units that keep their state longest come first
  const z = images.filter((image) => ["z", "f"].includes(image.previousElementSibling?.textContent))[0];
  if (z) check(rowGrey(z, 0) > rowGrey(z, z.naturalHeight - 1), "units are not in order");
  return images.length;
};

const lookAtLines = () => {
  const svgs = [...document.querySelectorAll("svg")];
  for (const svg of svgs) {
    const name = svg.getAttribute("aria-label");
    const paths = [...svg.querySelectorAll("path")];
    check(paths.length > 0, `${name}: no lines`);
    for (const path of paths) check(path.getTotalLength() > 1, `${name}: a line is not there`);
  }
  return svgs.length;
};

const lookAtSounds = async () => {
  const sounds = [...document.querySelectorAll("audio")];
  for (const sound of sounds) {
    const length = await lengthOf(sound);
    check(Math.abs(length - 4) < 0.01, `a sound lasts ${length} s`);
  }
  return sounds.length;
};

const look = async () => {
  const nLines = lookAtLines();
  const nPictures = await lookAtPictures();
  const nSounds = await lookAtSounds();
  check(document.documentElement.scrollWidth <= window.innerWidth, "wider than the window");
  check(!performance.getEntriesByType("resource").some((r) => !r.name.startsWith("data:")), "loads from elsewhere");
  console.log("FOUND " + (wrong.join("; ") || `all well: ${nLines} drawings, ${nPictures} pictures, ${nSounds} sounds`));
};

look();
