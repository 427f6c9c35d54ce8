// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does a page look? One style sheet for everything in train/report. Main thread.

#include "train/report/html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// In parts, each within the string length that C11 guarantees (4095 bytes). s0 to s7 colour
/// lines and their names in legends: recording, model, difference, then others.
static const char* const style[] = {
    ":root{color-scheme:light dark;--page:#fbfaf7;--ink:#1d1d1b;--soft:#6d6a63;--rule:#dedad0;"
    "--card:#fff;--s0:#1d1d1b;--s1:#c2410c;--s2:#2563a8;--s3:#7c3aed;--s4:#0f766e;--s5:#b45309;"
    "--s6:#be185d;--s7:#4d7c0f}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#171614;--ink:#eae6dc;--soft:#9a958a;"
    "--rule:#393631;--card:#201f1c;--s0:#eae6dc;--s1:#fb923c;--s2:#7cb5f0;--s3:#b79cf7;"
    "--s4:#5ec9bd;--s5:#f0b95b;--s6:#f28ab8;--s7:#a8cf6a}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--page);"
    "color:var(--ink);font:1rem/1.55 system-ui,sans-serif}\n"
    "h1{font-size:2rem;line-height:1.2;margin:0}h2{font-size:1.25rem;margin:0 0 .25rem}"
    "h3{font-size:1rem;margin:1.25rem 0 .25rem}\n"
    "p{margin:.25rem 0 .75rem;max-width:46rem}.soft{color:var(--soft)}\n"
    "section{margin-top:2.5rem;padding-top:1.25rem;border-top:1px solid var(--rule)}\n"
    ".score{display:flex;flex-wrap:wrap;gap:1.25rem 2.5rem;margin:1.25rem 0}"
    ".score b{display:block;font-size:1.6rem;font-variant-numeric:tabular-nums}"
    ".verdict{font-size:1.2rem;margin-top:.5rem}\n",
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:"
    "tabular-nums}\n"
    "th,td{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--rule);"
    "vertical-align:top}th{color:var(--soft);font-weight:500}#scores{font-size:.93rem}"
    "td.n,th.n{text-align:right;white-space:nowrap}.findings "
    "td:nth-child(-n+2){white-space:nowrap}\n"
    ".ok{color:var(--s4)}.note,.fixed{color:var(--s5)}.stop{color:var(--s6);font-weight:700}\n"
    "figure{margin:.75rem 0 1.25rem}figcaption{color:var(--soft);font-size:.9rem;margin-top:.25rem}"
    "\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.1rem .75rem;font-size:.9rem;margin:0}"
    ".legend span::before{content:'';display:inline-block;width:.8rem;height:.2rem;"
    "margin-right:.3rem;vertical-align:.25rem;background:currentColor}\n"
    ".chart{background:var(--card);border:1px solid var(--rule);border-radius:4px;"
    "padding:.75rem .9rem 2.6rem 4.6rem;font-size:.72rem;line-height:1;color:var(--soft)}"
    ".chart>div{position:relative;width:100%;min-height:8.5rem}.chart "
    "svg{position:absolute;width:100%;"
    "height:100%;overflow:visible}.chart span{position:absolute;white-space:nowrap}\n"
    ".xs span{top:calc(100% + .5rem);transform:translateX(-50%)}"
    ".xs .axis{left:50%;top:calc(100% + 1.6rem)}"
    ".ys span{right:calc(100% + .4rem);transform:translateY(50%)}"
    ".ys .axis{right:calc(100% + 3.65rem);bottom:50%;writing-mode:vertical-rl;"
    "transform:translateY(50%) rotate(180deg)}\n"
    ".grid{stroke:var(--rule);stroke-width:1;vector-effect:non-scaling-stroke}"
    "svg path{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round;"
    "vector-effect:non-scaling-stroke}\n"
    ".s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}"
    ".s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}\n",
    ".map{display:grid;grid-template-columns:5rem 1fr;gap:0 .5rem;align-items:center;"
    "margin:.25rem 0}.map span{color:var(--soft);font-size:.85rem;text-align:right}"
    ".map svg{display:block;width:100%;background:var(--card);border-radius:3px}"
    ".map svg path{stroke-width:1}"
    ".map img{display:block;width:100%;image-rendering:pixelated;border-radius:3px}\n"
    ".map .scale,.times{display:flex;justify-content:space-between}"
    ".map .scale{flex-direction:column;height:100%;line-height:1.1}"
    ".map .scale span:not(:nth-child(2)),.times{font-size:.72rem}\n"
    ".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:0 1.25rem}"
    ".pair .legend{font-size:.8rem}\n"
    "audio{width:100%;height:2.25rem}\n"
    "@media(max-width:40rem){.map{grid-template-columns:4.5rem 1fr}#scores{font-size:.8rem}"
    "#scores tr{display:grid;grid-template-columns:repeat(4,1fr);border-bottom:1px solid "
    "var(--rule)}#scores td,#scores th{border:0;white-space:normal}"
    "#scores :first-child{grid-column:1/-1}.findings tr{display:grid;"
    "grid-template-columns:3rem 7rem 1fr;border-bottom:1px solid var(--rule)}"
    ".findings td{border:0}.findings .soft{grid-column:2/-1}.findings td:empty{display:none}}\n"};

void
html_begin(FILE* const out, const char* const title)
{
  (void)fputs(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" HTML_GENERATOR "\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>",
      out);
  html_text(out, title);
  (void)fputs("</title>\n<style>\n", out);
  for (size_t i = 0; i < sizeof(style) / sizeof(style[0]); ++i) {
    (void)fputs(style[i], out);
  }
  (void)fputs("</style>\n</head>\n<body>\n", out);
}

void
html_end(FILE* const out)
{
  (void)fputs("</body>\n</html>\n", out);
}

static void
write_character(FILE* const out, const char c)
{
  switch (c) {
  case '&':
    (void)fputs("&amp;", out);
    break;
  case '<':
    (void)fputs("&lt;", out);
    break;
  case '>':
    (void)fputs("&gt;", out);
    break;
  case '"':
    (void)fputs("&quot;", out);
    break;
  default:
    (void)fputc(c, out);
  }
}

void
html_text(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    write_character(out, *c);
  }
}

void
html_text_with_numbers(FILE* const out, const char* const text)
{
  char before = ' ';
  for (const char* c = text; *c; before = *c++) {
    const bool is_minus = *c == '-' && strchr(" (", before) && isdigit((unsigned char)c[1]);
    if (is_minus) {
      (void)fputs("−", out);
    } else {
      write_character(out, *c);
    }
  }
}

void
html_begin_section(FILE* const out, const char* const heading, const char* const paragraph)
{
  (void)fprintf(out, "<section>\n<h2>%s</h2>\n<p>%s</p>\n", heading, paragraph);
}

void
html_end_section(FILE* const out)
{
  (void)fputs("</section>\n", out);
}

void
html_data(FILE* const out, const char* const type, const void* const bytes, const size_t size)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint8_t* const b = (const uint8_t*)bytes;
  (void)fprintf(out, "data:%s;base64,", type);
  for (size_t i = 0; i < size; i += 3) {
    const size_t left = size - i;
    const uint32_t three = (uint32_t)b[i] << 16U | (left > 1 ? (uint32_t)b[i + 1] << 8U : 0U) |
                           (left > 2 ? (uint32_t)b[i + 2] : 0U);
    (void)fputc(digits[three >> 18U], out);
    (void)fputc(digits[three >> 12U & 63U], out);
    (void)fputc(left > 1 ? digits[three >> 6U & 63U] : '=', out);
    (void)fputc(left > 2 ? digits[three & 63U] : '=', out);
  }
}
