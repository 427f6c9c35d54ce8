#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""The files for Flatpak and for MOD's devices are whole: they install what their lists promise, every library that the
plugin asks for comes with them or is in the runtime, and every source has its hash. Prints TAP.
Usage: packages.py SOURCE_ROOT"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

root = os.path.realpath(sys.argv[1])
manifest_path = root + '/packaging/flatpak/org.freedesktop.LinuxAudio.Plugins.Grus.json'
with open(manifest_path, encoding='utf-8') as manifest_file:
    manifest = json.load(manifest_file)
modules = {module['name']: module for module in manifest['modules']}
folder = tempfile.mkdtemp()

# What the plugin asks Meson for, and who has it: a module of Flatpak's, and a package of mod-plugin-builder
SUPPLIERS = {
    'jansson': ('jansson', 'jansson-static'),
    'kissfft-float': ('kissfft', 'kissfft-static'),
    'libebur128': ('libebur128', 'libebur128-static'),
    'samplerate': ('libsamplerate', 'libsamplerate'),
    'lv2': ('lv2', 'lv2'),
    'sndfile': ('the runtime', 'libsndfile'),
    'x11': ('the runtime', None),
    'cairo': ('the runtime', None),
}


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8', check=False)
    if result.returncode:
        raise RuntimeError(f'{" ".join(command)}: exit status {result.returncode}\n{result.stdout[-2000:]}')
    return result.stdout


def introspect(what, build):
    return json.loads(run('meson', 'introspect', '--' + what, build))


def read_list(path):
    with open(path, encoding='utf-8') as file:
        return {line.strip() for line in file if line.strip() and not line.startswith('#')}


def compare(promised, installed):
    yield from (f'{name}: promised, but not installed' for name in sorted(promised - installed))
    yield from (f'{name}: installed, but not promised' for name in sorted(installed - promised))


def configure_flatpak():
    prefix = manifest['build-options']['prefix']
    run('meson', 'setup', folder + '/flatpak', root, '--prefix', prefix, '--libdir', 'lib', *modules['grus']['config-opts'])


def configure_mod():
    os.mkdir(folder + '/mod')
    for name in os.listdir(root):  # Buildroot configures in a copy of the sources
        if not name.startswith(('build', '.')):
            os.symlink(os.path.join(root, name), os.path.join(folder, 'mod', name))
    run_mod('configure')


def run_mod(target):
    machine = os.uname().machine
    return run('make', '-s', '-f', root + '/tests/packaging/mod.make', 'MK=' + root + '/packaging/mod/grus/grus.mk',
               'FOLDER=' + folder + '/mod', 'BR2_ARCH=' + machine, 'BR2_TARGET_OPTIMIZATION="-mtune=generic -ffast-math"',
               'TARGET_CC=cc', folder + '/mod/' + target)


def flatpak_installs_what_it_promises():
    configure_flatpak()
    prefix = manifest['build-options']['prefix'] + '/'
    installed = {path.removeprefix(prefix) for path in introspect('installed', folder + '/flatpak').values()}
    cleaned = tuple(path.removeprefix('/') + '/' for path in manifest['cleanup'])
    yield from compare(read_list(root + '/packaging/flatpak/files.txt'), {p for p in installed if not p.startswith(cleaned)})


def flatpak_has_a_name_for_all():
    name = os.path.basename(manifest_path).removesuffix('.json')
    if manifest['id'] != name or not manifest['build-options']['prefix'].endswith('/extensions/Plugins/Grus'):
        yield f'{manifest["id"]}: hosts look for extensions/Plugins/Grus of {name}'
    if not manifest['build-extension'] or manifest['runtime'] != 'org.freedesktop.LinuxAudio.BaseExtension':
        yield 'is no extension of org.freedesktop.LinuxAudio.BaseExtension'
    if manifest['branch'] not in manifest['sdk']:
        yield f'{manifest["sdk"]} is not of branch {manifest["branch"]}'
    if f'share/metainfo/{name}.metainfo.xml' not in read_list(root + '/packaging/flatpak/files.txt'):
        yield 'has no metainfo of its name'


def mod_installs_what_it_promises():
    configure_mod()
    lv2 = '/usr/lib/lv2/'
    paths = introspect('installed', folder + '/mod/build').values()
    yield from compare(read_list(root + '/packaging/mod/files.txt'), {p.removeprefix(lv2) for p in paths if p.startswith(lv2)})
    bundles = {path.split('/')[0] for path in read_list(root + '/packaging/mod/files.txt')}
    if set(run_mod('bundles').split()) != bundles:
        yield f'GRUS_BUNDLES are not {bundles}'


def mod_keeps_rounding():
    with open(folder + '/mod/mod.ini', encoding='utf-8') as file:
        text = file.read()
    if "'-mtune=generic'" not in text or 'fast-math' in text:
        yield text


def mod_builds_as_tested():
    """With the options of .ci/cross, which builds and plays it on both processors."""
    with open(root + '/.ci/cross', encoding='utf-8') as file:
        tested = re.search(r'build_with plugin ((?:.*\\\n)*.*)', file.read())[1]
    with open(root + '/packaging/mod/grus/grus.mk', encoding='utf-8') as file:
        packaged = file.read()
    for option in re.findall(r'-D\w+=\S+', tested):
        if option not in packaged:
            yield f'{option}: .ci/cross builds with it, packaging/mod/grus/grus.mk does not'


def every_library_has_a_supplier():
    for build, kind in ((folder + '/flatpak', 0), (folder + '/mod/build', 1)):
        wanted = {d['name'] for d in introspect('dependencies', build)} - {'threads', 'm', 'lilv-0'} # Tests would take lilv
        yield from (f'{name}: nobody is named who has it' for name in wanted - set(SUPPLIERS))
        suppliers = {SUPPLIERS[name][kind] for name in wanted & set(SUPPLIERS)} - {'the runtime'}
        with open(root + '/packaging/mod/grus/grus.mk', encoding='utf-8') as file:
            there = set(modules) if kind == 0 else set(re.search(r'GRUS_DEPENDENCIES = (.*)', file.read())[1].split())
        yield from (f'{name}: is not built before Grus' for name in suppliers - there)
    yield from (f'{name}: nothing asks for it' for name in set(modules) - {s[0] for s in SUPPLIERS.values()} - {'grus'})


def sources_have_their_hashes():
    sources = {source['url']: source['sha256'] for module in modules.values() for source in module['sources'] if 'url' in source}
    for url, sha256 in sources.items():
        if not url.startswith('https://') or not re.fullmatch('[0-9a-f]{64}', sha256):
            yield f'{url}: {sha256}'
    for path in glob.glob(root + '/packaging/mod/*-static/*.mk'):
        with open(path, encoding='utf-8') as file:
            values = dict(re.findall(r'^[A-Z0-9_]*_STATIC_(VERSION|SITE|SOURCE) = (.*)$', file.read(), re.M))
        with open(path.removesuffix('.mk') + '.hash', encoding='utf-8') as file:
            _, sha256, name = file.read().splitlines()[-1].split()
        url = re.sub(r'\$\(\w+_VERSION\)', values['VERSION'], values['SITE'] + '/' + values['SOURCE'])
        if sources.get(url) != sha256 or not url.endswith('/' + name):
            yield f'{os.path.basename(path)}: {url} with {sha256} is not what Flatpak takes'


def main():
    cases = [flatpak_installs_what_it_promises, flatpak_has_a_name_for_all, mod_installs_what_it_promises, mod_keeps_rounding,
             mod_builds_as_tested, every_library_has_a_supplier, sources_have_their_hashes]
    failed = False
    print(f'1..{len(cases)}')
    for number, case in enumerate(cases, 1):
        try:
            messages = list(case())
        except (RuntimeError, OSError) as error:
            messages = [str(error)]
        failed = failed or bool(messages)
        print(f'{"not ok" if messages else "ok"} {number} - {case.__name__}', flush=True)
        for line in '\n'.join(messages).splitlines():
            print(f'# {line}')
    return failed


try:
    sys.exit(main())
finally:
    shutil.rmtree(folder)
