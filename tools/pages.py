"""Run the documentation: every example is executed and every output shown is a real one.

In a page, every fenced block of the language `python` is executed, in order, in one namespace; `py` is only shown.
A block with a title is a file of that name; those without one are typed one after the other into example.py.
What a page shows besides prose is computed:

    <!-- output -->           before a block: what the code before it printed
    <!-- error -->            before a block: the error that the code before it raises
    <!-- table: name -->      up to <!-- end -->: the result of `name` in tables.py or python_tables.py

Run:  python -m tools.pages              fails where a page is not what its code produces
      python -m tools.pages --update     rewrites the pages

In:  README.md, CONTRIBUTING.md, docs/*.md.   Out: the same pages, fresh.
Not here: building the site (mkdocs.yml).
"""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

from tools import python_tables, tables

ROOT = Path(__file__).parents[1]
MARKERS = ("<!-- output -->", "<!-- error -->")
TABLE = re.compile(r"<!-- table: (\w+) -->")
END = "<!-- end -->"
TITLE = re.compile(r'title="([^"]+)"')


def pages() -> list[Path]:
    """All pages that are executed."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def render(text: str) -> str:
    """The page with its outputs and tables as its code produces them."""
    return "\n".join(_rendered(iter(text.split("\n")), Session()))


def _rendered(lines: Iterator[str], session: Session) -> Iterator[str]:
    marker = ""
    for line in lines:
        yield line
        if found := TABLE.fullmatch(line.strip()):
            yield _table(found[1])
            _block(lines, END)
            yield END
        elif line.startswith("```"):
            body = _block(lines, "```")
            if marker:
                body = session.output_after(marker)
            elif line.startswith("```python"):
                title = TITLE.search(line)
                session.run(body, title[1] if title else None)
            yield from body
            yield "```"
        if line.strip():
            marker = line if line in MARKERS else ""
    session.finish()


def _table(name: str) -> str:
    holder = python_tables if hasattr(python_tables, name) else tables
    made: str = getattr(holder, name)()
    return made


def _block(lines: Iterator[str], end: str) -> list[str]:
    body = []
    for line in lines:
        if line == end:
            return body
        body.append(line)
    raise ValueError(f"a block has no {end}")


class Session:
    """The namespace of one page, and what its last block printed or raised."""

    def __init__(self) -> None:
        self.module = types.ModuleType("example")
        self.typed: list[str] = []
        self.printed = ""
        self.error: Exception | None = None

    def run(self, body: list[str], title: str | None) -> None:
        """Execute a block, from a file that `inspect` and tracebacks can read."""
        self.finish()
        if title is None:
            start, name = len(self.typed), "example.py"
            self.typed += [*body, ""]
            text = "\n".join(self.typed)
        else:
            start, name = 0, title
            text = "\n".join(body) + "\n"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        sys.modules[self.module.__name__] = self.module
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output):
                exec(compile("\n" * start + "\n".join(body), name, "exec"), self.module.__dict__)
        except Exception as error:  # noqa: BLE001 (shown by the page, or raised by finish)
            self.error = error
        self.printed = output.getvalue()

    def output_after(self, marker: str) -> list[str]:
        """Lines of what the last block printed, or of the error it raised."""
        if marker == MARKERS[0]:
            self.finish()
            text, self.printed = self.printed, ""
        else:
            if self.error is None:
                raise ValueError(f"no error was raised where the page shows one:\n{self.typed}")
            text, self.error = str(self.error), None
        return text.rstrip("\n").split("\n")

    def finish(self) -> None:
        """An error that the page does not show is an error of the page."""
        if self.error is not None:
            raise self.error


def main() -> int:
    """Compare or rewrite all pages."""
    update = "--update" in sys.argv[1:]
    stale = []
    for path in pages():
        before = path.read_text(encoding="utf-8")
        after = render(before)
        if after != before:
            stale.append(path.relative_to(ROOT))
            if update:
                path.write_text(after, encoding="utf-8")
    verb = "rewritten" if update else "stale (run `python -m tools.pages --update` and read the difference)"
    for path in stale:
        print(f"{path}: {verb}")
    return 0 if update or not stale else 1


if __name__ == "__main__":
    sys.exit(main())
