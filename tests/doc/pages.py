#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""The HTML pages are well-formed, every link and image in them leads somewhere, they need no other server and no
program, and every document of the project is one of them. Prints TAP.
Usage: pages.py SOURCE_ROOT FOLDER_OF_PAGES"""
import glob
import os
import re
import sys
import xml.etree.ElementTree as ET

root, folder = sys.argv[1:]
pages = {}


def parses():
    for path in sorted(glob.glob(folder + '/*.html')):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        if not text.startswith('<!DOCTYPE html>\n'):
            yield f'{path}: does not begin with <!DOCTYPE html>'
        try:
            pages[os.path.basename(path)] = ET.fromstring(text.removeprefix('<!DOCTYPE html>'))
        except ET.ParseError as error:
            yield f'{path}: {error}'
    if 'index.html' not in pages:
        yield f'{folder}/index.html: is not there'


def has_ids_once():
    for name, page in pages.items():
        ids = [element.get('id') for element in page.iter() if element.get('id')]
        yield from (f'{name}: id "{i}" is there {ids.count(i)} times' for i in set(ids) if ids.count(i) > 1)


def is_dead(name, target):
    path, _, fragment = target.partition('#')
    path = path or name
    if path not in pages:
        return not os.path.isfile(os.path.join(folder, path))
    return fragment and all(element.get('id') != fragment for element in pages[path].iter())


def leads_somewhere():
    for name, page in pages.items():
        targets = [element.get(key) for element in page.iter() for key in ('href', 'src') if element.get(key)]
        yield from (f'{name}: {t}: leads nowhere' for t in targets if not t.startswith('https://') and is_dead(name, t))
        if len([t for t in targets if not t.startswith('#')]) < 10:
            yield f'{name}: has no navigation'


def needs_nothing_else():
    for name, page in pages.items():
        yield from (f'{name}: has a {e.tag}' for e in page.iter() if e.tag in ('script', 'iframe', 'object', 'embed'))
        yield from (f'{name}: {e.tag} from elsewhere: {e.attrib}' for e in page.iter()
                    if e.tag != 'a' and re.match('(https?:)?//', e.get('src') or e.get('href') or ''))
    with open(folder + '/style.css', encoding='utf-8') as file:
        if re.search(r'url\(|@import', file.read()):
            yield 'style.css: needs other files'


def describes_images():
    for name, page in pages.items():
        yield from (f'{name}: {image.get("src")}: has no text for those who do not see it'
                    for image in page.iter('img') if not image.get('alt'))


def has_all_documents():
    with open(root + '/doc/html/pages.txt', encoding='utf-8') as file:
        listed = {line.split()[1] for line in file if line.strip() and not line.startswith('#')}
    for pattern in ('doc/*.md', 'man/*.[0-9]'):
        for path in glob.glob(f'{root}/{pattern}'):
            if os.path.relpath(path, root) not in listed:
                yield f'{os.path.relpath(path, root)}: is not in doc/html/pages.txt'
    if len(listed) != len(pages):
        yield f'{len(pages)} pages of {len(listed)} sources'


def main():
    cases = [parses, has_ids_once, leads_somewhere, needs_nothing_else, describes_images, has_all_documents]
    failed = False
    print(f'1..{len(cases)}')
    for number, case in enumerate(cases, 1):
        messages = list(case())
        failed = failed or bool(messages)
        print(f'{"not ok" if messages else "ok"} {number} - {case.__name__}')
        for message in messages:
            print(f'# {message}')
    sys.exit(failed)


main()
