#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Makes the HTML pages of the documents: Markdown by cmark-gfm, man pages by mandoc, both put into page.html, with
navigation, and with links that lead from page to page. Fails at a link that leads nowhere.
Usage: make_pages.py SOURCE_ROOT OUT_FOLDER VERSION IMAGE..."""
import html
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import namedtuple

Page = namedtuple('Page', 'group source title name')
VOID_ELEMENTS = 'br|col|hr|img|wbr'


def page_name(source):
    base = os.path.basename(source)
    if base == 'README.md':
        return 'index.html'
    return base + '.html' if source.startswith('man/') else base.removesuffix('.md').lower() + '.html'


def read_list(root):
    with open(os.path.join(root, 'doc/html/pages.txt'), encoding='utf-8') as file:
        rows = [line.split(None, 2) for line in file if line.strip() and not line.startswith('#')]
    return [Page(group, source, title.strip(), page_name(source)) for group, source, title in rows]


def run(command, text):
    return subprocess.run(command, input=text, check=True, capture_output=True, encoding='utf-8').stdout


def parse(fragment):
    return ET.fromstring('<div>' + fragment + '</div>')


def from_markdown(text):
    return parse(run(['cmark-gfm', '-e', 'table', '--validate-utf8'], text))


def from_man(text, title):
    body = parse(run(['mandoc', '-T', 'html', '-O', 'fragment,man=%N.%S.html'], text))
    for heading in [*body.iter('h2'), *body.iter('h1')]:
        heading.tag = 'h3' if heading.tag == 'h2' else 'h2'
    for table in body.findall('table'):  # The head and foot of a printed page
        body.remove(table)
    heading = ET.Element('h1')
    heading.text = title
    body.insert(0, heading)
    return body


def from_news(text):
    """Lines without indentation are headings, the rest is lists as in Markdown."""
    return from_markdown('# News\n\n' + re.sub(r'^(?=\S)', '## ', text, flags=re.M))


def from_text(text, title):
    return parse(f'<h1>{html.escape(title)}</h1><pre>{html.escape(text)}</pre>')


def convert(root, page):
    with open(os.path.join(root, page.source), encoding='utf-8') as file:
        text = file.read()
    if page.source.endswith('.md'):
        return from_markdown(text)
    if page.source.startswith('man/'):
        return from_man(text, page.title)
    return from_news(text) if page.source == 'NEWS' else from_text(text, page.title)


def add_ids(body):
    """As GitHub makes them, so that a link to a heading works there and here."""
    for heading in body.iter():
        if heading.tag in ('h1', 'h2', 'h3', 'h4') and 'id' not in heading.attrib:
            text = ''.join(heading.itertext()).lower()
            heading.set('id', re.sub(r'[^\w\- ]', '', text).replace(' ', '-'))


def wrap_tables(parent):
    """A wide table scrolls by itself, and an empty head is none."""
    for child in list(parent):
        wrap_tables(child)
        if child.tag != 'table':
            continue
        head = child.find('thead')
        if head is not None and not ''.join(head.itertext()).strip():
            child.remove(head)
        place = list(parent).index(child)
        parent.remove(child)
        box = ET.Element('div', {'class': 'wide', 'tabindex': '0'})
        box.tail, child.tail = child.tail, None
        box.append(child)
        parent.insert(place, box)


def lead_to_pages(body, page, pages, images):
    """Links and images of sources lead to sources; here they lead to what was made of them. A link that is called after
    a source is called after its page."""
    names = {p.source: p.name for p in pages}
    titles = {p.source: p.title for p in pages}
    for element, key in [(a, 'href') for a in body.iter('a')] + [(i, 'src') for i in body.iter('img')]:
        target = element.get(key)
        if target is None or re.match('https?:|#', target):
            continue
        if element.get('class') == 'Xr':
            if target not in names.values():  # Another project's page
                element.tag, element.attrib = 'span', {}
            continue
        path, _, fragment = target.partition('#')
        path = os.path.normpath(os.path.join(os.path.dirname(page.source), path))
        if path not in names and path not in images:
            sys.exit(f'{page.source}: {target}: leads to no page; those in doc/html/pages.txt would be right')
        made = names.get(path) or os.path.basename(path)
        element.set(key, made + ('#' + fragment if fragment else ''))
        if element.text and path in titles and path.endswith(element.text):
            element.text = titles[path]


def link_manuals(body, names):
    """`man grus-train` leads to that page."""
    for code in body.iter('code'):
        command = re.fullmatch(r'man (?:(\d) )?(grus[a-z-]*)', code.text or '')
        made = command and names.get(f'man/{command[2]}.{command[1] or 1}')
        if made:
            link = ET.SubElement(code, 'a', {'href': made})
            link.text, code.text = code.text, None


def contents(body):
    """A list of the headings, for longer pages."""
    headings = list(body.iter('h2'))
    if len(headings) < 4:
        return
    nav = ET.Element('nav', {'class': 'contents', 'aria-label': 'On this page'})
    for heading in headings:
        ET.SubElement(nav, 'a', {'href': '#' + heading.get('id')}).text = ''.join(heading.itertext())
    body.insert(1, nav)


def serialise(body):
    """HTML that is XML, too."""
    text = ET.tostring(body, encoding='unicode', short_empty_elements=False)
    text = text.removeprefix('<div>').removesuffix('</div>')
    return re.sub(rf'<({VOID_ELEMENTS})([^>]*)></\1>', r'<\1\2/>', text)


def list_links(pages, current):
    return ''.join(
        f'<a href="{p.name}"{" aria-current=" + chr(34) + "page" + chr(34) if p is current else ""}>{html.escape(p.title)}</a>'
        for p in pages
    )


def list_further(pages, current):
    titles = {'manual': 'Manual', 'numbers': 'Numbers', 'inside': 'Inside'}
    return '\n'.join(
        f'<nav aria-label="{title}"><h2>{title}</h2>{list_links([p for p in pages if p.group == group], current)}</nav>'
        for group, title in titles.items()
    )


def make_page(root, page, pages, images):
    names = {p.source: p.name for p in pages}
    body = convert(root, page)
    add_ids(body)
    lead_to_pages(body, page, pages, images)
    link_manuals(body, names)
    wrap_tables(body)
    if page.name != 'index.html':
        contents(body)
    return serialise(body)


def main():
    root, out, version, *images = sys.argv[1:]
    pages = read_list(root)
    with open(os.path.join(root, 'doc/html/page.html'), encoding='utf-8') as file:
        template = file.read()
    for page in pages:
        parts = {
            'TITLE': html.escape(page.title if page.title == 'Grus' else page.title + ' – Grus'),
            'GUIDE': list_links([p for p in pages if p.group == 'guide'], page),
            'BODY': make_page(root, page, pages, images),
            'FURTHER': list_further(pages, page),
            'VERSION': html.escape(version),
        }
        with open(os.path.join(out, page.name), 'w', encoding='utf-8') as file:
            file.write(re.sub('@([A-Z]+)@', lambda match: parts[match[1]], template))
    for path in ['doc/html/style.css', *images]:
        shutil.copyfile(os.path.join(root, path), os.path.join(out, os.path.basename(path)))


main()
