// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC
// Shows on the pedal what the plugin tells. MOD's interface evaluates this file, so it is one function; it is called
// with an event "start", which has all values, and with "change" for each new one of a port or a parameter. What is
// known of an instance is kept in the event's data.

function (event) {
  "use strict";
  var icon = event.icon[0];
  var values = event.data.values || (event.data.values = {});
  var STATES = ["", "", "failed", "loading", "missing"];
  var HEARD = ["", "as captured", ""];

  function part(name) {
    return icon.querySelector(".grus-" + name);
  }

  function chosen(parameter) {
    return icon.querySelector('.grus-slot[mod-parameter-uri="' + parameter + '"] .grus-chosen');
  }

  function show(element, text) {
    if (element.textContent !== text) {
      element.textContent = text;
      element.title = text;
    }
  }

  function told(name) {
    return String(values["urn:grus:" + name] || "");
  }

  // What is known of several things, in one line
  function line(names) {
    return names.map(told).filter(Boolean).join(" · ");
  }

  function stem(path) {
    return path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
  }

  function state(name, port) {
    var text = STATES[Math.round(values[port] || 0)];
    return text ? name + " " + text : "";
  }

  function showModel() {
    show(chosen("urn:grus:model"), told("model-name") || stem(told("model")) || "Choose a model");
    show(part("gear"), line(["model-maker", "model-gear"]));
    show(part("kind"), line(["model-accuracy", "model-kind"]));
  }

  function showCabinet() {
    show(chosen("urn:grus:speaker"), stem(told("speaker")) || "Choose a cabinet");
    show(part("heard"), HEARD[Math.round(values.cabinet_heard || 0)]);
  }

  function showState() {
    show(part("state"), [state("model", "model_status"), state("cabinet", "cabinet_status")].filter(Boolean).join(", "));
    show(part("message"), ["model-message", "speaker-message"].map(told).filter(Boolean).join("\n"));
  }

  // The model's own knobs, by its names, as many as it has
  function showKnobs() {
    var knobs = icon.querySelectorAll(".grus-own");
    for (var i = 0; i < knobs.length; ++i) {
      var name = told("model-knob-" + (i + 1));
      knobs[i].classList.toggle("grus-hidden", !name);
      show(knobs[i].querySelector(".grus-label"), name);
    }
  }

  // Covers what the level does not reach. A clipped peak is marked for two seconds.
  function showPeak(name, level) {
    var meter = part(name);
    meter.querySelector(".grus-rest").style.width = Math.min(Math.max((6 - level) / 0.66, 0), 100).toFixed(1) + "%";
    meter.querySelector(".grus-peak").textContent = level > -90 ? level.toFixed(1) : "";
    if (level >= 0) {
      clearTimeout(event.data[name]);
      meter.classList.add("grus-clip");
      event.data[name] = setTimeout(function () {
        meter.classList.remove("grus-clip");
      }, 2000);
    }
  }

  var MOVING = {
    input_peak: function (level) {
      showPeak("input", level);
    },
    output_peak: function (level) {
      showPeak("output", level);
    },
    gate_open: function (open) {
      part("gate").style.opacity = 1 - open;
    },
    load: function (percent) {
      part("load").textContent = percent >= 0.05 ? "CPU " + percent.toFixed(1) + " %" : "";
    },
  };

  function take(name, value) {
    values[name] = value;
    if (MOVING[name]) {
      MOVING[name](value);
    }
  }

  function start() {
    (event.ports || []).forEach(function (port) {
      take(port.symbol, port.value);
    });
    (event.parameters || []).forEach(function (parameter) {
      take(parameter.uri, parameter.value);
    });
    part("message").addEventListener("click", function () {
      part("message").classList.toggle("grus-open");
    });
  }

  if (event.type === "start") {
    start();
  } else {
    take(event.uri || event.symbol, event.value);
  }
  if (event.type === "start" || !MOVING[event.symbol]) {
    showModel();
    showCabinet();
    showState();
    showKnobs();
  }
}
