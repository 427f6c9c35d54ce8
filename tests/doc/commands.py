#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Runs the commands of all pages and man pages as a reader does, one after another, in a folder with short recordings of
those names. Training takes a second, and grus-live plays for a moment on a JACK server without a sound card. What
can't run is named in not_run.txt; a line that is neither there nor a program known here fails. Prints TAP, a case for a page.
Usage: commands.py SOURCE_ROOT RECORD GAIN_KNOB PROGRAM... (the programs of Grus)"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

NAMESPACE = '{http://commonmark.org/xml/1.0}'
KNOWN = re.compile(r'(grus-(train|render|model|signal|live)|oscsend|cd|export|meson|ninja) ')


def run(command, text):
    return subprocess.run(command, input=text, check=True, capture_output=True, encoding='utf-8').stdout


def read_man_blocks(path):
    """Examples in a man page, lines that go on in the next one joined."""
    page = ET.fromstring('<div>' + run(['mandoc', '-T', 'html', '-O', 'fragment', path], '') + '</div>')
    displays = [div for div in page.iter('div') if 'Bd' in div.get('class', '').split()]
    texts = [''.join(d.itertext()) if d.find('pre') is not None else ' '.join(''.join(d.itertext()).split()) for d in displays]
    return '\0'.join(texts).replace('\\\0', '').split('\0')


def read_blocks(root, page):
    """The blocks of code of a page."""
    path = os.path.join(root, page)
    if page.startswith('man/'):
        return read_man_blocks(path)
    with open(path, encoding='utf-8') as file:
        document = ET.fromstring(run(['cmark-gfm', '-e', 'table', '-t', 'xml'], file.read()))
    return [block.text for block in document.iter(NAMESPACE + 'code_block')]


class NotRun:
    """What is not run, and which of that was seen."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            entries = [line.split(' | ')[0].split(' ', 1) for line in file if line.strip() and not line.startswith('#')]
        self.seen = {(kind, start): False for kind, start in entries}

    def has(self, kind, line):
        entry = next((e for e in self.seen if e[0] == kind and line.startswith(e[1])), None)
        if entry:
            self.seen[entry] = True
        return entry is not None

    def unseen(self):
        return [start for (_, start), seen in self.seen.items() if not seen]


class Sandbox:
    """A folder in which commands run; what a page did stays there for the next one."""

    def __init__(self, folder):
        self.folder = folder
        self.done = set()

    def write_set_list(self, text):
        json.loads(text)
        with open(os.path.join(self.folder, 'home/.config/grus/setlist.json'), 'w', encoding='utf-8') as file:
            file.write(text)

    def run(self, lines):
        """As one script that stops at the first failure. What runs in the background must succeed, too; commands by
        OSC get a rig to go to."""
        if lines and lines[0].startswith('oscsend'):
            lines = ['grus-live --osc=9000 setlist.json &'] + lines
        script = ['started=""']
        for line in lines:
            script.append(f'echo {quote("$ " + line)}')
            script.append(f'{line}\nstarted="$started $!"' if ends_in_background(line) else f'{line} || exit 1')
        script.append('for job in $started; do wait $job || exit 1; done')
        environment = os.environ | {'PATH': self.folder + '/bin:' + os.environ['PATH'], 'HOME': self.folder + '/home'}
        return subprocess.run(['sh', '-c', '\n'.join(script)], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8', errors='replace')


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def ends_in_background(line):
    return re.search(r'&\s*(#.*)?$', line)


def without_comment(line):
    return re.sub(r'\s+#.*', '', line)


def select(block, not_run):
    """The commands of a block that are to be run. Raises ValueError for one that isn't known."""
    chosen = []
    for line in block.replace('\\\n', ' ').splitlines():
        line = line.strip()
        if not line or not_run.has('line', line):
            continue
        if not KNOWN.match(line + ' '):
            raise ValueError(f'"{line}" is neither run nor named in tests/doc/not_run.txt')
        chosen.append(without_comment(line))
    return chosen


def check_block(block, not_run, sandbox):
    """Return what is wrong. What was done on a page before isn't done again."""
    block = block.strip()
    if block.startswith('{'):
        sandbox.write_set_list(block)
        return ''
    if not_run.has('block', block):
        return ''
    try:
        lines = [line for line in select(block, not_run) if line not in sandbox.done]
    except ValueError as error:
        return str(error)
    result = sandbox.run(lines)
    if result.returncode:
        return f'exit status {result.returncode}\n{result.stdout}'
    sandbox.done.update(line for line in lines if not line.startswith(('cd ', 'export ')))
    return ''


def check_page(root, page, not_run, sandbox):
    return [message for block in read_blocks(root, page) if (message := check_block(block, not_run, sandbox))]


def report(number, name, messages):
    print(f'{"not ok" if messages else "ok"} {number} - {name}', flush=True)
    for line in '\n'.join(messages).splitlines():
        print(f'# {line}')
    return bool(messages)


def read_pages(root):
    with open(os.path.join(root, 'doc/html/pages.txt'), encoding='utf-8') as file:
        sources = [line.split()[1] for line in file if line.strip() and not line.startswith('#')]
    return [source for source in sources if source.endswith('.md') or source.startswith('man/')]


def main():
    root = sys.argv[1]
    not_run = NotRun(os.path.join(root, 'tests/doc/not_run.txt'))
    os.environ.update(JACK_DEFAULT_SERVER=f'gruspages{os.getpid()}', JACK_NO_AUDIO_RESERVATION='1', JACK_NO_START_SERVER='1')
    failed = False
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([root + '/tests/doc/stand_ins.sh', *sys.argv[1:], folder], check=True, stdout=subprocess.DEVNULL)
        try:
            sandbox = Sandbox(folder)
            for number, page in enumerate(read_pages(root), 1):
                failed = report(number, page, check_page(root, page, not_run, sandbox)) or failed
        finally:
            subprocess.run([folder + '/bin/finish'], check=False)
    unseen = [f'no page has "{start}"; take it out of tests/doc/not_run.txt' for start in not_run.unseen()]
    failed = report(number + 1, 'what_is_not_run_stands_on_a_page', unseen) or failed
    print(f'1..{number + 1}')
    sys.exit(failed)


main()
