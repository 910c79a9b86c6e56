"""Rows that speak of a line of the sources by its file, its function and its text, so that they hold
when lines move: (file, function, text, …)."""

import functools
import re

FUNCTION = re.compile(r"\b(\w+)\(")


class Source:
    def __init__(self, root, path):
        self.path = path
        self.lines = [""] + (root / path).read_text().splitlines()
        self.functions = self._functions()

    def _functions(self):
        """The function of each line; the house's format has its braces alone in the first column."""
        names, name = [], ""
        for number, line in enumerate(self.lines):
            if line == "{":
                name = self._name_before(number)
                names[number - 1] = name
            names.append(name)
            if line == "}":
                name = ""
        return names

    def _name_before(self, number):
        """The head of a function may take several lines: its first one is not indented."""
        while number > 1 and (self.lines[number - 1].startswith(" ") or "(" not in self.lines[number - 1]):
            number -= 1
        found = FUNCTION.search(self.lines[number - 1])
        return found[1] if found else ""

    def text(self, number):
        return self.lines[number].strip()

    def function_at(self, number):
        return self.functions[number]

    def row_at(self, number, rows):
        """The first of `rows` that speaks of this line."""
        place = (self.path, self.function_at(number), self.text(number))
        return next((row for row in rows if row[:3] == place), None)

    def has(self, function, text):
        return any(self.functions[i] == function and line.strip() == text for i, line in enumerate(self.lines))


def check(root, rows):
    """Reports rows whose line is gone; the status to end with."""
    source_of = functools.cache(lambda path: Source(root, path))
    gone = [row for row in rows if not (root / row[0]).is_file() or not source_of(row[0]).has(row[1], row[2])]
    for path, function, text, *_ in gone:
        print(f"{path}: {function}: no such line: {text}")
    if not gone:
        print(f"{len(rows)} rows have their lines")
    return 1 if gone else 0
