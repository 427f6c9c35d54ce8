#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""The rules that lv2lint checks, for a bundle: what its modules show, take from outside and answer, and what their data
say of versions, ports, parameters and presets. Prints TAP.

Usage: rules.py BUNDLE
https://git.open-music-kontrollers.ch/~hp/lv2lint has the rules. Of its remarks, those on an address and a page of the
maker are left out.
"""
import ctypes
import os
import re
import subprocess
import sys
from collections import defaultdict

LV2 = "http://lv2plug.in/ns/lv2core#"
EXT = "http://lv2plug.in/ns/ext/"
UI = "http://lv2plug.in/ns/extensions/ui#"
UNITS = "http://lv2plug.in/ns/extensions/units#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DOAP = "http://usefulinc.com/ns/doap#"
TRIPLE = re.compile(r'^(<[^>]*>|_:\S+) <([^>]*)> (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"\S*) \.$')

# What changes the process that a plugin is a guest in, ends or doubles it, or waits
FORBIDDEN = re.compile(r"^(_exit|_Exit|quick_exit|exit|abort|atexit|v?fork|clone|exec[vl]p?e?|posix_spawnp?|system|popen|"
                       r"signal|sigaction|sigprocmask|raise|kill|setlocale|uselocale|putenv|setenv|unsetenv|chdir|umask|"
                       r"s?rand|random|srandom|strtok|printf|puts|putchar|stdout|stdin|v?printf|__v?printf_chk|"
                       r"u?sleep|nanosleep|wait|waitpid|select|poll|sched_yield|dlopen|tmpnam|mktemp)$")
# Of a module that plays: no toolkit, and no second runtime of a language
FOREIGN = re.compile(r"libX|libcairo|libGL|libgtk|libgdk|libQt|libstdc|libfltk|libpython")
# What a module may offer an extension by
ENTRIES = ("lv2_descriptor", "lv2ui_descriptor")
KNOWN_FEATURES = (LV2, UI, EXT)


class Descriptor(ctypes.Structure):
    """LV2_Descriptor of lv2/core/lv2.h."""

    _fields_ = [("uri", ctypes.c_char_p),
                ("instantiate", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_double, ctypes.c_char_p,
                                                 ctypes.c_void_p)),
                ("connect_port", ctypes.c_void_p), ("activate", ctypes.c_void_p), ("run", ctypes.c_void_p),
                ("deactivate", ctypes.c_void_p), ("cleanup", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
                ("extension_data", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p))]


class UiDescriptor(ctypes.Structure):
    """LV2UI_Descriptor of lv2/ui/ui.h."""

    _fields_ = [("uri", ctypes.c_char_p), ("instantiate", ctypes.c_void_p), ("cleanup", ctypes.c_void_p),
                ("port_event", ctypes.c_void_p), ("extension_data", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p))]


class Data:
    """Everything that the bundle says: subject -> property -> values."""

    def __init__(self, bundle):
        self.of = defaultdict(lambda: defaultdict(list))
        for number, name in enumerate(sorted(os.listdir(bundle))):
            if name.endswith(".ttl"):
                self.read(os.path.join(bundle, name), f"_:{number}.")

    def read(self, path, prefix):
        """Add a file, whose nameless nodes are its own."""
        text = subprocess.run(["sordi", "-o", "ntriples", path], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            subject, name, value = (word.replace("_:", prefix) if word.startswith("_:") else word
                                    for word in TRIPLE.match(line).groups())
            if value not in self.of[subject.strip("<>")][name]:
                self.of[subject.strip("<>")][name].append(value)

    def all(self, subject, name):
        """Return all values of a property: URIs, and texts, as text."""
        return [value.strip("<>") if value[0] in "<_" else re.match(r'"(.*)"', value).group(1)
                for value in self.of[subject][name]]

    def one(self, subject, name):
        """Return the value that there has to be one of."""
        values = self.all(subject, name)
        assert len(values) == 1, f"{subject}: has {len(values)} of {name}"
        return values[0]

    def number(self, subject, name):
        """Return the number that there has to be one of."""
        return float(self.one(subject, name))

    def subjects(self, kind):
        """Return what is of a kind."""
        return sorted(subject for subject in list(self.of) if kind in self.all(subject, RDF_TYPE))

    def ports(self, plugin):
        """Return a plugin's ports."""
        return self.all(plugin, LV2 + "port")


def symbols(module, option):
    """Return the names that a module has in its dynamic table."""
    text = subprocess.run(["nm", "-D", option, module], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in text.splitlines()}


def needed(module):
    """Return the libraries that a module is linked with."""
    text = subprocess.run(["readelf", "-d", module], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text)


class Rules:
    """Each method is a rule; a rule fails by an assertion."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.data = Data(bundle)
        self.plugins = self.data.subjects(LV2 + "Plugin")
        self.uis = sorted({ui for plugin in self.plugins for ui in self.data.all(plugin, UI + "ui")})
        assert self.plugins, f"{bundle}: describes no plugin"

    def path(self, subject, name):
        """Return the file that a property names."""
        path = self.data.one(subject, name)
        assert path.startswith("file://"), f"{subject}: {path} is no file"
        return path[len("file://"):]

    def modules(self):
        """Return all modules."""
        return sorted({self.path(plugin, LV2 + "binary") for plugin in self.plugins} |
                      {self.path(ui, UI + "binary") for ui in self.uis})

    def modules_show_only_their_entry_points(self):
        for module in self.modules():
            own = symbols(module, "--defined-only") - {"_edata", "_end", "__bss_start", "_init", "_fini"}
            assert len(own) == 1 and own <= set(ENTRIES), f"{module}: shows {own}"

    def modules_leave_the_process_alone(self):
        for module in self.modules():
            bad = sorted(filter(FORBIDDEN.match, symbols(module, "--undefined-only")))
            assert not bad, f"{module}: calls {bad}"

    def the_plugin_needs_no_toolkit(self):
        for plugin in self.plugins:
            bad = list(filter(FOREIGN.match, needed(self.path(plugin, LV2 + "binary"))))
            assert not bad, f"{plugin}: is linked with {bad}"

    def plugins_are_described(self):
        for plugin in self.plugins:
            assert self.data.one(plugin, DOAP + "license").startswith("http"), f"{plugin}: its licence is no URI"
            self.data.one(self.data.one(plugin, DOAP + "maintainer"), "http://xmlns.com/foaf/0.1/name")
            assert self.data.one(plugin, RDFS + "comment") and self.data.one(plugin, DOAP + "name")
            kinds = set(self.data.all(plugin, RDF_TYPE))
            assert len(kinds & {LV2 + kind for kind in ("DistortionPlugin", "SimulatorPlugin", "AmplifierPlugin")}) > 0, kinds
            assert LV2 + "hardRTCapable" in self.data.all(plugin, LV2 + "optionalFeature"), f"{plugin}: isn't for real time"

    def versions_are_those_of_a_release(self):
        """An odd number is a version in development, and a minor of 0, too."""
        for plugin in self.plugins:
            minor = self.data.number(plugin, LV2 + "minorVersion")
            micro = self.data.number(plugin, LV2 + "microVersion")
            assert minor > 0 and minor % 2 == 0 and micro % 2 == 0, f"{plugin}: version {minor:g}.{micro:g}"

    def features_and_extensions_are_known(self):
        for subject in self.plugins + self.uis:
            for name in ("optionalFeature", "requiredFeature", "extensionData"):
                for uri in self.data.all(subject, LV2 + name):
                    assert uri.startswith(KNOWN_FEATURES), f"{subject}: {name} {uri}"
        for plugin in self.plugins:
            features = self.data.all(plugin, LV2 + "optionalFeature") + self.data.all(plugin, LV2 + "requiredFeature")
            has_worker = EXT + "worker#interface" in self.data.all(plugin, LV2 + "extensionData")
            assert has_worker == (EXT + "worker#schedule" in features), f"{plugin}: half a worker"

    def modules_have_what_they_describe(self):
        for plugin in self.plugins:
            descriptor = self.descriptor(self.path(plugin, LV2 + "binary"), "lv2_descriptor", Descriptor, plugin)
            self.answers(plugin, descriptor)
            instance = descriptor.instantiate(ctypes.addressof(descriptor), 48000.0, (self.bundle + "/").encode(),
                                              ctypes.addressof(ctypes.c_void_p(None)))
            assert instance, f"{plugin}: can't be made without features, though it requires none"
            descriptor.cleanup(instance)
        for ui in self.uis:
            self.answers(ui, self.descriptor(self.path(ui, UI + "binary"), "lv2ui_descriptor", UiDescriptor, ui))

    @staticmethod
    def descriptor(module, entry, kind, uri):
        """Return the descriptor of a plugin or an interface."""
        find = getattr(ctypes.CDLL(module), entry)
        find.restype = ctypes.POINTER(kind)
        found = []
        while find(len(found)):
            found.append(find(len(found)).contents)
            assert len(found) < 100, f"{module}: has no last descriptor"
        assert not find(0xFFFFFFFF), f"{module}: has a descriptor at every index"
        return next(descriptor for descriptor in found if descriptor.uri.decode() == uri)

    def answers(self, subject, descriptor):
        """It has the extensions that it declares and no others."""
        for uri in self.data.all(subject, LV2 + "extensionData"):
            assert descriptor.extension_data(uri.encode()), f"{subject}: has no {uri}"
        assert not descriptor.extension_data(b"urn:unknown"), f"{subject}: knows what it can't know"

    def ports_are_in_order(self):
        for plugin in self.plugins:
            ports = self.data.ports(plugin)
            indices = sorted(self.data.number(port, LV2 + "index") for port in ports)
            assert indices == list(range(len(ports))), f"{plugin}: ports {indices}"
            names = [self.data.one(port, LV2 + "symbol") for port in ports]
            assert len(set(names)) == len(names), f"{plugin}: the same symbol twice"
            assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names), names
            titles = [self.data.one(port, LV2 + "name") for port in ports]
            assert len(set(titles)) == len(titles), f"{plugin}: the same name twice"

    def ports_have_short_names(self):
        for plugin in self.plugins:
            for port in self.data.ports(plugin):
                name = self.data.one(port, LV2 + "name")
                short = self.data.all(port, LV2 + "shortName")
                assert len((short or [name])[0]) <= 16, f"{plugin}: {name} has no short name of at most 16 letters"

    def controls(self):
        """Yield (plugin and symbol, port, whether it is an input) of each control."""
        for plugin in self.plugins:
            for port in self.data.ports(plugin):
                kinds = self.data.all(port, RDF_TYPE)
                if LV2 + "ControlPort" in kinds:
                    yield f"{plugin}: {self.data.one(port, LV2 + 'symbol')}", port, LV2 + "InputPort" in kinds

    def ranges_are_sound(self):
        for where, port, is_input in self.controls():
            low, high = self.data.number(port, LV2 + "minimum"), self.data.number(port, LV2 + "maximum")
            assert low < high, f"{where}: from {low} to {high}"
            if is_input or self.data.all(port, LV2 + "default"):
                assert low <= self.data.number(port, LV2 + "default") <= high, f"{where}: its default is out of range"
            traits = self.data.all(port, LV2 + "portProperty")
            if LV2 + "toggled" in traits:
                assert (low, high) == (0, 1), f"{where}: is on or off, from {low} to {high}"
            if {LV2 + "integer", LV2 + "enumeration"} & set(traits):
                assert low == int(low) and high == int(high), f"{where}: is no whole number"
            points = [self.data.number(point, "http://www.w3.org/1999/02/22-rdf-syntax-ns#value")
                      for point in self.data.all(port, LV2 + "scalePoint")]
            assert all(low <= value <= high for value in points), f"{where}: {points} are out of range"
            assert len(set(points)) == len(points), f"{where}: two names for one value"
            assert LV2 + "enumeration" not in traits or len(points) > 1, f"{where}: a choice of {len(points)}"

    def controls_are_explained(self):
        for where, port, _ in self.controls():
            assert self.data.all(port, RDFS + "comment"), f"{where}: has no comment"
            for unit in self.data.all(port, UNITS + "unit"):
                assert unit.startswith(UNITS) or self.data.all(unit, UNITS + "symbol"), f"{where}: unit {unit}"

    def special_ports_are_designated(self):
        for plugin in self.plugins:
            by_use = {use: port for port in self.data.ports(plugin) for use in self.data.all(port, LV2 + "designation")}
            enabled = by_use[LV2 + "enabled"]
            assert LV2 + "toggled" in self.data.all(enabled, LV2 + "portProperty"), plugin
            assert self.data.number(enabled, LV2 + "default") == 1, plugin
            latency = by_use[LV2 + "latency"]
            assert {LV2 + "reportsLatency", LV2 + "integer"} <= set(self.data.all(latency, LV2 + "portProperty")), plugin
            assert LV2 + "OutputPort" in self.data.all(latency, RDF_TYPE), plugin
            control = by_use[LV2 + "control"]
            assert EXT + "atom#AtomPort" in self.data.all(control, RDF_TYPE), plugin

    def messages_have_buffers(self):
        for plugin in self.plugins:
            for port in self.data.ports(plugin):
                if EXT + "atom#AtomPort" in self.data.all(port, RDF_TYPE):
                    assert self.data.one(port, EXT + "atom#bufferType") == EXT + "atom#Sequence"
                    assert self.data.all(port, EXT + "atom#supports"), f"{plugin}: says not what it is sent"
                    assert self.data.number(port, EXT + "resize-port#minimumSize") >= 4096, plugin

    def parameters_are_explained(self):
        for plugin in self.plugins:
            for name in ("writable", "readable"):
                parameters = self.data.all(plugin, EXT + "patch#" + name)
                assert parameters, f"{plugin}: nothing is {name}"
                for parameter in parameters:
                    assert LV2 + "Parameter" in self.data.all(parameter, RDF_TYPE), parameter
                    assert self.data.one(parameter, RDFS + "range").startswith(EXT + "atom#"), parameter
                    assert self.data.one(parameter, RDFS + "label") and self.data.one(parameter, RDFS + "comment")
                    if self.data.all(parameter, LV2 + "maximum"):
                        low, value, high = (self.data.number(parameter, LV2 + of) for of in ("minimum", "default", "maximum"))
                        assert low <= value <= high and low < high, f"{parameter}: {value} is not in {low} to {high}"

    def presets_set_what_there_is(self):
        presets = self.data.subjects(EXT + "presets#Preset")
        assert presets, "no presets"
        for preset in presets:
            plugin = self.data.one(preset, LV2 + "appliesTo")
            assert plugin in self.plugins and self.data.one(preset, RDFS + "label"), preset
            ports = {self.data.one(port, LV2 + "symbol"): port for port in self.data.ports(plugin)}
            for setting in self.data.all(preset, LV2 + "port"):
                port = ports[self.data.one(setting, LV2 + "symbol")]
                value = self.data.number(setting, EXT + "presets#value")
                assert self.data.number(port, LV2 + "minimum") <= value <= self.data.number(port, LV2 + "maximum"), \
                    f"{preset}: {value} is out of range"

    def interfaces_hear_of_ports_that_exist(self):
        for ui in self.uis:
            heard = self.data.all(ui, UI + "portNotification")
            assert heard, f"{ui}: hears of no port"
            for notification in heard:
                plugin = self.data.one(notification, UI + "plugin")
                symbol = self.data.one(notification, LV2 + "symbol")
                assert symbol in [self.data.one(port, LV2 + "symbol") for port in self.data.ports(plugin)], symbol
            if UI + "idleInterface" in self.data.all(ui, LV2 + "requiredFeature"):
                assert UI + "idleInterface" in self.data.all(ui, LV2 + "extensionData"), f"{ui}: half an idle interface"


def main():
    """Try each rule."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rules = Rules(os.path.realpath(sys.argv[1]))
    names = [name for name, member in vars(Rules).items() if "_" in name.strip("_") and callable(member)]
    failed = False
    print(f"1..{len(names)}")
    for number, name in enumerate(names, 1):
        try:
            getattr(rules, name)()
            print(f"ok {number} - {name}")
        except (AssertionError, AttributeError, KeyError, StopIteration) as fault:
            failed = True
            print(f"not ok {number} - {name}\n# {type(fault).__name__}: {fault}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
